import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { noteServerTime, resetClock } from '@/api/clock'
import TimeLeft from '@/shared/time/TimeLeft.vue'
import { mount } from '../mount'

const NOW = Date.parse('2026-03-01T00:00:00Z')
const clock = {
  started_at: '2026-02-28T00:00:00Z',
  due_at: '2026-03-01T00:10:02Z',
  state: 'running',
  level: 'critical',
  legal_basis: '第五条',
}

describe('time left on screen', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
    resetClock()
  })
  afterEach(() => vi.useRealTimers())

  it('counts down by itself and turns over at the due second', async () => {
    const { host, end } = await mount(TimeLeft, { clock })
    expect(host.textContent).toContain('还剩 10 分')
    vi.advanceTimersByTime(3_000)
    await nextTick()
    expect(host.textContent).toContain('还剩 9 分 59 秒')
    vi.advanceTimersByTime(10 * 60_000)
    await nextTick()
    expect(host.textContent).toContain('已超 1 秒')
    end()
  })

  it("goes by the server's clock, not by the desk computer's", async () => {
    noteServerTime(NOW + 5 * 60_000, NOW, NOW)
    const { host, end } = await mount(TimeLeft, { clock })
    expect(host.textContent).toContain('还剩 5 分 02 秒')
    end()
  })

  it('says the level in words too, not by colour alone', async () => {
    const { host, end } = await mount(TimeLeft, { clock })
    expect(host.textContent).toContain('即将到期')
    expect(host.querySelector('svg')).not.toBeNull()
    end()
  })

  it('shows exact times and the legal basis on hover, and hides them on Escape', async () => {
    const { host, end } = await mount(TimeLeft, { clock })
    const root = host.querySelector('.tl-left')!
    root.dispatchEvent(new Event('pointerenter'))
    await nextTick()
    const tip = host.querySelector('[role=tooltip]')!
    expect(tip.textContent).toContain('2026-03-01 08:10:02')
    expect(tip.textContent).toContain('第五条')
    root.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await nextTick()
    expect(host.querySelector('[role=tooltip]')).toBeNull()
    end()
  })
})
