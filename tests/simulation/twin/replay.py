"""The truth by the definition alone: lists of lots in plain Python, one payment after the other."""

from collections import defaultdict
from fractions import Fraction

Lot = tuple[int, int]
"""Whose (scam), fen."""

NEWEST, OLDEST, MIXED = 0, 1, 2


def shares(lots: list[Lot], fen: int, habit: int) -> list[int]:
    """What is taken of each lot, oldest first."""
    if habit == MIXED:
        whole = sum(held for _, held in lots)
        exact = [Fraction(held * fen, whole) for _, held in lots]
        took = [int(one) for one in exact]
        by_rest = sorted(range(len(lots)), key=lambda place: (-(exact[place] - took[place]), place))
        for place in by_rest[: fen - sum(took)]:
            took[place] += 1
        return took
    took = [0] * len(lots)
    for place in range(len(lots)) if habit == OLDEST else reversed(range(len(lots))):
        took[place] = min(fen, lots[place][1])
        fen -= took[place]
    return took


def replay(
    payments: list[tuple[int, int, int, int]], rooms: set[int], habit: dict[int, int]
) -> tuple[list[dict[int, int]], dict[tuple[int, int], int]]:
    """Of payments (payer, payee, fen, scam or -1): what each carried by scam, what lies where by (account, scam)."""
    lots: dict[int, list[Lot]] = defaultdict(list)
    carried = []
    for payer, payee, fen, scam in payments:
        parts = [(scam, fen)]
        if scam < 0:
            held, how = lots[payer], habit[payer]
            assert fen <= sum(one for _, one in held), (
                "a room pays more than the swindled money that lies there"
            )
            took = shares(held, fen, how)
            order = range(len(held)) if how != NEWEST else reversed(range(len(held)))
            parts = [(held[place][0], took[place]) for place in order if took[place]]
            lots[payer] = [
                (who, one - gone) for (who, one), gone in zip(held, took, strict=True) if one > gone
            ]
        if payee in rooms:
            lots[payee] += _side_by_side(parts)
        told: dict[int, int] = defaultdict(int)
        for who, one in parts:
            told[who] += one
        carried.append(dict(told))
    left: dict[tuple[int, int], int] = defaultdict(int)
    for account, held in lots.items():
        for who, one in held:
            left[account, who] += one
    return carried, dict(left)


def _side_by_side(parts: list[Lot]) -> list[Lot]:
    """Parts of one owner that follow each other arrive as one lot."""
    joined: list[Lot] = []
    for who, fen in parts:
        if joined and joined[-1][0] == who:
            joined[-1] = (who, joined[-1][1] + fen)
        else:
            joined.append((who, fen))
    return joined
