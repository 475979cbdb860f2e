"""Which mode the law allows for a frozen account, from what is known of it, and why.

Article 8 of the rules of 2016: one in-record → direct (A); several, traceable by time stamp → direct (B); several, not
traceable → pro rata (C). What cannot be shown falls to C, which a public notice protects.
"""

from collections.abc import Sequence
from itertools import groupby

from rongdun.analytics.refunds.apportion import check
from rongdun.analytics.refunds.model import Choice, Claim, Evidence, Mode
from rongdun.kernel.errors import Text

NO_STATEMENT = Text(
    "未取得该账户完整流水，不能证明逐笔对应，按比例返还",
    "The account's own statement has not been seen: no payment into it can be shown to be whose, so pro rata",
)
ONE_RECORD = Text(
    "账户仅有一笔入账且来自一名被害人，直接返还",
    "A single payment came in, of one victim: returned directly",
)
BY_TIME = Text(
    "账户有多笔入账，按时间戳可逐笔溯源到被害人，直接返还",
    "Several payments came in, each traced to its victim by time stamp: returned directly",
)
NOT_HERE = Text(
    "按时间戳，被害人的款项均已不在该账户内，不能溯源返还，按比例返还",
    "By time stamp none of the victims' money is left in the account: it cannot be traced, so pro rata",
)
CONTRADICTED = Text(
    "按时间戳算得的余留合计超过冻结金额，两者矛盾，不能逐笔对应，按比例返还",
    "By time stamp more would be left than is frozen: the two contradict each other, so pro rata",
)
MIXED = Text(
    "部分款项按时间戳可溯源，直接返还；同一时刻入账、无法区分先后的部分按比例返还",
    "Part is traced by time stamp and returned directly; what arrived at one moment cannot be told apart: pro rata",
)
ALL_TIED = Text(
    "被害人款项同一时刻入账，时间戳不能区分先后，按比例返还",
    "The victims' money arrived at one moment, time stamps do not tell it apart: pro rata",
)


def choose(frozen_fen: int, claims: Sequence[Claim], evidence: Evidence) -> Choice:
    """Return the lawful mode for ``frozen_fen`` fen, with its reason and who is paid directly or shares.

    Raises :class:`~rongdun.analytics.refunds.errors.NothingToReturn` and
    :class:`~rongdun.analytics.refunds.errors.WrongClaims`.
    """
    check(frozen_fen, claims)
    open_claims = {one.key: one.outstanding_fen for one in claims if one.outstanding_fen}
    if not evidence.complete or not evidence.arrivals:
        return _all_share(frozen_fen, open_claims, NO_STATEMENT)
    single = _single(frozen_fen, open_claims, evidence)
    return single or _by_time(frozen_fen, open_claims, evidence)


def _single(frozen_fen: int, claims: dict[str, int], evidence: Evidence) -> Choice | None:
    if len(evidence.arrivals) != 1 or len(evidence.arrivals[0].carried) != 1:
        return None
    ((key, carried),) = evidence.arrivals[0].carried.items()
    if key not in claims:
        return None
    return Choice(Mode.SINGLE, ONE_RECORD, {key: min(frozen_fen, carried, claims[key])}, frozenset(), 0)


def _by_time(frozen_fen: int, claims: dict[str, int], evidence: Evidence) -> Choice:
    left = {key: evidence.left.get(key, 0) for key in claims}
    if not any(left.values()):
        return _all_share(frozen_fen, claims, NOT_HERE)
    if sum(left.values()) > frozen_fen:
        return _all_share(frozen_fen, claims, CONTRADICTED)
    tied = _tied(evidence, left)
    direct = {key: min(fen, claims[key]) for key, fen in left.items() if key not in tied}
    if not tied:
        return Choice(Mode.BY_TIME, BY_TIME, direct, frozenset(), 0)
    pool = sum(left[key] for key in tied)
    why = MIXED if any(direct.values()) else ALL_TIED
    return Choice(Mode.PRO_RATA, why, direct, tied, pool)


def _tied(evidence: Evidence, left: dict[str, int]) -> frozenset[str]:
    """Return the claims whose money came at the same moment as somebody else's and has in part gone on."""
    tied: set[str] = set()
    ordered = sorted(evidence.arrivals, key=lambda one: one.time)
    for _, group in groupby(ordered, key=lambda one: one.time):
        carried: dict[str, int] = {}
        for arrival in group:
            for key, fen in arrival.carried.items():
                carried[key] = carried.get(key, 0) + fen
        here = [key for key in carried if key in left]
        if len(here) > 1 and any(left[key] < carried[key] for key in here):
            tied.update(here)
    return frozenset(tied)


def _all_share(frozen_fen: int, claims: dict[str, int], why: Text) -> Choice:
    return Choice(Mode.PRO_RATA, why, {}, frozenset(claims), frozen_fen)
