"""A made-up case for the pictures: three victims, four tiers, as the banks would answer. Visibly synthetic."""

from __future__ import annotations

from pathlib import Path

from tests.analytics.statements.making import REPLY, csv_bytes, row

VICTIMS = ("演示·苏五十", "演示·林五一", "演示·何五二")
SEEDS = ((0, 0, 0, 98_000), (0, 3, 0, 49_800), (1, 9, 0, 60_000), (2, 14, 1, 120_000))
"""Victim, minute, first account, yuan."""

_TIERS = ((0, 1), (2, 3, 4, 5, 6), (7, 8, 9, 10, 11, 12, 13), (14, 15, 16))
_STEPS: tuple[tuple[int, int, int | None, int], ...] = (
    (6, 0, 2, 49_000), (7, 0, 3, 49_500), (12, 0, 4, 48_000), (13, 0, 5, 30_000), (18, 1, 5, 50_000),
    (19, 1, 6, 49_000), (21, 1, 4, 19_000), (24, 2, 7, 30_000), (25, 2, 8, 18_000), (27, 3, 9, 45_000),
    (30, 4, 10, 40_000), (31, 4, 11, 22_000), (33, 5, 11, 35_000), (34, 5, 12, 40_000), (36, 6, 13, 46_000),
    (44, 7, 14, 28_000), (46, 9, 14, 20_000), (47, 9, 15, 24_000), (50, 10, 15, 38_000), (52, 12, 16, 39_000),
    (58, 14, None, 20_000), (63, 15, None, 20_000), (66, 14, None, 19_500), (70, 13, None, 18_000),
)  # fmt: skip
"""Minute, payer, payee (nobody: cash), yuan."""


def card(account: int) -> str:
    """Return the number of an account of the case; victims' are negative."""
    return f"62999900000001{account if account >= 0 else 90_000 - account:05d}"


def write(folder: Path) -> list[Path]:
    """Write the reply for each account; return the files."""
    moves: list[tuple[int, int, int | None, int]] = [
        (minute, -victim - 1, first, yuan) for victim, minute, first, yuan in SEEDS
    ]
    moves += list(_STEPS)
    files = []
    for account in (place for tier in _TIERS for place in tier):
        path = folder / f"演示银行交易明细信息{account + 1:02d}.csv"
        path.write_bytes(_book(account, sorted(moves, key=lambda move: move[0])))
        files.append(path)
    return files


def pasted() -> str:
    """Return the victims' transfers as an officer pastes them."""
    lines = [
        f"{VICTIMS[victim]}\t演示银行\t{card(first)}\t{yuan / 10_000:g}万\t2026-03-01 20:{minute:02d}"
        for victim, minute, first, yuan in SEEDS
    ]
    return "\n".join(["受害人\t收款银行\t收款账号\t金额\t转账时间", *lines])


def _book(account: int, moves: list[tuple[int, int, int | None, int]]) -> bytes:
    balance, rows = 120_000 + 37 * account, []
    for minute, payer, payee, yuan in moves:
        if account not in (payer, payee):
            continue
        comes = payee == account
        balance += yuan * 100 if comes else -yuan * 100
        other = payer if comes else payee
        cash = other is None
        rows.append(
            row(
                交易卡号=card(account),
                交易账号="",
                交易户名=_name(account),
                交易时间=f"2026030120{minute:02d}00" if minute < 60 else f"2026030121{minute - 60:02d}00",
                交易金额=f"{yuan}.00",
                交易余额=f"{balance / 100:.2f}",
                收付标志="进" if comes else "出",
                交易对手账卡号="" if other is None else card(other),
                对手户名="" if other is None else _name(other),
                对手开户银行="" if cash else "演示银行",
                现金标志="现金" if cash else "转账",
                摘要说明="ATM取款" if cash else "转账",
                交易类型="ATM取款" if cash else "网银转账",
                交易流水号=f"M{minute:03d}{payer + 10:03d}",
            )
        )
    return csv_bytes(REPLY, rows)


def _name(account: int) -> str:
    if account < 0:
        return VICTIMS[-account - 1]
    return f"演示·{'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱'[account]}{account + 1:02d}"
