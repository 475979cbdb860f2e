import { computed, markRaw, reactive } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import { upload } from '@/api/upload'
import type { Picked } from './drop'

export type UploadState = 'waiting' | 'sending' | 'done' | 'refused'

export interface Upload extends Picked {
  id: number
  state: UploadState
  part: number
  sha256: string
  problem: Problem | null
}

const AT_ONCE = 3
let next = 1

/**
 * The files on their way to the server. They belong to the window, not to the page: whoever looks elsewhere in the
 * meantime finds them again.
 */
const list = reactive<Upload[]>([])
let abort = new AbortController()
let running = 0

const left = computed(() => list.filter((one) => one.state === 'waiting' || one.state === 'sending').length)
const ready = computed(() => list.filter((one) => one.state === 'done'))
const refused = computed(() => list.filter((one) => one.state === 'refused'))
const bytes = computed(() => list.reduce((sum, one) => sum + one.file.size, 0))
const sent = computed(() => list.reduce((sum, one) => sum + one.file.size * one.part, 0))

function add(picked: readonly Picked[]): void {
  const known = new Set(list.map((one) => `${one.path}|${one.file.size}`))
  for (const one of picked) {
    if (known.has(`${one.path}|${one.file.size}`)) continue
    list.push({
      path: one.path,
      file: markRaw(one.file),
      id: next++,
      state: 'waiting',
      part: 0,
      sha256: '',
      problem: null,
    })
  }
  pump()
}

function remove(id: number): void {
  const place = list.findIndex((one) => one.id === id)
  if (place >= 0) list.splice(place, 1)
}

function clear(): void {
  abort.abort()
  abort = new AbortController()
  list.splice(0)
}

function again(one: Upload): void {
  Object.assign(one, { state: 'waiting', part: 0, problem: null })
  pump()
}

function pump(): void {
  while (running < AT_ONCE) {
    const one = list.find((candidate) => candidate.state === 'waiting')
    if (!one) return
    running += 1
    void send(one).finally(() => {
      running -= 1
      pump()
    })
  }
}

async function send(one: Upload): Promise<void> {
  one.state = 'sending'
  try {
    const kept = await upload(one.file, (part) => (one.part = part), abort.signal)
    Object.assign(one, { state: 'done', part: 1, sha256: kept.sha256 })
  } catch (thrown) {
    Object.assign(one, { state: 'refused', problem: asProblem(thrown) })
  }
}

export function useUploads() {
  return { list, left, ready, refused, bytes, sent, add, remove, clear, again }
}
