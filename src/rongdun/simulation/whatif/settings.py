"""What is asked: two settings of how a centre works, and how many made-up worlds they are played in. Pure."""

from dataclasses import asdict, dataclass
from typing import Any, Final

POLICIES: Final = ("none", "tier", "balance", "newest", "advice")
"""Ways to choose the next order, as ``twin/experiment`` names them."""

PACES: Final = ("slow", "usual", "fast")
"""Half as fast, as the twin ships, twice as fast."""

PEOPLE: Final = 8_000
DAYS: Final = 7
"""The size of a world: that of ``docs/twin-experiment.md``, so that figures can be laid side by side."""

MOST_WORLDS: Final = 60
MOST_CASES: Final = 6
MOST_DELAY: Final = 1_440
MOST_OFFICERS: Final = 20
MOST_SEED: Final = 2**30


@dataclass(frozen=True, slots=True)
class Side:
    """A setting: the way to choose, the median delay of reports (minutes), officers, and the others' paces."""

    policy: str
    delay: int
    officers: int
    banks: str = "usual"
    mules: str = "usual"

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Side":
        """Return what :meth:`as_json` gave."""
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums over one world's cases under one setting; money in fen, ``minutes`` of officers.

    ``lost`` was paid by the report, ``stealable`` still lay in rooms' accounts then, ``saved`` of it is held 48 hours
    later; ``oracle`` is what one would have saved who sees the truth, in the same setting.
    """

    cases: int
    lost: int
    stealable: int
    saved: int
    oracle: int
    stops: int
    asks: int
    minutes: float
    innocents: int
    innocents_fen: int

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        return asdict(self)
