/** Drafts kept on this computer, apart for each person, so that a crash or a lost line costs nothing typed. */
export interface StoredDraft<T = unknown> {
  value: T
  saved_at: string
}

const PREFIX = 'rongdun.draft.'

function keyOf(user: string, formKey: string): string {
  return `${PREFIX}${user}.${formKey}`
}

export function readDraft<T>(user: string, formKey: string): StoredDraft<T> | null {
  const text = localStorage.getItem(keyOf(user, formKey))
  if (!text) return null
  try {
    return JSON.parse(text) as StoredDraft<T>
  } catch {
    localStorage.removeItem(keyOf(user, formKey))
    return null
  }
}

/** Keeps a draft; false when the browser has no room left for it. */
export function writeDraft<T>(user: string, formKey: string, draft: StoredDraft<T>): boolean {
  try {
    localStorage.setItem(keyOf(user, formKey), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function removeDraft(user: string, formKey: string): void {
  localStorage.removeItem(keyOf(user, formKey))
}

/** Clears a person's drafts from this computer (they sign out; the server keeps its copy). */
export function forgetDrafts(user: string): void {
  const own = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${user}.`))
  own.forEach((key) => localStorage.removeItem(key))
}

/** The newer of two drafts; either may be missing. */
export function newer<T>(one: StoredDraft<T> | null, other: StoredDraft<T> | null): StoredDraft<T> | null {
  if (!one || !other) return one ?? other
  return Date.parse(other.saved_at) > Date.parse(one.saved_at) ? other : one
}
