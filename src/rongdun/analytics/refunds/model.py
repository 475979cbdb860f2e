"""What a return is reckoned from, and what it comes to. Money is whole fen, moments are µs since 1970 UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rongdun.kernel.errors import Text


class Mode(StrEnum):
    """The three modes of article 8 of the rules of 2016 on returning frozen money."""

    SINGLE = "A"  # one in-record, traceable: direct
    BY_TIME = "B"  # several in-records, traceable by time stamp: direct
    PRO_RATA = "C"  # several, not traceable: pro rata, after a public notice


@dataclass(frozen=True, slots=True)
class Claim:
    """A verified victim: ``key`` names the claim, ``returned_fen`` is what earlier returns have paid."""

    key: str
    loss_fen: int
    returned_fen: int = 0

    @property
    def outstanding_fen(self) -> int:
        """Return what of the loss has not come back: the weight and the cap of the claim."""
        return max(self.loss_fen - self.returned_fen, 0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One in-record (入账) of the frozen account; ``carried`` is whose money it brought, by claim."""

    time: int
    amount_fen: int
    carried: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the frozen account.

    ``complete``: the account's own statement has been seen, so ``arrivals`` are all there were. ``left`` is what the
    trace by time stamp says still lies there, by claim.
    """

    complete: bool = False
    arrivals: Sequence[Arrival] = ()
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The lawful mode and why. ``direct`` is what goes straight to a claim, ``shared`` who shares what ``pool_fen`` is.

    A choice is of mode C as soon as anybody shares: the public notice is for everybody who might be left out.
    """

    mode: Mode
    why: Text
    direct: Mapping[str, int]
    shared: frozenset[str]
    pool_fen: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one claim gets, with its arithmetic.

    For a claim that shares: ``fen = floor_fen + extra``, where ``pool × weight = floor_fen × divisor + remainder``.
    For a direct one ``floor_fen`` is the traced part, ``weight_fen``, ``divisor_fen`` and ``remainder`` are 0.
    """

    key: str
    mode: Mode
    loss_fen: int
    returned_fen: int
    weight_fen: int
    divisor_fen: int
    floor_fen: int
    remainder: int
    extra: int

    @property
    def fen(self) -> int:
        """Return what is paid."""
        return self.floor_fen + self.extra


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Who gets what of a frozen sum; ``frozen_fen = Σ shares + leftover_fen``.

    The denominators of mode C, both kept as evidence: ``verified_fen`` is Σ outstanding losses of those who share (what
    is reckoned with), ``frozen_fen`` the frozen sum that the text of the rules names.
    """

    mode: Mode
    why: Text
    frozen_fen: int
    pool_fen: int
    verified_fen: int
    shares: Sequence[Share]
    leftover_fen: int

    @property
    def paid_fen(self) -> int:
        """Return the sum of the shares."""
        return sum(share.fen for share in self.shares)
