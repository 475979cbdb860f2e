import { onMounted, onUnmounted } from 'vue'
import { usePrefs } from '@/shared/stores/prefs'

export type KeyMap = Record<string, (event: KeyboardEvent) => void>

const CHORD_MS = 900

/** The name of a key press as the maps write it: `ctrl+k`, `?`, `ArrowDown`, `a`. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const command = event.ctrlKey || event.metaKey ? 'ctrl+' : ''
  return `${command}${event.altKey ? 'alt+' : ''}${key}`
}

/** Whether the keys pressed go into a field, where a letter is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

function dialogOpen(): boolean {
  return document.querySelector('[aria-modal="true"]:not([style*="display: none"])') !== null
}

/**
 * Answers key presses on the whole page while the component is mounted. Single letters stay silent while typing,
 * under an open dialog, and when a person has switched single-key shortcuts off (WCAG 2.1.4).
 */
export function useHotkeys(map: KeyMap, options: { inDialogs?: boolean } = {}): void {
  const prefs = usePrefs()
  let first = ''
  let firstAt = 0

  function find(event: KeyboardEvent): KeyMap[string] | undefined {
    const name = keyName(event)
    if (name.startsWith('ctrl+')) return map[name]
    if (isTyping(event.target) || !prefs.singleKeys) return undefined
    const chord = event.timeStamp - firstAt < CHORD_MS ? map[`${first} ${name}`] : undefined
    first = name
    firstAt = event.timeStamp
    return chord ?? map[name]
  }

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    if (!options.inDialogs && dialogOpen()) return
    const action = find(event)
    if (!action) return
    event.preventDefault()
    action(event)
  }

  onMounted(() => window.addEventListener('keydown', onKey))
  onUnmounted(() => window.removeEventListener('keydown', onKey))
}
