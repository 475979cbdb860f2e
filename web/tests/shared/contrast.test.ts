import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const TOKENS = readFileSync(join(import.meta.dirname, '../../src/shared/styles/tokens.css'), 'utf8')

function theme(name: string): Record<string, string> {
  const block = TOKENS.split(`[data-theme='${name}'] {`)[1]!.split('}')[0]!
  return Object.fromEntries(
    [...block.matchAll(/--rd-([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1]!, match[2]!]),
  )
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['ground', 'surface', 'raised']
const TEXTS = ['ink', 'ink-2', 'ink-3', 'blue', 'green', 'amber', 'red']
const PAIRS = [
  ['on-blue', 'blue'],
  ['on-blue', 'blue-hover'],
  ['on-red-fill', 'red-fill'],
  ['on-red', 'red'],
  ['on-bar', 'bar'],
  ['on-bar-2', 'bar'],
  ['ink', 'blue-soft'],
  ['blue', 'blue-soft'],
  ['green', 'green-soft'],
  ['amber', 'amber-soft'],
  ['ink', 'red-soft'],
  ['ink-2', 'sunken'],
  ['ink-3', 'sunken'],
]

describe.each(['light', 'dark'])('contrast of the %s theme (WCAG 2.2 AA)', (name) => {
  const tokens = theme(name)

  it.each(GROUNDS.flatMap((ground) => TEXTS.map((text) => [text, ground] as const)))(
    'text %s on %s',
    (text, ground) => {
      expect(contrast(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(PAIRS)('text %s on %s', (text, ground) => {
    expect(contrast(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['line-strong', 'focus', 'time-calm', 'time-notice', 'time-critical'])(
    'sign %s on the surface',
    (sign) => {
      expect(contrast(tokens[sign]!, tokens.surface!)).toBeGreaterThanOrEqual(3)
    },
  )
})
