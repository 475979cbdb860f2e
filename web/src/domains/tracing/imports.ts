import type { ImportFile, LedgerImport } from '@/api/types/tracing'
import type { Tone } from '@/shared/components/StatusTag.vue'

export const IMPORT_STATES = [
  'RECEIVED',
  'READING',
  'REREADING',
  'IMPORTED',
  'IMPORTED_WITH_REJECTS',
  'FAILED',
  'CANCELLED',
  'UNDOING',
  'UNDONE',
] as const

const TONES: Record<string, Tone> = {
  RECEIVED: 'wait',
  READING: 'busy',
  REREADING: 'busy',
  IMPORTED: 'good',
  IMPORTED_WITH_REJECTS: 'wait',
  FAILED: 'bad',
  CANCELLED: 'quiet',
  UNDOING: 'busy',
  UNDONE: 'quiet',
}

export function importTone(state: string): Tone {
  return TONES[state] ?? 'wait'
}

/** Whether somebody still works on it. */
export function inHand(one: Pick<LedgerImport, 'state'>): boolean {
  return ['RECEIVED', 'READING', 'REREADING', 'UNDOING'].includes(one.state)
}

/** How the state of a file is drawn; what can be mended asks for it. */
export function fileTone(file: ImportFile): Tone {
  if (file.state === 'REFUSED') return 'bad'
  if (file.state === 'READ') return 'good'
  return file.state === 'WAITING' ? 'busy' : 'quiet'
}
