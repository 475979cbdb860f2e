import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem, plainProblem } from '@/api/problem'
import type { TableQuery } from '@/api/client'
import DataTable from '@/shared/components/DataTable.vue'
import { mount, press, settle } from '../mount'

interface Row {
  id: string
  name: string
}
const ROWS: Row[] = ['甲', '乙', '丙'].map((name, index) => ({ id: String(index), name }))
const COLUMNS = [
  { key: 'name', title: 'people.name', sort: true },
  { key: 'id', title: 'people.code', optional: true },
]
const page = (items: Row[], more = {}) => ({
  items,
  total: items.length,
  total_capped: false,
  page: 1,
  size: 50,
  ...more,
})

let mounted: Awaited<ReturnType<typeof mount>> | null = null
async function show(load: (query: TableQuery) => Promise<unknown>, props: object = {}, path = '/') {
  mounted = await mount(DataTable, { name: 't', label: '单位', columns: COLUMNS, load, ...props }, path)
  await settle()
  return mounted
}
const rowsOf = (host: Element) => [...host.querySelectorAll('tbody tr')]

describe('the table', () => {
  afterEach(() => {
    mounted?.end()
    mounted = null
  })

  it('asks for the page the address bar names', async () => {
    const asked: TableQuery[] = []
    const load = async (query: TableQuery) => (asked.push(query), page(ROWS))
    await show(load, {}, '/?page=3&sort=-name&q=x&filter=name:like:y')
    expect(asked[0]).toEqual({
      page: 3,
      size: 50,
      sort: '-name',
      q: 'x',
      filter: ['name:like:y'],
    })
  })

  it('is walked and opened from the keyboard', async () => {
    const opened: Row[] = []
    const { host } = await show(async () => page(ROWS), {
      openable: true,
      onOpen: (row: Row) => opened.push(row),
    })
    const first = rowsOf(host)[0] as HTMLElement
    expect(first.tabIndex).toBe(0)
    first.focus()
    press(document.activeElement, 'ArrowDown')
    await settle()
    press(document.activeElement, 'j')
    await settle()
    press(document.activeElement, 'j')
    await settle()
    press(document.activeElement, 'Enter')
    expect(opened).toEqual([ROWS[2]])
    expect(rowsOf(host).filter((row) => (row as HTMLElement).tabIndex === 0)).toHaveLength(1)
  })

  it('selects with Space and hands the rows to the bulk action', async () => {
    const { host } = await show(async () => page(ROWS), { selectable: true })
    ;(rowsOf(host)[1] as HTMLElement).focus()
    press(rowsOf(host)[1]!, ' ')
    await settle()
    expect(host.querySelector('.bulk')?.textContent).toContain('已选 1 行')
    expect(rowsOf(host).map((row) => row.getAttribute('aria-selected'))).toEqual(['false', 'true', 'false'])
  })

  it('puts a click on a heading into the address bar', async () => {
    const { host, router } = await show(async () => page(ROWS))
    host.querySelector<HTMLElement>('th .head')!.click()
    await vi.waitFor(() => expect(router.currentRoute.value.query).toEqual({ sort: 'name' }))
    await settle()
    expect(host.querySelector('th')?.getAttribute('aria-sort')).toBe('ascending')
  })

  it('tells an empty table from a filter that found nothing', async () => {
    const { host, end } = await show(async () => page([]), { emptyTitle: '还没有单位' })
    expect(host.textContent).toContain('还没有单位')
    end()
    const filtered = await show(async () => page([]), { emptyTitle: '还没有单位' }, '/?q=zz')
    expect(filtered.host.textContent).toContain('没有符合条件的记录')
  })

  it('says that a line was lost and what a person may not see', async () => {
    const lost = await show(() => Promise.reject(plainProblem('network')))
    expect(lost.host.textContent).toContain('连接不上服务器')
    lost.end()
    const refusal = {
      status: 403,
      code: 'forbidden',
      message: { zh: '无权', en: 'no' },
      extra: { permission: 'unit.read' },
    }
    const forbidden = await show(() => Promise.reject(new ApiProblem(refusal)))
    expect(forbidden.host.textContent).toContain('此页需要“查看单位”权限')
  })

  it('keeps its rows when a refresh fails, and says they may be old', async () => {
    let fail = false
    const { host } = await show(() =>
      fail ? Promise.reject(plainProblem('network')) : Promise.resolve(page(ROWS)),
    )
    fail = true
    host.querySelector<HTMLElement>('button[title="刷新"]')!.click()
    await settle()
    expect(rowsOf(host)).toHaveLength(3)
    expect(host.textContent).toContain('可能已过时')
  })

  it('ignores the answer to a question it no longer asks', async () => {
    const answers: ((rows: Row[]) => void)[] = []
    const load = () => new Promise((resolve) => answers.push((rows) => resolve(page(rows))))
    const { host, router } = await show(load)
    await router.replace('/?q=new')
    await settle()
    answers[1]!([ROWS[1]!])
    await settle()
    answers[0]!(ROWS)
    await settle()
    expect(rowsOf(host).map((row) => row.textContent)).toEqual(['乙'])
  })

  it('does not promise to count past the cap', async () => {
    const { host } = await show(async () => page(ROWS, { total: 10_000, total_capped: true }))
    expect(host.querySelector('footer')?.textContent).toContain('超过 10,000 条')
  })
})
