"""A reversal cancels the transfer it takes back: same two parties, same amount, the other way, at most three days.

What it takes back is the latest such transfer before it that is not cancelled yet. A reversal that finds none gives
money back all the same: it is a refund.
"""

from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.tracing.model import HOUR, Int64s

LATEST: Final = 72 * HOUR


def cancelled(transfers: pl.DataFrame) -> Int64s:
    """Return the places of the transfers that carry nothing: reversals that match, and what they take back.

    ``transfers``: payer, payee, amount, time, reversal.
    """
    numbered = transfers.select("payer", "payee", "amount", "time", "reversal").with_row_index("at")
    backs = numbered.filter("reversal").sort("time", "at")
    wanted = backs.select(payer="payee", payee="payer", amount="amount").unique()
    towards = numbered.filter(~pl.col("reversal")).join(wanted, on=["payer", "payee", "amount"], how="semi")
    open_ones: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for at, payer, payee, amount, time, _ in towards.sort("time", "at").iter_rows():
        open_ones.setdefault((payer, payee, amount), []).append((time, at))
    found: list[int] = []
    for at, payer, payee, amount, time, _ in backs.iter_rows():
        here = open_ones.get((payee, payer, amount), [])
        fits = [place for place, (moment, _) in enumerate(here) if time - LATEST <= moment <= time]
        if fits:
            found += [at, here.pop(fits[-1])[1]]
    return np.array(sorted(found), np.int64)
