"""What a stop would do to innocents: it holds the whole account, their own money too. One row an account; fen. Pure.

A stop is receive-only for the whole account (银发〔2016〕86号), so it cannot be kept to the victims' sum. What an
innocent seller took for goods is his by good faith (法释〔2011〕7号 art. 10: 善意取得的不予追缴) and saves no victim.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.dwell import Floats
from rongdun.analytics.tracing.advice.known import Known
from rongdun.analytics.tracing.advice.model import KnownAccount
from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.analytics.tracing.advice.sums import mixed
from rongdun.analytics.tracing.model import Kind

_SELLERS: Final = (Kind.MERCHANT, Kind.PLATFORM, Kind.UTILITY)


@dataclass(frozen=True, slots=True)
class Harm:
    """By account: ``share`` is how probably the holder is no accomplice, ``own`` his own money expected there.

    ``cost`` is what a stop is charged for it, ``kept`` how probably what came was paid for goods and stays his.
    """

    share: Floats
    own: Floats
    cost: Floats
    kept: Floats


def harm_of(known: Known) -> Harm:
    """Return what stopping each account would do to an innocent holder."""
    weighs, accounts = known.prior.innocent, known.accounts
    share = np.array([innocent_share(one, known.prior) for one in accounts], np.float64)
    told = np.array([one.balance_fen is not None for one in accounts], np.bool_)
    assumed = [weighs.own_fen.get(one.kind, weighs.own_fen[Kind.PERSONAL]) for one in accounts]
    own = np.where(told, _beside(known), np.array(assumed, np.float64))
    sells = np.array([one.kind in _SELLERS for one in accounts], np.bool_)
    return Harm(share, own, weighs.cost * share * own, np.where(sells, share, 0.0))


def innocent_share(account: KnownAccount, prior: Prior) -> float:
    """Return how probably the holder is no accomplice: by the kind of account, and by how little of it is tainted."""
    weighs = prior.innocent
    share = weighs.share.get(account.kind, weighs.share[Kind.PERSONAL])
    came = sum(one.fen for one in account.arrivals)
    if came:
        tainted = sum(mixed(one.tainted, prior) for one in account.arrivals) / came
        low = max(0.0, 1 - tainted / weighs.low_share)
        share += (1 - share) * weighs.low_share_weight * low * (1 - account.signs)
    return min(share, 1.0)


def _beside(known: Known) -> Floats:
    """Return what the balance last told held beside the victims' money that was there then; 0 where none was told."""
    at = np.array([one.balance_at for one in known.accounts], np.float64)
    balance = np.array([one.balance_fen or 0 for one in known.accounts], np.float64)
    there = known.total(known.sums.fen * (known.sums.came <= known.of_sums(at)))
    return np.maximum(balance - there, 0.0)
