/** States of relief requests and returns: their order, their tone, and how far a return has come. Pure. */
type Tone = 'good' | 'quiet' | 'busy' | 'wait' | 'bad'

export const RELIEF_STATES = [
  'SUBMITTED',
  'ACCEPTED',
  'VERIFYING',
  'LIFT_FULL',
  'LIFT_PARTIAL',
  'REJECTED',
] as const

export const RETURN_STATES = [
  'CANDIDATE',
  'VICTIM_NOTIFIED',
  'APPLIED',
  'MATERIALS_COMPLETE',
  'TRACED',
  'PUBLIC_NOTICE',
  'OBJECTION',
  'APPROVED_CITY',
  'BANK_NOTICED',
  'PAID',
  'RECEIPT_FILED',
  'CLOSED',
  'WITHDRAWN',
] as const

export function reliefTone(state: string): Tone {
  if (state === 'LIFT_FULL' || state === 'LIFT_PARTIAL') return 'good'
  if (state === 'REJECTED') return 'quiet'
  return state === 'SUBMITTED' ? 'wait' : 'busy'
}

export function returnTone(state: string): Tone {
  if (['PAID', 'RECEIPT_FILED', 'CLOSED'].includes(state)) return 'good'
  if (state === 'WITHDRAWN') return 'quiet'
  if (state === 'OBJECTION') return 'bad'
  return ['PUBLIC_NOTICE', 'BANK_NOTICED'].includes(state) ? 'wait' : 'busy'
}

const WAY = [
  'CANDIDATE',
  'VICTIM_NOTIFIED',
  'APPLIED',
  'MATERIALS_COMPLETE',
  'TRACED',
  'PUBLIC_NOTICE',
  'APPROVED_CITY',
  'BANK_NOTICED',
  'PAID',
  'RECEIPT_FILED',
  'CLOSED',
] as const

export interface Stage {
  key: string
  at: 'past' | 'here' | 'ahead'
}

/** The way of a return for a screen: the public notice stands in it for mode C only. */
export function stages(state: string, mode: string | null): Stage[] {
  const way = WAY.filter((key) => key !== 'PUBLIC_NOTICE' || mode === 'C' || state === 'PUBLIC_NOTICE')
  const here = way.indexOf((state === 'OBJECTION' ? 'PUBLIC_NOTICE' : state) as (typeof WAY)[number])
  return way.map((key, place) => ({
    key,
    at: state === 'WITHDRAWN' || place > here ? 'ahead' : place === here ? 'here' : 'past',
  }))
}

/** A clock as every screen reads it, of a record that knows only when it began and when it is due. */
export function clockOf(started: string, due: string, closed: string | null, now = Date.now()) {
  const late = closed ? Date.parse(closed) > Date.parse(due) : Date.parse(due) < now
  const state = closed ? (late ? 'missed' : 'met') : 'running'
  return { started_at: started, due_at: due, state, level: 'calm', steps: stepsOf(started, due) }
}

/** Half, a quarter and a tenth left raise the step of colour, as where the policy table names none. */
function stepsOf(started: string, due: string): { level: string; at: string }[] {
  const [from, to] = [Date.parse(started), Date.parse(due)]
  const at = (left: number) => new Date(to - (to - from) * left).toISOString()
  return [
    { level: 'notice', at: at(0.5) },
    { level: 'urgent', at: at(0.25) },
    { level: 'critical', at: at(0.1) },
  ]
}
