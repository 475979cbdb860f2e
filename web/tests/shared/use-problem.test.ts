import { describe, expect, it } from 'vitest'
import { useProblem } from '@/shared/forms/useProblem'

function later<T>() {
  let settle!: (value: T) => void
  let refuse!: (why: Error) => void
  const promise = new Promise<T>((resolve, reject) => {
    settle = resolve
    refuse = reject
  })
  return { promise, settle, refuse }
}

describe('useProblem', () => {
  it('lets a person act while the page is still reading', async () => {
    const { attempt, look } = useProblem()
    const slow = later<string>()
    const reading = look(() => slow.promise)
    expect(await attempt(async () => 'saved')).toBe('saved')
    slow.settle('list')
    expect(await reading).toBe('list')
  })

  it('takes an act once, however often it is clicked', async () => {
    const { attempt, busy } = useProblem()
    const slow = later<number>()
    const first = attempt(() => slow.promise)
    expect(busy.value).toBe(true)
    expect(await attempt(async () => 2)).toBeUndefined()
    slow.settle(1)
    expect(await first).toBe(1)
  })

  it('keeps the answer to the last search when an earlier one comes later', async () => {
    const { look } = useProblem()
    const [early, late] = [later<string>(), later<string>()]
    const first = look(() => early.promise)
    const second = look(() => late.promise)
    late.settle('late')
    expect(await second).toBe('late')
    early.settle('early')
    expect(await first).toBeUndefined()
  })

  it('forgets a failed reading at the next good one, but not a refused act', async () => {
    const { attempt, look, problem } = useProblem()
    await look(() => Promise.reject(new Error('gone')))
    expect(problem.value).not.toBeNull()
    await look(async () => 'there')
    expect(problem.value).toBeNull()
    await attempt(() => Promise.reject(new Error('refused')))
    await look(async () => 'there')
    expect(problem.value).not.toBeNull()
  })
})
