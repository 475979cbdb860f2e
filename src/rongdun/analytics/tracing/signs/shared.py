"""Which accounts are used from the same device, IP or MAC. Pure."""

from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.tracing.model import Int32s
from rongdun.analytics.tracing.signs.scoring import UNKNOWN_SHARED

KINDS: Final = ("device", "ip", "mac")
_SAYS_NOTHING: Final = ("0.0.0.0", "127.0.0.1", "::1", "00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF")  # noqa: S104


def shared_with(traits: pl.DataFrame, accounts: int, most: int) -> Int32s:
    """Count for each account the others that share a value with it; ``UNKNOWN_SHARED`` where none of its is known.

    ``traits`` has ``account`` (place), ``kind`` and ``value``, repeated as often as you like. A value of more than
    ``most`` accounts is a shop's or a carrier's address and joins nobody.
    """
    known = traits.filter(pl.col("value").is_not_null() & ~pl.col("value").is_in(_SAYS_NOTHING)).unique()
    users = pl.len().over("kind", "value")
    close = known.filter(users.is_between(2, most)) if known.height else known
    pairs = close.join(close, on=["kind", "value"], suffix="_other").select("account", "account_other")
    others = pairs.filter(pl.col("account") != pl.col("account_other")).unique().group_by("account").len()
    counted = np.full(accounts, UNKNOWN_SHARED, np.int32)
    counted[known["account"].unique().to_numpy()] = 0
    counted[others["account"].to_numpy()] = others["len"].to_numpy()
    return counted
