"""Payments happen in order: exact balances, nobody below zero, nothing made and nothing lost. Compiled."""

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np

from rongdun.simulation.twin.draws import Int8s, Int32s, Int64s, Mask
from rongdun.simulation.twin.flows import Flows, Mode

_CAPPED: Final = int(Mode.CAPPED)
_TOP_UP: Final = int(Mode.TOP_UP)
_SWEEP: Final = int(Mode.SWEEP)
_POT_PART: Final = int(Mode.POT_PART)
_POT_CAPPED: Final = int(Mode.POT_CAPPED)
_MILLION: Final = 1_000_000
_NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Purse:
    """What lies in each account, in fen; ``pot`` is the swindled part of it, in accounts of laundering rooms only."""

    balance: Int64s
    pot: Int64s
    mule: Mask


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of payments meant: fen that moved (0: declined) and both balances after."""

    amount: Int64s
    payer_after: Int64s
    payee_after: Int64s


def settle(flows: Flows, purse: Purse) -> Settled:
    """Let the payments happen in the order of the rows; ``purse`` is changed.

    The holder of a mule account spends only what is not the room's (balance less pot); the room pays from the pot.
    """
    count = len(flows)
    done = Settled(*(np.zeros(count, np.int64) for _ in range(3)))
    _settle(
        flows.payer, flows.payee, flows.mode, flows.value, flows.limit, flows.round_to, flows.scam,
        purse.balance, purse.pot, purse.mule, done.amount, done.payer_after, done.payee_after,
    )  # fmt: skip
    return done


def _loop(function: Any) -> Any:
    """Compile once for all, to disk. One file holds the whole loop, so that the cache on disk follows its changes."""
    return numba.njit(nogil=True, cache=True)(function)


@_loop
def reckoned(how: int, value: int, limit: int, round_to: int, lies: int, pot: int, payees_own: int) -> int:
    """Return the fen that would move: ``lies`` and ``pot`` are the payer's; nothing or less means nothing moves."""
    own = lies - pot
    fen = value
    if how >= _POT_PART:
        if how == _POT_PART:
            fen = min(pot * fen // _MILLION, limit)
        fen = min(fen, pot)
    elif how == _CAPPED:
        fen = min(fen, own)
    elif how == _TOP_UP:
        fen = min(fen - payees_own, own)
    elif how == _SWEEP:
        fen = own // _MILLION * fen + own % _MILLION * fen // _MILLION
    elif fen > own:
        fen = 0
    if round_to > 1 and fen > round_to:
        fen -= fen % round_to
    return fen


@_loop
def _settle(
    payer: Int32s,
    payee: Int32s,
    mode: Int8s,
    value: Int64s,
    limit: Int64s,
    round_to: Int32s,
    scam: Int32s,
    balance: Int64s,
    pot: Int64s,
    mule: Mask,
    amount: Int64s,
    payer_after: Int64s,
    payee_after: Int64s,
) -> None:
    for row in range(len(payer)):
        one, two, how = payer[row], payee[row], mode[row]
        fen = reckoned(
            how, value[row], limit[row], round_to[row], balance[one], pot[one], balance[two] - pot[two]
        )
        if fen <= 0:
            continue
        balance[one] -= fen
        balance[two] += fen
        if how >= _POT_PART:
            pot[one] -= fen
        if mule[two] and (how >= _POT_PART or scam[row] != _NOBODY):
            pot[two] += fen
        amount[row] = fen
        payer_after[row] = balance[one]
        payee_after[row] = balance[two]
