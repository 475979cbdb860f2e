import { computed, ref, type Ref } from 'vue'
import { same, staleOf, type StaleEdit } from './diff'
import { useDraft } from './useDraft'
import { useProblem } from './useProblem'

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

interface Options<T extends object, Saved> {
  /** names the form's draft; the record's id belongs in it */
  key: string
  initial: T
  save: (values: T) => Promise<Saved>
}

/** A form over one record: drafts, refusals on their inputs, and the difference when somebody else was faster. */
export function useRecordForm<T extends object, Saved>(options: Options<T, Saved>) {
  const model = ref(copy(options.initial)) as Ref<T>
  const start = copy(options.initial)
  const { problem, busy, fields, attempt, clear } = useProblem()
  const draft = useDraft<T>(options.key, model, () => copy(start))
  const stale = computed<StaleEdit | null>(() => staleOf(problem.value))
  const dirty = computed(() => !same(model.value, start))

  async function save(): Promise<Saved | undefined> {
    const saved = await attempt(() => options.save(copy(model.value)))
    if (!problem.value) draft.finish()
    return saved
  }

  /** Takes the chosen values and the newer version, and saves again. */
  async function resolve(values: Record<string, unknown>): Promise<Saved | undefined> {
    model.value = { ...model.value, ...values }
    return save()
  }

  void draft.restore()
  return { model, problem, busy, fields, stale, dirty, save, resolve, clear, draft }
}
