import type { Fate } from './graph'

/** The colours of the tree, read from the product's tokens. */
export interface Theme {
  ground: string
  surface: string
  ink: string
  quiet: string
  line: string
  strong: string
  blue: string
  flow: string
  amber: string
  green: string
  red: string
  font: string
}

const TOKENS: Record<keyof Theme, string> = {
  ground: '--rd-ground',
  surface: '--rd-raised',
  ink: '--rd-ink',
  quiet: '--rd-ink-3',
  line: '--rd-line',
  strong: '--rd-line-strong',
  blue: '--rd-blue',
  flow: '--rd-time-calm',
  amber: '--rd-amber-fill',
  green: '--rd-green',
  red: '--rd-red',
  font: '--rd-font',
}

export function themeOf(element: Element): Theme {
  const style = getComputedStyle(element)
  const read = Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()])
  return Object.fromEntries(read) as Theme
}

/** The colour of what lies at a node: amber where it could still be stopped, green where it is. */
export function fillOf(theme: Theme, fate: Fate, frozen: boolean): string {
  if (frozen) return theme.green
  if (fate === 'left') return theme.amber
  return fate === 'source' ? theme.blue : theme.strong
}

/** How strongly a node is tinted: the more of what came is still there, the more. */
export function tintOf(fate: Fate, frozen: boolean, share: number): number {
  if (frozen) return 0.3
  if (fate === 'left') return 0.1 + 0.35 * share
  return fate === 'gone' ? 0.18 : 0
}

/** How a node's border is drawn: what we cannot see beyond is dashed, what the policy stopped at is dotted. */
export function dashOf(fate: Fate): number[] {
  if (fate === 'frontier' || fate === 'limit') return [6, 4]
  return fate === 'hub' ? [2, 3] : []
}
