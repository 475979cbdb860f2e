"""What is done first: money that still moves, then money that has just left, then hardship and large sums. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rongdun.kernel.errors import Text

FRESH = timedelta(minutes=30)
"""Money this fresh is most likely still there: cases on record were located within minutes."""

RECENT = timedelta(hours=24)
LARGE_FEN = 50_000_000
"""500,000 yuan: the limit of an extremely huge amount."""

URGENT = 3
"""From here a stop may be sent before it is reviewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What urgency looks at."""

    on_call: bool = False
    more_expected: bool = False
    screen_shared: bool = False
    hardship: bool = False
    loss_fen: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Urgency:
    """How pressing a report is: a sum of weights, each with its reason."""

    score: int
    reasons: tuple[Text, ...]

    @property
    def urgent(self) -> bool:
        """Tell whether money may be moving now."""
        return self.score >= URGENT


def urgency_of(facts: Facts, *, now: datetime) -> Urgency:
    """Return how pressing a report is at ``now``, with the reasons, the weightiest first."""
    weighed = sorted(_weights(facts, now), key=lambda pair: -pair[0])
    return Urgency(sum(weight for weight, _ in weighed), tuple(reason for _, reason in weighed))


def _weights(facts: Facts, now: datetime) -> Sequence[tuple[int, Text]]:
    age = now - facts.last_at if facts.last_at else None
    every = (
        (facts.on_call, 5, Text("仍在与骗子通话", "Still on the call")),
        (facts.more_expected, 4, Text("可能继续转账", "Another transfer is expected")),
        (facts.screen_shared, 4, Text("正在共享屏幕或被远程控制", "The screen is shared or controlled")),
        (age is not None and age <= FRESH, 3, Text("30分钟内刚转出", "Money left within 30 minutes")),
        (
            age is not None and FRESH < age <= RECENT,
            1,
            Text("24小时内转出", "Money left within 24 hours"),
        ),
        (facts.loss_fen >= LARGE_FEN, 1, Text("损失50万元以上", "500,000 yuan or more")),
        (facts.hardship, 1, Text("生活困难", "Hardship")),
    )
    return [(weight, reason) for holds, weight, reason in every if holds]
