"""What advice is given on, and what it says. Pure data.

Money is whole fen, moments are microseconds since 1970 UTC, as in :mod:`rongdun.analytics.tracing.model`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rongdun.analytics.tracing.model import Kind, Rule

MINUTE: Final = 60_000_000
"""Microseconds of a minute."""


class Action(StrEnum):
    """What can be done next."""

    STOP = "stop"
    ASK = "ask"  # the statement or the balance of an account
    ALERT = "alert"  # cash-out branch, payment institution, crypto OTC
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Money of victims that came to an account: ``fen`` of it is theirs by the rule's reckoning of each rule."""

    time: int
    fen: int  # of the transfer
    tainted: Mapping[Rule, int]
    two_sided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAccount:
    """What is known of one account at ``Situation.now``.

    ``left`` is what each rule says lies there of the victims' money as far as our statements go (``observed_until``, 0
    where there is no statement of it); ``balance_fen`` what its bank last said lay there, at ``balance_at``.
    """

    institution: str
    number: str
    name: str = ""
    kind: Kind = Kind.UNKNOWN
    tier: int = 1
    observed_until: int = 0
    arrivals: Sequence[Arrival] = ()
    left: Mapping[Rule, int] = field(default_factory=dict)
    balance_fen: int | None = None
    balance_at: int = 0
    hub: bool = False
    signs: float = 0.0  # score of a mule account, 0 to 1
    stops_used: int = 0
    stopped_until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An order that was sent and is not answered yet."""

    action: Action
    institution: str
    number: str
    sent_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast an institution answers: lognormal minutes learnt from ``count`` past answers, shrunk to the prior."""

    median_minutes: float
    sigma: float
    failed_share: float = 0.05
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the centre has at hand: officers now, minutes an order costs one of them, the limits of stops and queries.

    ``queries_left``: how many queries may still be sent, of ``queries_most`` in all; None where there is no limit.

    A statement that reaches so near to now as ``ask_again_minutes`` is not asked for again; 0: whenever it pays.
    """

    officers: int = 2
    minutes_stop: float = 1.0
    minutes_ask: float = 0.7
    minutes_alert: float = 3.0
    stops_most: int = 2
    stop_hours: int = 48
    ask_again_minutes: float = 0.0
    queries_left: int | None = None
    queries_most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that is known of a case at ``now``: nothing of it comes from the future or from a simulated truth."""

    now: int
    accounts: Sequence[KnownAccount]
    pending: Sequence[Pending] = ()
    stop_speed: Mapping[str, Speed] = field(default_factory=dict)  # by institution
    ask_speed: Mapping[str, Speed] = field(default_factory=dict)
    means: Means = field(default_factory=Means)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One next action. ``expected_fen``: yuan of victims it is expected to save; ranked by ``fen_per_minute``.

    ``why`` and ``change`` are (Chinese, English): the reason in one line, and what would change it. A ``WAIT`` that
    names an account is a stop put off for its holder's own money; one that names none: nothing is worth a minute, or
    queries are used up.
    """

    action: Action
    institution: str
    number: str
    amount_fen: int
    expected_fen: int
    fen_per_minute: float
    why: tuple[str, str]
    change: tuple[str, str] = ("", "")
