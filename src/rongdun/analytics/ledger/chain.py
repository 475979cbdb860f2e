"""Rows of one moment put in the order in which their balances follow each other. Pure.

Each row leads from the balance before it to the balance after it; an order in which every row begins where the
one before ends is a path over all edges (Hierholzer 1873). Where there is none, the list's order stays.
"""

from collections import defaultdict
from itertools import pairwise
from typing import Any

Row = dict[str, Any]


def rechained(rows: list[Row]) -> list[int]:
    """Return the places of ``rows`` in the order that fits best.

    The rows come sorted by time and have ``signed`` and ``balance_fen``.
    """
    order: list[int] = []
    balance: int | None = None
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and rows[end]["time"] == rows[start]["time"]:
            end += 1
        group = list(range(start, end))
        order += _group_order(rows, group, balance)
        balance = _after(rows[order[-1]], balance)
        start = end
    return order


def _after(row: Row, balance: int | None) -> int | None:
    if row["balance_fen"] is not None:
        return int(row["balance_fen"])
    return None if balance is None else balance + int(row["signed"])


def _group_order(rows: list[Row], group: list[int], balance: int | None) -> list[int]:
    if len(group) == 1 or any(rows[place]["balance_fen"] is None for place in group):
        return group
    if _fits(rows, group, balance):
        return group
    starts = [balance] if balance is not None else []
    starts += _loose_ends(rows, group)
    for start in starts:
        path = _path(rows, group, start)
        if path:
            return path
    return group


def _fits(rows: list[Row], group: list[int], balance: int | None) -> bool:
    for place in group:
        if balance is not None and balance + rows[place]["signed"] != rows[place]["balance_fen"]:
            return False
        balance = rows[place]["balance_fen"]
    return True


def _loose_ends(rows: list[Row], group: list[int]) -> list[int]:
    """Return balances from which more rows lead away than arrive: where a path must begin."""
    surplus: dict[int, int] = defaultdict(int)
    for place in group:
        surplus[rows[place]["balance_fen"] - rows[place]["signed"]] += 1
        surplus[rows[place]["balance_fen"]] -= 1
    return [balance for balance, count in surplus.items() if count > 0]


def _path(rows: list[Row], group: list[int], start: int) -> list[int]:
    """Return an order over all rows from the balance ``start``, empty where there is none."""
    leaving: dict[int, list[int]] = defaultdict(list)
    for place in reversed(group):
        leaving[rows[place]["balance_fen"] - rows[place]["signed"]].append(place)
    stack: list[tuple[int, int | None]] = [(start, None)]
    path: list[int] = []
    while stack:
        balance, by = stack[-1]
        if leaving[balance]:
            place = leaving[balance].pop()
            stack.append((rows[place]["balance_fen"], place))
        else:
            stack.pop()
            if by is not None:
                path.append(by)
    path.reverse()
    connected = all(
        rows[one]["balance_fen"] == rows[two]["balance_fen"] - rows[two]["signed"]
        for one, two in pairwise(path)
    )
    return path if len(path) == len(group) and connected else []
