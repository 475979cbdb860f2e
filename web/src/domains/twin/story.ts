import type { StoryAct, StoryCase, StorySide, Way } from '@/api/types/twin'

/** Stands for the victim where an account is expected. */
export const VICTIM = -1
/** Stands for whoever gets money that leaves the rooms' accounts. */
export const OUT = -1

export const SIDES = ['a', 'b'] as const
export const WAYS: readonly Way[] = ['cash', 'crypto', 'spent', 'other']

/** Where the victim's money is at a moment: `sent` = `loose` + `held` + `gone`, always. */
export interface Money {
  sent: number
  /** in rooms' accounts that nobody has stopped */
  loose: number
  /** in accounts that are stopped */
  held: number
  gone: number
  /** by way out */
  ways: Record<Way, number>
  /** by account */
  there: number[]
  /** by account: money of the victim has been there */
  reached: boolean[]
}

/** The payments of a story as rows. */
function* moves(side: StorySide) {
  const { at = [], payer = [], payee = [], fen = [], way = [] } = side.moves
  for (let row = 0; row < at.length; row++) {
    yield { at: at[row]!, payer: payer[row]!, payee: payee[row]!, fen: fen[row]!, way: way[row]! }
  }
}

/** Whether an order has been carried out by a moment. */
function landed(act: StoryAct, at: number): boolean {
  return act.outcome !== null && act.lands <= at
}

function stops(act: StoryAct, at: number): boolean {
  return act.action === 'stop' && act.outcome === 'done' && landed(act, at)
}

/** Where the money of a case with so many accounts is at a moment, that moment included. */
export function moneyAt(side: StorySide, accounts: number, at: number): Money {
  const there = new Array<number>(accounts).fill(0)
  const reached = new Array<boolean>(accounts).fill(false)
  const ways: Record<Way, number> = { cash: 0, crypto: 0, spent: 0, other: 0 }
  let sent = 0
  let gone = 0
  for (const move of moves(side)) {
    if (move.at > at) break
    if (move.payer === VICTIM) sent += move.fen
    else there[move.payer]! -= move.fen
    if (move.payee === OUT) {
      gone += move.fen
      ways[move.way || 'other'] += move.fen
    } else {
      there[move.payee]! += move.fen
      reached[move.payee] = true
    }
  }
  const stopped = new Set(side.acts.filter((act) => stops(act, at)).map((act) => act.account))
  const held = [...stopped].reduce((sum, account) => sum + (there[account] ?? 0), 0)
  const all = there.reduce((sum, fen) => sum + fen, 0)
  return { sent, loose: all - held, held, gone, ways, there, reached }
}

export type Standing = 'stopped' | 'underway' | 'refused' | ''

/** What has become of an account: stopped, a stop on its way, refused; and whether its statement is here. */
export function standingAt(
  side: StorySide,
  account: number,
  at: number,
): { stop: Standing; statement: boolean } {
  let stop: Standing = ''
  let statement = false
  for (const act of side.acts) {
    if (act.account !== account || act.begun > at) continue
    if (act.action === 'ask') statement ||= act.outcome === 'done' && landed(act, at)
    if (act.action !== 'stop' || stop === 'stopped') continue
    stop = !landed(act, at) ? 'underway' : act.outcome === 'done' ? 'stopped' : 'refused'
  }
  return { stop, statement }
}

/** What an officer does: writes an order of this case, works on another case, or is free. */
export type Busy = { act: StoryAct } | 'elsewhere' | null

/** What each of `officers` does at a moment of `place`'s clock; the cases of the world share them. */
export function busyAt(
  cases: readonly StoryCase[],
  place: number,
  name: 'a' | 'b',
  officers: number,
  at: number,
): Busy[] {
  const found = new Array<Busy>(officers).fill(null)
  const mine = cases[place]?.[name]
  if (!mine) return found
  cases.forEach((one, number) => {
    const side = one[name]
    const then = side ? at + mine.hour - side.hour : 0
    for (const act of side?.acts ?? []) {
      if (act.begun <= then && then < act.sent) found[act.officer] = number === place ? { act } : 'elsewhere'
    }
  })
  return found
}

