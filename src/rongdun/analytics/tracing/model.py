"""What a trace works on and what it says: accounts, transfers in order, seeds, and shares by victim. Pure data.

Money is whole fen, moments are microseconds since 1970 UTC. Accounts and victims are numbers here, places in the
lists beside them; ``NOBODY`` stands for no account and for clean money.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Int8s: TypeAlias = npt.NDArray[np.int8]
Int32s: TypeAlias = npt.NDArray[np.int32]
Int64s: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

NOBODY: Final = -1

HOUR: Final = 3_600_000_000
"""Microseconds of an hour."""


class Rule(StrEnum):
    """How an outgoing transfer chooses among the money that lies in the account."""

    FIFO = "fifo"
    LIFO = "lifo"
    PRO_RATA = "pro_rata"
    WINDOW = "window"
    POISON = "poison"


class End(IntEnum):
    """Why money is not followed further. The first is a transfer's or an account's normal state: followed."""

    FOLLOWED = 0
    RETAINED = 1  # it lies in the account
    CASH = 2
    FEE = 3
    CONSUMPTION = 4  # merchant or consumption
    CROSS_BORDER = 5
    CRYPTO = 6  # account labelled as crypto OTC
    PAYMENT = 7  # payment institution, and no file shows the linked card
    FRONTIER = 8  # we have no statement of this account
    HUB = 9  # salary, utility, platform account: stopped by the policy
    DEPTH = 10  # deeper than asked
    WINDOW = 11  # left later than asked


ENDED: Final = (End.CASH, End.FEE, End.CONSUMPTION, End.CROSS_BORDER, End.CRYPTO, End.PAYMENT, End.HUB)
LIMITS: Final = (End.DEPTH, End.WINDOW)


class Kind(IntEnum):
    """What is known of an account's kind; decides with the hub policy where money is not followed."""

    UNKNOWN = 0
    PERSONAL = 1
    CORPORATE = 2
    MERCHANT = 3
    PLATFORM = 4
    SALARY = 5
    UTILITY = 6
    PAYMENT = 7
    CRYPTO = 8
    ABROAD = 9


PAYER_BOOK: Final = 1
PAYEE_BOOK: Final = 2
"""Bits of ``Transfers.books``: whose statement shows it; 3 is both, 0 an assumed arrival."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts a trace may touch, by place. ``opening_fen`` is what lay there just before its first transfer here."""

    institution: Sequence[str]
    number: Sequence[str]
    name: Sequence[str]
    kind: Int8s
    observed: Mask  # we have its own statement
    hub: Mask  # money that arrives is not followed, by policy
    opening_fen: Int64s
    opening_known: Mask  # from a balance column; else the least that keeps the account from going below zero
    observed_until: Int64s  # last moment its own statement shows, 0 where there is none
    since: Int64s | None = (
        None  # first arrival: earlier transfers are in ``opening_fen``; None: from the first here
    )

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, slots=True)
class Transfers:
    """Transfers in the order in which they happen (time, then the banks' own order, then incoming before outgoing).

    ``end`` says where money goes that reaches no account one could follow (cash, fee …); its ``payee`` is then
    ``NOBODY`` or the account that stands there. ``row`` is the transfer's place in the index, -1 for an assumed one.
    """

    payer: Int32s
    payee: Int32s
    amount_fen: Int64s
    time: Int64s
    end: Int8s
    refund: Mask  # gives back what the payee had paid to the payer
    books: Int8s
    row: Int64s

    def __len__(self) -> int:
        return len(self.payer)


@dataclass(frozen=True, slots=True)
class SubLedger:
    """All that one trace needs: for each account every transfer in and out from its first arrival to ``as_of``."""

    accounts: Accounts
    transfers: Transfers
    as_of: int


@dataclass(frozen=True, slots=True)
class Seed:
    """One transfer of a victim as it was reported; ``institution`` may be empty."""

    victim: str
    institution: str
    account: str
    amount_fen: int
    time: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Seeds placed in a sub-ledger: which transfer (place) brings whose money; ``assumed`` ones were added."""

    victims: list[str]
    transfer: Int32s
    victim: Int32s
    amount_fen: Int64s
    assumed: Mask


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a trace goes: tiers, time after a victim's last transfer, and the officers' Δ of the window rule."""

    depth: int = 6
    window: int = 72 * HOUR
    delta: int = HOUR
    delta_of: dict[int, int] = field(default_factory=dict)  # by account


@dataclass(frozen=True, slots=True)
class Holdings:
    """One row an account and victim. ``in = out + left``; what ended is part of ``out`` unless it lies there.

    ``held`` is fen × microseconds of tainted money while it lay there: divided by ``in_fen`` it is the mean dwell.
    ``first_in`` and ``last_out`` are moments, 0 where nothing went out.
    """

    account: Int32s
    victim: Int32s
    tier: Int32s
    in_fen: Int64s
    out_fen: Int64s
    left_fen: Int64s
    first_in: Int64s
    last_out: Int64s
    held: npt.NDArray[np.float64]
    end: Int8s

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Shares:
    """One row a transfer and victim that moved tainted money, in the order the rule took it; ``end`` where it stops."""

    transfer: Int32s
    victim: Int32s
    fen: Int64s
    end: Int8s

    def __len__(self) -> int:
        return len(self.transfer)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a trace; ``seeds = left + ended + frontier + limit`` for every rule except poison."""

    seeds_fen: int
    left_fen: int
    ended_fen: int
    frontier_fen: int
    limit_fen: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a rule says: who has whose money, and what each transfer carried."""

    rule: Rule
    holdings: Holdings
    shares: Shares
    totals: Totals
