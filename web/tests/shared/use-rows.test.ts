import { afterEach, describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { useRows } from '@/shared/forms/useRows'

interface Row {
  name: string
}

function rowsOf(...names: string[]) {
  const rows = ref<Row[]>(names.map((name) => ({ name })))
  const of = {
    path: 'victims',
    first: 'name' as const,
    empty: () => ({ name: '' }),
    isBlank: (row: Row) => !row.name,
  }
  return { rows, ...useRows(rows, of) }
}

describe('rows of a form', () => {
  afterEach(() => document.body.replaceChildren())

  it('begins a new row and puts the cursor into its first cell', async () => {
    document.body.innerHTML = '<input id="field-victims-0-name" /><input id="field-victims-1-name" />'
    const { rows, add } = rowsOf('甲')
    await add()
    expect(rows.value).toEqual([{ name: '甲' }, { name: '' }])
    expect(document.activeElement?.id).toBe('field-victims-1-name')
  })

  it('goes on in a last row that is still blank', async () => {
    document.body.innerHTML = '<input id="field-victims-1-name" />'
    const { rows, add } = rowsOf('甲', '')
    await add()
    expect(rows.value).toHaveLength(2)
    expect(document.activeElement?.id).toBe('field-victims-1-name')
  })

  it('takes one row away, and is never without one', () => {
    const { rows, remove } = rowsOf('甲', '乙')
    remove(0)
    expect(rows.value).toEqual([{ name: '乙' }])
    remove(0)
    expect(rows.value).toEqual([{ name: '' }])
  })
})
