import type { ResultAccount } from '@/api/types/traces'
import { endOf, sumsOf } from './graph'

/** What to do next at an account, as the key of its words; the most pressing first. */
export type Advice =
  | 'frozen'
  | 'stale'
  | 'left'
  | 'frontier'
  | 'cash'
  | 'crypto'
  | 'payment'
  | 'hub'
  | 'limit'
  | 'passed'
  | 'assumed'

const STALE_MS = 24 * 3_600_000

/** A line of the server as a sentence of its own: English begins it with a capital. */
export function sentence(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1)
}

/** Pure: `ends` are the ends of money that left the account without reaching another. */
export function adviceOf(account: ResultAccount, ends: readonly string[], asOf: string): Advice[] {
  const { left } = sumsOf(account.holdings)
  const end = endOf(account.holdings)
  const found: Advice[] = []
  if (account.hub || end === 'hub') return ['hub']
  if (end === 'frontier') return ['frontier']
  if (account.marks.includes('frozen')) found.push('frozen')
  else if (left > 0) found.push(isStale(account, asOf) ? 'stale' : 'left')
  if (ends.includes('cash')) found.push('cash')
  for (const other of ['crypto', 'payment'] as const)
    if (ends.includes(other) || end === other) found.push(other)
  if (end === 'depth' || end === 'window' || ends.includes('depth') || ends.includes('window'))
    found.push('limit')
  if (account.opening === 'assumed' && account.observed) found.push('assumed')
  return found.length ? found : ['passed']
}

function isStale(account: ResultAccount, asOf: string): boolean {
  return account.observed_until !== null && Date.parse(asOf) - Date.parse(account.observed_until) > STALE_MS
}
