import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from '@/locales/en'
import zh from '@/locales/zh-CN'
import { leaves } from '../words'

const SRC = join(import.meta.dirname, '../../src')
const CJK = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/
const HALF_WIDTH = /[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/
const zhWords = new Map(leaves(zh))
const enWords = new Map(leaves(en))

function sources(directory = SRC): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return entry.name === 'locales' ? [] : sources(path)
    return /\.(ts|vue)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^\s*\/\/.*$/gm, '')
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()
}

/** Keys written out in the code; those built at run time end in a dot or hold `${`. */
function usedKeys(): { path: string; key: string }[] {
  return sources().flatMap((path) => {
    const text = withoutComments(readFileSync(path, 'utf8'))
    const calls = [
      ...text.matchAll(/\bt\(\s*'([\w.-]+)'/g),
      ...text.matchAll(/\btitle: '([a-z]\w*\.[\w.]+)'/g),
    ]
    return calls.map((match) => ({ path, key: match[1]! }))
  })
}

describe('two languages', () => {
  it('have the same keys', () => {
    expect([...enWords.keys()].sort()).toEqual([...zhWords.keys()].sort())
  })

  it('fill the same placeholders', () => {
    for (const [key, text] of zhWords)
      expect(placeholders(enWords.get(key)!), key).toEqual(placeholders(text))
  })

  it('leave nothing empty', () => {
    for (const [key, text] of [...zhWords, ...enWords]) expect(text.trim(), key).not.toBe('')
  })

  it('keep English free of Chinese, but for names of the languages', () => {
    const chinese = [...enWords].filter(([, text]) => CJK.test(text)).map(([key]) => key)
    expect(chinese).toEqual(['app.otherLanguage', 'account.languages.zh-CN'])
  })

  it('use full-width punctuation in Chinese', () => {
    expect([...zhWords].filter(([, text]) => HALF_WIDTH.test(text))).toEqual([])
  })
})

describe('the code', () => {
  it('holds no Chinese outside the locale files', () => {
    const offenders = sources().filter((path) => CJK.test(withoutComments(readFileSync(path, 'utf8'))))
    expect(offenders).toEqual([])
  })

  it('only asks for words that exist', () => {
    const keys = usedKeys()
    expect(keys.length).toBeGreaterThan(200)
    expect(keys.filter(({ key }) => !zhWords.has(key))).toEqual([])
  })
})
