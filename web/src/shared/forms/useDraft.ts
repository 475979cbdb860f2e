import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { client, content, type Sent } from '@/api/client'
import { useSession } from '@/shared/stores/session'
import { same } from './diff'
import { newer, readDraft, removeDraft, writeDraft, type StoredDraft } from './draft-storage'

type JsonValue = Sent<'/api/drafts/{form_key}', 'put'>['value']

const LOCAL_MS = 400
const SERVER_MS = 3_000

const of = (formKey: string) => ({ params: { path: { form_key: formKey } } })

async function fromServer<T>(formKey: string): Promise<StoredDraft<T> | null> {
  const draft = await content(client.GET('/api/drafts/{form_key}', of(formKey))).catch(() => null)
  return draft && { value: draft.value as T, saved_at: draft.saved_at }
}

function toServer(formKey: string, value: object): void {
  client
    .PUT('/api/drafts/{form_key}', { ...of(formKey), body: { value: value as JsonValue } })
    .catch(() => undefined)
}

function offServer(formKey: string): void {
  client.DELETE('/api/drafts/{form_key}', of(formKey)).catch(() => undefined)
}

/**
 * Keeps what is typed into `model` on this computer and on the server, and brings it back: after a crash, a lost
 * line, an ended session, or on another computer. `pristine` is the form untouched; a form equal to it keeps none.
 */
export function useDraft<T extends object>(formKey: string, model: Ref<T>, pristine: () => T) {
  const user = useSession().me?.user.id ?? 'nobody'
  const restoredAt = ref<string | null>(null)
  let localTimer: ReturnType<typeof setTimeout> | undefined
  let serverTimer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function keep(): void {
    if (stopped) return
    const value = JSON.parse(JSON.stringify(model.value)) as T
    if (same(value, pristine())) return drop()
    writeDraft(user, formKey, { value, saved_at: new Date().toISOString() })
    clearTimeout(serverTimer)
    serverTimer = setTimeout(() => toServer(formKey, value), SERVER_MS)
  }

  function drop(): void {
    clearTimeout(localTimer)
    clearTimeout(serverTimer)
    if (readDraft(user, formKey)) offServer(formKey)
    removeDraft(user, formKey)
  }

  /** Looks for a draft and puts it into the form; call once the form's own values are in place. */
  async function restore(): Promise<void> {
    const untouched = pristine()
    const draft = newer(readDraft<T>(user, formKey), await fromServer<T>(formKey))
    if (!draft || same(draft.value, untouched) || !same(model.value, untouched)) return
    model.value = { ...untouched, ...draft.value }
    restoredAt.value = draft.saved_at
  }

  /** Throws the draft away and shows the form untouched. */
  function discard(): void {
    restoredAt.value = null
    model.value = pristine()
    offServer(formKey)
    removeDraft(user, formKey)
  }

  /** The form was saved: nothing is left to keep. */
  function finish(): void {
    stopped = true
    restoredAt.value = null
    clearTimeout(localTimer)
    clearTimeout(serverTimer)
    removeDraft(user, formKey)
    offServer(formKey)
  }

  watch(
    model,
    () => {
      clearTimeout(localTimer)
      localTimer = setTimeout(keep, LOCAL_MS)
    },
    { deep: true },
  )
  onScopeDispose(() => {
    if (localTimer) keep()
  })

  return { restoredAt, restore, discard, finish }
}
