"""A case of two victims through four tiers, as four banks would answer it. Visibly synthetic."""

from tests.analytics.statements.making import REPLY, csv_bytes, row

CARDS = [f"62999900000000{number:05d}" for number in (50011, 50022, 50033, 50044)]
OWNERS = ["演示·甲一", "演示·乙二", "演示·丙三", "演示·丁四"]
VICTIMS = ["演示·苏五十", "演示·林五一"]
OPENING = 100_000
"""Fen in each account before the first victim's money came."""

MOVES = [
    # minute, payer, payee, yuan; a payer of -1 and -2 is a victim, a payee of None takes cash
    (0, -1, 0, 100_000),
    (2, -2, 0, 50_000),
    (5, 0, 1, 120_000),
    (10, 1, 2, 110_000),
    (20, 2, 3, 90_000),
    (30, 3, None, 20_000),
]
"""150,000 yuan of two victims. First in, first out, worked by hand: each account's own 1,000 go first.

The first pays 120,000: 1,000 of its own, 100,000 of the first victim, 19,000 of the second; 31,000 stay (the second's).
The second pays 110,000: 1,000 of its own, 1,000 that came clean, 100,000 and 8,000; 11,000 stay (the second's).
The third pays 90,000: 1,000 of its own, 2,000 clean, 87,000 of the first victim; 13,000 and 8,000 stay.
The fourth takes 20,000 in cash: 1,000 of its own, 3,000 clean, 16,000 of the first victim; 71,000 stay (the first's).
"""


def number_of(party: int | None) -> str:
    """The card of an owner (0 …) or of a victim (-1 …); empty for nobody."""
    if party is None:
        return ""
    return CARDS[party] if party >= 0 else f"62999900000000{90000 - party:05d}"


def name_of(party: int | None) -> str:
    """The name of an owner or of a victim; empty for nobody."""
    if party is None:
        return ""
    return OWNERS[party] if party >= 0 else VICTIMS[-party - 1]


def book_of(owner: int) -> bytes:
    """The bank's reply for one account: its rows with balances that follow each other."""
    balance, rows = OPENING, []
    for minute, payer, payee, yuan in MOVES:
        if owner not in (payer, payee):
            continue
        comes = payee == owner
        balance += yuan * 100 if comes else -yuan * 100
        other = payer if comes else payee
        cells = {
            "交易卡号": CARDS[owner],
            "交易账号": "",
            "交易户名": OWNERS[owner],
            "交易时间": f"2025030112{minute:02d}00",
            "交易金额": f"{yuan}.00",
            "交易余额": f"{balance / 100:.2f}",
            "收付标志": "进" if comes else "出",
            "交易对手账卡号": number_of(other),
            "对手户名": name_of(other),
            "对手开户银行": "" if other is None else "演示银行",
            "现金标志": "现金" if other is None else "转账",
            "摘要说明": "ATM取款" if other is None else "转账",
            "交易类型": "ATM取款" if other is None else "网银转账",
            "交易流水号": f"M{minute:04d}",
        }
        rows.append(row(**cells))
    return csv_bytes(REPLY, rows)
