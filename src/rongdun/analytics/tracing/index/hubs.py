"""Where a trace does not follow money because everybody's money goes there, and how one case says otherwise.

Without such a policy a median seed reaches a tenth of a city. It is meaning, not tuning: by kind of account, by how
many transfers an account has in the ledger, and by name for one case; every stop is told with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from rongdun.analytics.tracing.model import Int8s, Int64s, Kind, Mask
from rongdun.kernel.errors import Text

DEGREE: Final = 2_000

ENDING_KINDS: Final = frozenset({Kind.CRYPTO, Kind.ABROAD, Kind.MERCHANT, Kind.PAYMENT})
"""Kinds at which money ends by what they are, whatever the policy says."""

BY_KIND: Final = "kind"
BY_DEGREE: Final = "degree"
BY_CASE: Final = "case"

REASONS: Final = {
    BY_KIND: Text("账户类别按规则不再追踪", "The policy stops at this kind of account"),
    BY_DEGREE: Text("账户交易笔数超过上限", "The account has more transfers than the limit"),
    BY_CASE: Text("本案指定不再追踪", "Stopped by hand for this case"),
}


@dataclass(frozen=True, slots=True)
class HubPolicy:
    """Where a trace stops. ``follow`` maps (institution, number) to follow (true) or stop (false) in this case."""

    stops: frozenset[Kind] = frozenset({Kind.SALARY, Kind.UTILITY, Kind.PLATFORM})
    degree: int = DEGREE  # most transfers in the ledger, in and out, of an account that is followed
    follow: Mapping[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """One account the policy stopped at: its place in the sub-ledger, why (a key of REASONS), kind, transfers."""

    account: int
    reason: str
    kind: Kind
    transfers: int


@dataclass(frozen=True, slots=True)
class Limits:
    """A policy as the kernels read it; ``named`` holds accounts of this case in ascending order."""

    stops: Mask  # by kind
    ends: Mask  # by kind
    degree: int
    named: Int64s
    named_follow: Mask


def limits_of(policy: HubPolicy, named: Mapping[int, bool]) -> Limits:
    """Return a policy for one index, where the accounts of ``policy.follow`` have the places ``named``."""
    ordered = sorted(named)
    return Limits(
        _by_kind(policy.stops),
        _by_kind(ENDING_KINDS),
        policy.degree,
        np.array(ordered, np.int64),
        np.array([named[place] for place in ordered], np.bool_),
    )


def hubs(limits: Limits, account: Int64s, kind: Int8s, degree: Int64s) -> Mask:
    """Tell for each account whether the policy stops there; a word for this case goes before kind and degree."""
    stopped: Mask = limits.stops[kind] | (degree > limits.degree)
    at = np.searchsorted(limits.named, account)
    named = np.flatnonzero(np.append(limits.named, -1)[at] == account) if len(limits.named) else at[:0]
    stopped[named] = ~limits.named_follow[at[named]]
    return stopped


def reasons(limits: Limits, account: Int64s, kind: Int8s) -> list[str]:
    """Return for accounts at which the policy stops why it does."""
    named = np.isin(account, limits.named)
    by_kind = limits.stops[kind]
    return [
        BY_CASE if here else BY_KIND if of_kind else BY_DEGREE
        for here, of_kind in zip(named.tolist(), by_kind.tolist(), strict=True)
    ]


def _by_kind(kinds: frozenset[Kind]) -> npt.NDArray[np.bool_]:
    table = np.zeros(128, np.bool_)
    table[[int(kind) for kind in kinds]] = True
    return table
