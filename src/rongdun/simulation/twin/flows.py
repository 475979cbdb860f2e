"""What is meant to be paid, in columns: who, to whom, how much by which reckoning, when, for what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final

import numpy as np

from rongdun.simulation.twin.draws import Int8s, Int32s, Int64s


class Mode(IntEnum):
    """How the amount of a payment is reckoned when its moment comes; ``pot`` is the swindled money that lies there."""

    WHOLE = 0  # value fen of the payer's own money, or nothing
    CAPPED = 1  # value fen, or what there is of the payer's own money
    TOP_UP = 2  # what the payee lacks of value fen
    SWEEP = 3  # value millionths of the payer's own money
    POT_PART = 4  # value millionths of the pot, at most ``limit``
    POT_CAPPED = 5  # value fen, or what there is of the pot


POT_MODES: Final = (Mode.POT_PART, Mode.POT_CAPPED)
"""Payments of swindled money."""


class Use(IntEnum):
    """What a payment is for, as the bank's row would say."""

    PURCHASE = 0
    PLATFORM = 1
    PAYOUT = 2
    FRIEND = 3
    TOP_UP = 4
    WITHDRAWAL = 5
    OWN = 6
    CASH_OUT = 7
    CASH_IN = 8
    TRADE = 9
    RENT = 10
    SALARY = 11
    BILL = 12
    FEE = 13
    REDEMPTION = 14
    LOAN = 15
    TRANSFER = 16
    BACKGROUND = 17


@dataclass(slots=True)
class Flows:
    """Payments meant, in any order.

    ``scam`` is the scam whose victim pays (NOBODY otherwise), ``device`` NOBODY for the payer's own; ``round_to`` fen
    (1: not rounded).
    """

    payer: Int32s
    payee: Int32s
    mode: Int8s
    value: Int64s
    limit: Int64s
    round_to: Int32s
    time: Int64s
    use: Int8s
    scam: Int32s
    device: Int32s

    def __len__(self) -> int:
        return len(self.payer)

    def take(self, places: Int64s) -> "Flows":
        """Return these rows in this order."""
        return Flows(*(getattr(self, field.name)[places] for field in fields(self)))


NO_LIMIT: Final = 1 << 62


def plain(
    payer: Int32s,
    payee: Int32s,
    value: Int64s,
    time: Int64s,
    use: Int8s | Use,
    mode: Int8s | Mode = Mode.WHOLE,
) -> Flows:
    """Return payments without limit, rounding, scam or device of their own."""
    count = len(payer)
    return Flows(
        payer.astype(np.int32, copy=False),
        payee.astype(np.int32, copy=False),
        np.full(count, mode, np.int8) if isinstance(mode, Mode) else mode,
        value,
        np.full(count, NO_LIMIT, np.int64),
        np.ones(count, np.int32),
        time,
        np.full(count, use, np.int8) if isinstance(use, Use) else use,
        np.full(count, -1, np.int32),
        np.full(count, -1, np.int32),
    )


def joined(parts: Sequence[Flows]) -> Flows:
    """Return all rows of ``parts`` (one at least), one part behind the other."""
    return Flows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Flows)))


def in_time(flows: Flows) -> Flows:
    """Return the rows by time; rows of one moment keep their order."""
    return flows.take(order_of(flows.time))


def order_of(time: Int64s) -> Int64s:
    """Return the stable order of moments. Whole seconds near each other are sorted with their place in one number."""
    if not len(time):
        return np.empty(0, np.int64)
    first = int(time.min())
    if int(time.max()) - first >= 1 << 38 or len(time) >= 1 << 24:
        return np.argsort(time, kind="stable").astype(np.int64)
    packed = (time - first) << 24
    packed |= np.arange(len(time), dtype=np.int64)
    packed.sort()
    packed &= (1 << 24) - 1
    return packed
