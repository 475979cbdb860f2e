"""Small ledgers written by hand: accounts by letter, times in minutes, amounts in fen."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rongdun.analytics.tracing.model import (
    HOUR,
    NOBODY,
    Accounts,
    Arrivals,
    Attribution,
    Bounds,
    End,
    Kind,
    SubLedger,
    Transfers,
)

MINUTE = HOUR // 60


class Move(NamedTuple):
    """``move("A", "B", 40, 5)``: 40 fen from A to B in minute 5; ``""`` is nobody."""

    payer: str
    payee: str
    fen: int
    minute: int
    end: End = End.FOLLOWED
    refund: bool = False
    seed: str = ""


def seed(victim: str, payee: str, fen: int, minute: int, payer: str = "") -> Move:
    return Move(payer, payee, fen, minute, seed=victim)


class Case(NamedTuple):
    """A sub-ledger with its seeds, and the names to read an attribution with."""

    ledger: SubLedger
    arrivals: Arrivals
    names: str
    moves: Sequence[Move]

    def left(self, found: Attribution) -> dict[str, int]:
        """What lies where: ``{"B:Wang": 40}``."""
        rows = found.holdings
        return {
            f"{self.names[rows.account[at]]}:{self.arrivals.victims[rows.victim[at]]}": int(rows.left_fen[at])
            for at in range(len(rows))
            if rows.left_fen[at]
        }

    def shares(self, found: Attribution) -> list[str]:
        """What each transfer carried, in order: ``"A>B Wang 40"``, with its end where it stops."""
        out = []
        for at in range(len(found.shares)):
            move = self.moves[found.shares.transfer[at]]
            end = End(int(found.shares.end[at]))
            words = [f"{move.payer}>{move.payee}", self.arrivals.victims[found.shares.victim[at]]]
            words.append(str(int(found.shares.fen[at])))
            out.append(" ".join(words + ([end.name] if end else [])))
        return out

    def ends(self, found: Attribution) -> dict[str, str]:
        """How it ended in each account: ``{"A:Wang": "CASH"}``."""
        rows = found.holdings
        return {
            f"{self.names[rows.account[at]]}:{self.arrivals.victims[rows.victim[at]]}": End(
                int(rows.end[at])
            ).name
            for at in range(len(rows))
        }


def case(
    *moves: Move,
    opening: dict[str, int] | None = None,
    unseen: str = "",
    hubs: str = "",
    kinds: dict[str, Kind] | None = None,
    since: dict[str, int] | None = None,
    as_of: int = 100_000,
) -> Case:
    """Write a case; every account is observed except those named in ``unseen``."""
    names = "".join(sorted({name for move in moves for name in (move.payer, move.payee) if name}))
    victims = list(dict.fromkeys(move.seed for move in moves if move.seed))
    accounts = _accounts(names, opening or {}, unseen, hubs, kinds or {}, since)
    seeds = [at for at, move in enumerate(moves) if move.seed]
    arrivals = Arrivals(
        victims=victims,
        transfer=np.array(seeds, np.int32),
        victim=np.array([victims.index(moves[at].seed) for at in seeds], np.int32),
        amount_fen=np.array([moves[at].fen for at in seeds], np.int64),
        assumed=np.zeros(len(seeds), np.bool_),
    )
    return Case(SubLedger(accounts, _transfers(names, moves), as_of * MINUTE), arrivals, names, moves)


def _accounts(
    names: str,
    opening: dict[str, int],
    unseen: str,
    hubs: str,
    kinds: dict[str, Kind],
    since: dict[str, int] | None,
) -> Accounts:
    return Accounts(
        institution=["榕城示范银行"] * len(names),
        number=[f"6200{name}" for name in names],
        name=[f"虚构{name}" for name in names],
        kind=np.array([kinds.get(name, Kind.PERSONAL) for name in names], np.int8),
        observed=np.array([name not in unseen for name in names], np.bool_),
        hub=np.array([name in hubs for name in names], np.bool_),
        opening_fen=np.array([opening.get(name, 0) for name in names], np.int64),
        opening_known=np.array([name in opening for name in names], np.bool_),
        observed_until=np.zeros(len(names), np.int64),
        since=None if since is None else np.array([since.get(name, 0) * MINUTE for name in names], np.int64),
    )


def _transfers(names: str, moves: Sequence[Move]) -> Transfers:
    def place(name: str) -> int:
        return names.index(name) if name else NOBODY

    return Transfers(
        payer=np.array([place(move.payer) for move in moves], np.int32),
        payee=np.array([place(move.payee) for move in moves], np.int32),
        amount_fen=np.array([move.fen for move in moves], np.int64),
        time=np.array([move.minute * MINUTE for move in moves], np.int64),
        end=np.array([move.end for move in moves], np.int8),
        refund=np.array([move.refund for move in moves], np.bool_),
        books=np.full(len(moves), 3, np.int8),
        row=np.arange(len(moves), dtype=np.int64),
    )


WIDE = Bounds(depth=50, window=10_000 * HOUR, delta=HOUR)
