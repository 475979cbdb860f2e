import { createPinia, disposePinia, setActivePinia, type Pinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '@/api/types/auth'
import type { UnitName } from '@/api/types/units'
import { setLanguage } from '@/shared/i18n'
import { useUnitName } from '@/shared/i18n/useUnitName'
import { useLive } from '@/shared/live/live'
import { useSession } from '@/shared/stores/session'
import { settle } from '../mount'

const GULOU = { id: 'g', name: '鼓楼分局', name_en: 'Gulou Branch' }
const person = (id: string, until = '2026-03-02T12:00:00Z') =>
  ({ user: { id }, session_expires_at: until }) as unknown as Me

/** The live line, as the browser would open it; `say` is the server speaking. */
class Line {
  static last: Line
  readonly heard = new Map<string, (message: { data: string }) => void>()
  constructor() {
    Line.last = this
  }
  addEventListener(name: string, listener: (message: { data: string }) => void) {
    this.heard.set(name, listener)
  }
  close() {}
  say(topic: string) {
    this.heard.get('change')!({ data: JSON.stringify({ topic }) })
  }
}

describe('the name of a unit', () => {
  let pinia: Pinia
  let asked: string[]
  let answers: (() => Promise<Response>)[]
  const tells = (...list: UnitName[]) => answers.push(async () => Response.json(list))

  beforeEach(() => {
    pinia = createPinia()
    setActivePinia(pinia)
    asked = []
    answers = []
    vi.stubGlobal('EventSource', Line)
    vi.stubGlobal('fetch', (request: Request) => {
      asked.push(request.url)
      return answers.shift()!()
    })
  })

  afterEach(async () => {
    disposePinia(pinia)
    vi.useRealTimers()
    vi.unstubAllGlobals()
    await setLanguage('zh-CN')
  })

  async function signedIn(language: 'zh-CN' | 'en', me = person('u1')) {
    await setLanguage(language)
    useSession().me = me
    const name = useUnitName()
    await arrived()
    return name
  }

  /** An answer of the server goes through several promises before it is there. */
  async function arrived() {
    for (let turn = 0; turn < 5; turn += 1) await settle()
  }

  it('is the Chinese one on a Chinese page, and nobody is asked', async () => {
    const name = await signedIn('zh-CN')
    expect([name('鼓楼分局'), name(GULOU), name(null), name(undefined)]).toEqual([
      '鼓楼分局',
      '鼓楼分局',
      '',
      '',
    ])
    expect(asked).toEqual([])
  })

  it('is the English one on an English page, asked for once', async () => {
    tells(GULOU)
    const name = await signedIn('en')
    expect([name('鼓楼分局'), name({ id: 'g', name: '鼓楼分局' })]).toEqual(['Gulou Branch', 'Gulou Branch'])
    expect(useUnitName()('鼓楼分局')).toBe('Gulou Branch')
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain('/api/units/names')
  })

  it('goes by the id where a record has one, though the unit was called otherwise then', async () => {
    tells(GULOU)
    const name = await signedIn('en')
    expect(name({ id: 'g', name: '鼓楼区分局' })).toBe('Gulou Branch')
    expect(name({ id: 'other', name: '鼓楼分局' })).toBe('鼓楼分局')
  })

  it('takes the English name a unit brings along', async () => {
    tells()
    const name = await signedIn('en')
    expect(name({ id: 'x', name: '东街派出所', name_en: 'Dongjie Station' })).toBe('Dongjie Station')
  })

  it('stays Chinese where there is no English one, where two units differ, and while it is asked for', async () => {
    let tell: (told: Response) => void = () => {}
    answers.push(() => new Promise((resolve) => (tell = resolve)))
    const name = await signedIn('en')
    expect(name('鼓楼分局')).toBe('鼓楼分局')
    const twice = (id: string, name_en: string) => ({ id, name: '城关派出所', name_en })
    tell(Response.json([GULOU, twice('a', 'Chengguan A'), twice('b', 'Chengguan B')]))
    await arrived()
    expect([name('鼓楼分局'), name('仓山分局'), name('城关派出所')]).toEqual([
      'Gulou Branch',
      '仓山分局',
      '城关派出所',
    ])
    expect(name({ id: 'b', name: '城关派出所' })).toBe('Chengguan B')
  })

  it('is asked for when somebody turns a Chinese page into English, and not again on the way back', async () => {
    tells(GULOU)
    const name = await signedIn('zh-CN')
    await setLanguage('en')
    await arrived()
    expect(name('鼓楼分局')).toBe('Gulou Branch')
    await setLanguage('zh-CN')
    expect(name('鼓楼分局')).toBe('鼓楼分局')
    await setLanguage('en')
    await arrived()
    expect(asked).toHaveLength(1)
  })

  it('is read anew when a unit was renamed', async () => {
    vi.useFakeTimers()
    tells(GULOU)
    tells({ ...GULOU, name_en: 'Gulou Sub-bureau' })
    const name = await signedIn('en')
    useLive().start()
    Line.last.say('order')
    Line.last.say('unit')
    Line.last.say('unit')
    await vi.advanceTimersByTimeAsync(1_000)
    await arrived()
    expect(name('鼓楼分局')).toBe('Gulou Sub-bureau')
    expect(asked).toHaveLength(2)
    useLive().stop()
  })

  it('is forgotten with whoever was signed in, and read for whoever comes next', async () => {
    tells(GULOU)
    tells()
    const name = await signedIn('en')
    useSession().me = null
    expect(name('鼓楼分局')).toBe('鼓楼分局')
    useSession().me = person('u2')
    await arrived()
    expect([name('鼓楼分局'), asked.length]).toEqual(['鼓楼分局', 2])
  })

  it('is read once more in the next session of the same person', async () => {
    tells(GULOU)
    tells({ ...GULOU, name_en: 'Gulou Sub-bureau' })
    const name = await signedIn('en')
    useSession().me = person('u1')
    await arrived()
    expect(asked).toHaveLength(1)
    useSession().me = person('u1', '2026-03-03T00:00:00Z')
    await arrived()
    expect([name('鼓楼分局'), asked.length]).toEqual(['Gulou Sub-bureau', 2])
  })

  it('does not take what the last person asked for', async () => {
    let tell: (told: Response) => void = () => {}
    answers.push(() => new Promise((resolve) => (tell = resolve)))
    tells()
    const name = await signedIn('en')
    useSession().me = person('u2')
    await arrived()
    tell(Response.json([GULOU]))
    await arrived()
    expect(name('鼓楼分局')).toBe('鼓楼分局')
  })

  it('stays Chinese when it could not be read, and is asked for at the next occasion', async () => {
    answers.push(async () =>
      Response.json({ code: 'down', message: { zh: '停', en: 'down' } }, { status: 503 }),
    )
    tells(GULOU)
    const name = await signedIn('en')
    expect(name('鼓楼分局')).toBe('鼓楼分局')
    await setLanguage('zh-CN')
    await arrived()
    await setLanguage('en')
    await arrived()
    expect(name('鼓楼分局')).toBe('Gulou Branch')
  })
})
