"""What a stop would cost innocents: their own money held, as far as they are probably no accomplices. Pure."""

from collections.abc import Sequence

import numpy as np

from rongdun.analytics.tracing.advice.dwell import Floats
from rongdun.analytics.tracing.advice.model import KnownAccount
from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.analytics.tracing.advice.sums import mixed
from rongdun.analytics.tracing.model import Kind


def penalties(accounts: Sequence[KnownAccount], there: Floats, prior: Prior) -> Floats:
    """Return for each account the fen counted against stopping it; ``there``: victims' fen expected in each."""
    told = [_penalty(one, float(fen), prior) for one, fen in zip(accounts, there, strict=True)]
    return np.array(told, np.float64)


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


def _penalty(account: KnownAccount, there: float, prior: Prior) -> float:
    own = prior.innocent.own_median_fen
    if account.balance_fen is not None:
        own = max(account.balance_fen - there, 0.0)
    return prior.innocent.cost * innocent_share(account, prior) * own
