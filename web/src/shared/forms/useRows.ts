import { nextTick, type Ref } from 'vue'
import { fieldId } from './field'

interface Kind<Row> {
  /** The path of the rows in the form, and the cell a new one is begun in. */
  path: string
  first: keyof Row & string
  empty: () => Row
  isBlank: (row: Row) => boolean
}

/** Rows of a form, at least one: adding goes on in the last if that is still blank, and puts the cursor there. */
export function useRows<Row>(rows: Ref<Row[]>, { path, first, empty, isBlank }: Kind<Row>) {
  async function add(): Promise<void> {
    if (!isBlank(rows.value.at(-1)!)) rows.value = [...rows.value, empty()]
    await nextTick()
    document.getElementById(fieldId(`${path}.${rows.value.length - 1}.${first}`))?.focus()
  }

  function remove(place: number): void {
    const rest = rows.value.filter((_, one) => one !== place)
    rows.value = rest.length ? rest : [empty()]
  }

  return { add, remove }
}
