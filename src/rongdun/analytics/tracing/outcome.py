"""From single holdings and shares, as the reference writes them down, to the arrays of an attribution."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rongdun.analytics.tracing.model import (
    ENDED,
    LIMITS,
    Attribution,
    End,
    Holdings,
    Rule,
    Shares,
    Totals,
)


@dataclass(slots=True)
class Holding:
    """One victim's money in one account; ``stopped`` says by end what left it for no other account."""

    account: int
    victim: int
    end: int
    tier: int
    first_in: int
    in_fen: int = 0
    out_fen: int = 0
    left_fen: int = 0
    last_out: int = 0
    held: int = 0
    changed: int = 0
    stopped: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, fen: int, time: int) -> None:
        """Let money in."""
        self.rest(time)
        self.in_fen += fen
        self.left_fen += fen

    def give(self, fen: int, time: int) -> None:
        """Let money out."""
        self.rest(time)
        self.out_fen += fen
        self.left_fen -= fen
        self.last_out = time

    def rest(self, time: int) -> None:
        """Let what is here lie until ``time``."""
        if self.end == End.FOLLOWED:
            self.held += self.left_fen * (time - self.changed)
            self.changed = time

    def shown_end(self) -> int:
        """Return why the money goes no further: it lies here, or how most of what was not passed on left."""
        if self.end != End.FOLLOWED:
            return self.end
        if self.left_fen:
            return End.RETAINED
        return min(self.stopped, key=lambda end: (-self.stopped[end], end), default=End.FOLLOWED)


@dataclass(slots=True)
class Share:
    """What a transfer carried of one victim's money, and where that stopped."""

    transfer: int
    victim: int
    fen: int
    end: int


def attribution(
    rule: Rule,
    holdings: Sequence[Holding],
    shares: Sequence[Share],
    elsewhere: Mapping[int, int],
    seeds_fen: int,
) -> Attribution:
    """Put together what a rule says; ``elsewhere`` is what stopped where no account stands, by end."""
    ordered = sorted(holdings, key=lambda one: (one.victim, one.tier, one.account, one.end))
    return Attribution(
        rule, _holdings(ordered), _shares(shares), totals(seeds_fen, _by_end(ordered, elsewhere))
    )


def totals(seeds_fen: int, by_end: Mapping[int, int]) -> Totals:
    """Sum what stopped, by end, into the figures a trace shows."""
    return Totals(
        seeds_fen,
        by_end.get(End.RETAINED, 0),
        sum(by_end.get(end, 0) for end in ENDED),
        by_end.get(End.FRONTIER, 0),
        sum(by_end.get(end, 0) for end in LIMITS),
    )


def _by_end(holdings: Sequence[Holding], elsewhere: Mapping[int, int]) -> dict[int, int]:
    sums = defaultdict(int, elsewhere)
    for one in holdings:
        sums[End.RETAINED if one.end == End.FOLLOWED else one.end] += one.left_fen
    return sums


def _holdings(ones: Sequence[Holding]) -> Holdings:
    return Holdings(
        account=np.array([one.account for one in ones], np.int32),
        victim=np.array([one.victim for one in ones], np.int32),
        tier=np.array([one.tier for one in ones], np.int32),
        in_fen=np.array([one.in_fen for one in ones], np.int64),
        out_fen=np.array([one.out_fen for one in ones], np.int64),
        left_fen=np.array([one.left_fen for one in ones], np.int64),
        first_in=np.array([one.first_in for one in ones], np.int64),
        last_out=np.array([one.last_out for one in ones], np.int64),
        held=np.array([one.held for one in ones], np.float64),
        end=np.array([one.shown_end() for one in ones], np.int8),
    )


def _shares(ones: Sequence[Share]) -> Shares:
    return Shares(
        transfer=np.array([one.transfer for one in ones], np.int32),
        victim=np.array([one.victim for one in ones], np.int32),
        fen=np.array([one.fen for one in ones], np.int64),
        end=np.array([one.end for one in ones], np.int8),
    )