export type Line =
  | { kind: 'paid'; at: number; fen: number; account: number }
  | { kind: 'left'; at: number; until: number; way: Way; fen: number; count: number }
  | { kind: 'reported'; at: number }
  | { kind: 'sent'; at: number; act: StoryAct }
  | { kind: 'answered'; at: number; act: StoryAct }

/** What can be told of a case, in order; movements between accounts are seen in the accounts instead. */
export function linesOf(side: StorySide): Line[] {
  const lines: Line[] = []
  for (const { at, payer, payee, fen, way } of moves(side)) {
    if (payer === VICTIM) lines.push({ kind: 'paid', at, fen, account: payee })
    else if (payee === OUT) lines.push({ kind: 'left', at, until: at, way: way || 'other', fen, count: 1 })
  }
  lines.push({ kind: 'reported', at: side.reported })
  for (const act of side.acts) {
    if (act.outcome !== null) lines.push({ kind: 'answered', at: act.lands, act })
    lines.push({ kind: 'sent', at: act.sent, act })
  }
  const order = { paid: 0, left: 0, reported: 1, answered: 2, sent: 3 }
  return lines.sort((one, other) => one.at - other.at || order[one.kind] - order[other.kind])
}

/** The lines told by a moment, the latest first; payments out by one way that follow each other are one line. */
export function toldBy(lines: readonly Line[], at: number): Line[] {
  const told: Line[] = []
  for (const line of lines) {
    if (line.at > at) break
    const last = told.at(-1)
    if (line.kind === 'left' && last?.kind === 'left' && last.way === line.way) {
      told[told.length - 1] = {
        ...last,
        until: line.at,
        fen: last.fen + line.fen,
        count: last.count + line.count,
      }
    } else told.push(line)
  }
  return told.reverse()
}

/** The moments at which something happens under either setting, in order; the last is when the case is judged. */
export function stepsOf(found: StoryCase): number[] {
  const at = new Set([0])
  for (const side of [found.a, found.b]) {
    if (!side) continue
    for (const move of moves(side)) at.add(move.at)
    for (const line of linesOf(side)) at.add(line.at)
    at.add(side.end)
  }
  const end = endOf(found)
  return [...at].filter((one) => one <= end).sort((one, other) => one - other)
}

export function endOf(found: StoryCase): number {
  return Math.max(found.a?.end ?? 0, found.b?.end ?? 0)
}

/** How many of `steps` have come by a moment, less one: the place on the slider. */
export function placeOf(steps: readonly number[], at: number): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle]! <= at) low = middle + 1
    else high = middle
  }
  return Math.max(low - 1, 0)
}

/** The next moment at which something happens, or the last. */
export function following(steps: readonly number[], at: number): number {
  return steps[Math.min(placeOf(steps, at) + 1, steps.length - 1)] ?? 0
}

/** The moment before. */
export function preceding(steps: readonly number[], at: number): number {
  const place = placeOf(steps, at)
  return steps[steps[place]! < at ? place : Math.max(place - 1, 0)] ?? 0
}

/** After so many real seconds nothing happening is skipped, if skipping is on. */
const QUIET_S = 3

/** Where the clock stands `seconds` of real time later at a speed; `skip`: shortly before the next thing, if it is far. */
export function later(
  steps: readonly number[],
  at: number,
  seconds: number,
  speed: number,
  skip: boolean,
): number {
  const end = steps.at(-1) ?? 0
  const next = following(steps, at)
  const on = at + seconds * speed
  if (skip && next > at && next - at > QUIET_S * speed) return Math.max(on, next - speed)
  return Math.min(on, end)
}

/** What a world's cases came to under a setting when they were judged, counted from what was shown. */
export function sumsOf(cases: readonly StoryCase[], name: 'a' | 'b'): { lost: number; saved: number } {
  const ends = cases.flatMap((one) => {
    const side = one[name]
    return side ? [moneyAt(side, one.accounts.length, side.end)] : []
  })
  return {
    lost: ends.reduce((sum, one) => sum + one.sent, 0),
    saved: ends.reduce((sum, one) => sum + one.held, 0),
  }
}
