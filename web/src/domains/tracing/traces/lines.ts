import type { Mark, TraceResult } from '@/api/types/traces'
import { endOf, graphOf } from './graph'

/** An account as a row of the table. Money in fen, `dwell` in seconds. */
export interface AccountLine {
  id: string
  label: string
  name: string
  account: string
  institution: string
  tier: number
  in: number
  out: number
  left: number
  end: string
  dwell: number
  marks: Mark[]
  others: number
  victims: number[]
}

/** A transfer as a row of the table; parties as the tree names them, empty where there is no account. */
export interface TransferLine {
  id: string
  time: string
  payer: string
  payee: string
  amount: number
  share: number
  end: string
  books: string
  hand: boolean
}

/** The accounts that money had reached by `until` (ms), by tier and amount. Pure. */
export function accountLines(result: TraceResult, until: number): AccountLine[] {
  const nodes = graphOf(result, until).nodes.filter((node) => node.kind === 'account')
  nodes.sort((one, two) => one.tier - two.tier || two.inFen - one.inFen)
  return nodes.map((node) => {
    const account = result.accounts[node.place]!
    return {
      id: account.id,
      label: `${account.name} ${account.account}`,
      name: account.name,
      account: account.account,
      institution: account.institution,
      tier: account.tier,
      in: node.inFen,
      out: node.outFen,
      left: node.leftFen,
      end: endOf(account.holdings),
      dwell: Math.max(0, ...account.holdings.map((one) => one.dwell_s)),
      marks: account.marks,
      others: account.others,
      victims: [...node.byVictim.keys()].filter((victim) => (node.byVictim[victim] ?? 0) > 0),
    }
  })
}

/** The transfers made by `until` (ms), in time. Pure. */
export function transferLines(result: TraceResult, until: number): TransferLine[] {
  const found = result.transfers.flatMap((one, place) => {
    if (Date.parse(one.time) > until) return []
    return [
      {
        id: String(place),
        time: one.time,
        payer: partyOf(result, one.payer) || victimsOf(result, one.shares),
        payee: partyOf(result, one.payee),
        amount: one.amount_fen,
        share: one.shares.reduce((sum, [, fen]) => sum + fen, 0),
        end: one.end,
        books: one.books,
        hand: one.hand,
      },
    ]
  })
  return found.sort((one, two) => Date.parse(one.time) - Date.parse(two.time))
}

function partyOf(result: TraceResult, place: number): string {
  const account = result.accounts[place]
  return account ? [account.name, account.account.slice(-4)].filter(Boolean).join(' ') : ''
}

function victimsOf(result: TraceResult, shares: readonly [number, number][] | readonly unknown[]): string {
  return (shares as [number, number][]).map(([victim]) => result.victims[victim] ?? '').join(' · ')
}
