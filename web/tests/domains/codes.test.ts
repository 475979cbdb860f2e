import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from '@/locales/en'
import zh from '@/locales/zh-CN'
import { agentName } from '@/domains/people/agent'

const BACKEND = join(import.meta.dirname, '../../../src/rongdun')
const keyOf = (code: string) => code.replace(/[.-]/g, '_')

/** Every action the program puts on record under a name that stands in its text. */
function actions(): string[] {
  const files = readdirSync(BACKEND, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.py'),
  )
  const found = files.flatMap((one) => [
    ...readFileSync(join(BACKEND, one), 'utf8').matchAll(/\brecord\(\s*(?:uow, )?"([a-z_]+(?:\.[a-z_]+)?)"/g),
  ])
  return [...new Set(found.map((match) => match[1]!))]
}

const table = readFileSync(join(BACKEND, 'data/roles.toml'), 'utf8')

/** Every permission that a page asks for. */
function permissions(): string[] {
  const pages = join(import.meta.dirname, '../../src/domains')
  const files = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('routes.ts'),
  )
  const text = files.map((one) => readFileSync(join(pages, one), 'utf8')).join()
  return [...new Set([...text.matchAll(/permission: '([a-z.]+)'/g)].map((match) => match[1]!))]
}

describe('words for what the program names', () => {
  it('has them for every audited action, in both languages', () => {
    expect(actions().length).toBeGreaterThan(20)
    for (const words of [zh, en]) {
      const known = Object.keys(words.audit.actions)
      expect(
        actions()
          .map(keyOf)
          .filter((one) => !known.includes(one)),
      ).toEqual([])
    }
  })

  it('names every permission that a page asks for', () => {
    expect(permissions().length).toBeGreaterThan(5)
    for (const words of [zh, en]) {
      const known = Object.keys(words.forbidden.permissions)
      expect(
        permissions()
          .map(keyOf)
          .filter((one) => !known.includes(one)),
      ).toEqual([])
    }
  })
})

describe('roles', () => {
  it('are called what the table of roles calls them', () => {
    for (const [words, column] of [
      [zh, 'zh'],
      [en, 'en'],
    ] as const) {
      const shape = new RegExp(`^\\[roles\\.(\\w+)\\][^[]*?^${column} = "(.+)"$`, 'gm')
      const named = [...table.matchAll(shape)].map((match) => [match[1], match[2]])
      expect(named.length).toBeGreaterThan(10)
      expect(words.people.roleName).toEqual(Object.fromEntries(named))
    }
  })
})

describe('the name of a device', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
      'Chrome 138 · Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
      'Edge 138 · Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140 · Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari 18 · iOS',
    ],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['', ''],
  ])('of %s is %s', (header, name) => {
    expect(agentName(header)).toBe(name)
  })
})
