import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { useMedia } from '@/shared/useMedia'
import { following, later, placeOf, preceding } from './story'

export const SPEEDS = [60, 300, 1200] as const
export type Speed = (typeof SPEEDS)[number]

/** With reduced motion time moves in jumps of so many real seconds. */
const JUMP_MS = 1_000
/** A page that was hidden for a while does not leap ahead. */
const MOST_MS = 1_000

/** A clock over the moments of a story: plays at a speed, pauses, steps, goes anywhere; begins anew with other steps. */
export function usePlayer(steps: Readonly<Ref<readonly number[]>>) {
  const at = ref(0)
  const playing = ref(false)
  const speed = ref<Speed>(300)
  const skip = ref(true)
  const calm = useMedia('(prefers-reduced-motion: reduce)')
  const end = computed(() => steps.value.at(-1) ?? 0)
  const place = computed({
    get: () => placeOf(steps.value, at.value),
    set: (one: number) => go(steps.value[one] ?? 0),
  })
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function go(to: number): void {
    pause()
    at.value = Math.min(Math.max(to, 0), end.value)
  }

  function pause(): void {
    playing.value = false
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }

  function play(): void {
    if (playing.value || !end.value) return
    if (at.value >= end.value) at.value = 0
    playing.value = true
    wait(performance.now())
  }

  function wait(since: number): void {
    if (calm.value) timer = setTimeout(() => move(since, performance.now()), JUMP_MS)
    else frame = requestAnimationFrame((now) => move(since, now))
  }

  function move(since: number, now: number): void {
    const seconds = Math.min(Math.max(now - since, 0), MOST_MS) / 1000
    at.value = later(steps.value, at.value, seconds, speed.value, skip.value)
    if (at.value >= end.value) pause()
    else wait(now)
  }

  watch(steps, () => go(0))
  onScopeDispose(pause)

  return {
    at,
    end,
    place,
    playing,
    speed,
    skip,
    go,
    pause,
    toggle: () => (playing.value ? pause() : play()),
    next: () => go(following(steps.value, at.value)),
    previous: () => go(preceding(steps.value, at.value)),
  }
}

export type Player = ReturnType<typeof usePlayer>
