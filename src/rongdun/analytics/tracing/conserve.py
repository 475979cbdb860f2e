"""The check every result passes before it is handed out: to the fen, nothing appeared and nothing got lost."""

import numpy as np

from rongdun.analytics.tracing.model import ENDED, Attribution, End, SubLedger


def conserves(found: Attribution, subledger: SubLedger) -> bool:
    """Tell whether seeds = left + ended + frontier + limit, and each part of the result agrees with these totals.

    Each holding's in = out + left ≥ 0, no transfer carries more than it is. Not for poison, which counts a fen once
    for each victim.
    """
    return _totals(found) and _holdings(found) and _transfers(found, subledger)


def _totals(found: Attribution) -> bool:
    sums = found.totals
    return sums.seeds_fen == sums.left_fen + sums.ended_fen + sums.frontier_fen + sums.limit_fen


def _holdings(found: Attribution) -> bool:
    rows, sums = found.holdings, found.totals
    if not bool((rows.in_fen == rows.out_fen + rows.left_fen).all() and (rows.left_fen >= 0).all()):
        return False
    retained = int(rows.left_fen[rows.end == End.RETAINED].sum())
    frontier = int(rows.left_fen[rows.end == End.FRONTIER].sum())
    ended = int(rows.left_fen[np.isin(rows.end, ENDED)].sum())
    return retained == sums.left_fen and frontier <= sums.frontier_fen and ended <= sums.ended_fen


def _transfers(found: Attribution, subledger: SubLedger) -> bool:
    shares, size = found.shares, len(subledger.transfers)
    if not bool((shares.fen > 0).all()):
        return False
    carried = np.zeros(size, np.int64)
    np.add.at(carried, shares.transfer, shares.fen)
    return bool((carried <= subledger.transfers.amount_fen).all())
