import type { Claim, Reckoning, Share } from '@/api/types/restitution'
import { yuan } from '../tracing/money'

/** The arithmetic of a return, so that whoever approves it can follow each fen. Pure. */
export interface Line {
  claim: Claim
  share: Share
  /** what was lost and has not come back, in fen */
  outstanding: number
  /** pool × weight ÷ divisor, in yuan; empty where nothing is shared */
  formula: string
  /** the exact quotient cut to six places behind the fen, e.g. 1,666,666.666666… fen; empty where nothing is shared */
  exact: string
  /** the share got a fen that was left over */
  extra: boolean
  /** the claim gets everything that is outstanding */
  whole: boolean
}

export function lines(claims: readonly Claim[], reckoning: Reckoning): Line[] {
  return claims.flatMap((claim) => (claim.share ? [line(claim, claim.share, reckoning)] : []))
}

function line(claim: Claim, share: Share, reckoning: Reckoning): Line {
  const shared = share.divisor_fen > reckoning.pool_fen
  const outstanding = Math.max(claim.loss_fen - claim.returned_fen, 0)
  return {
    claim,
    share,
    outstanding,
    formula: shared
      ? `${yuan(reckoning.pool_fen)} × ${yuan(share.weight_fen)} ÷ ${yuan(share.divisor_fen)}`
      : '',
    exact: shared ? quotient(share) : '',
    extra: share.extra > 0,
    whole: share.fen === outstanding && outstanding > 0,
  }
}

/** A share's exact quotient in yuan to six places, written as decimal: digits are cut, never rounded. */
export function quotient(share: Pick<Share, 'floor_fen' | 'remainder' | 'divisor_fen'>): string {
  let rest = BigInt(share.remainder) * 10n
  const divisor = BigInt(share.divisor_fen)
  let digits = ''
  for (let place = 0; place < 4; place += 1) {
    digits += String(rest / divisor)
    rest = (rest % divisor) * 10n
  }
  return `${yuan(share.floor_fen)}${digits}${rest > 0n ? '…' : ''}`
}

/** The sums under the table: what is owed, what is paid, what stays. */
export function sums(all: readonly Line[], reckoning: Reckoning) {
  const paid = all.reduce((sum, one) => sum + one.share.fen, 0)
  return {
    outstanding: all.reduce((sum, one) => sum + one.outstanding, 0),
    paid,
    leftover: reckoning.frozen_fen - paid,
  }
}
