"""From statements in a ledger to scores with reasons: pairs once, reversed transfers not at all."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.model import NOBODY
from rongdun.analytics.tracing.signs.ledger_rows import LedgerRows, ledger_rows
from rongdun.analytics.tracing.signs.ledger_scores import account_report, score_ledger
from tests.analytics.ledger.hand import NOON, reading, row

MULE, OTHER, STRANGER = "6222000000000000001", "6217000000000000002", "6228000000000000003"


def mule(minute: float, yuan: int, way: int, **told: Any) -> dict[str, Any]:
    values = {"account": MULE, "owner_name": "测试甲", "cp_account": STRANGER} | told
    return row(minute, yuan * 100, way, **values)


def other(minute: float, yuan: int, way: int, **told: Any) -> dict[str, Any]:
    values = {"account": OTHER, "owner_name": "测试乙", "cp_account": STRANGER} | told
    return row(minute, yuan * 100, way, **values)


def read(tmp_path: Path, *rows: dict[str, Any]) -> LedgerRows:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", rows)])
    return ledger_rows(ledger.view())


def told(rows: LedgerRows) -> list[tuple[int, int, int]]:
    return rows.transfers.select("payer", "payee", "amount_fen").rows()


def test_a_transfer_in_both_books_is_one_with_two_balances(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        mule(0, 5_000, -1, cp_account=OTHER, cp_name="测试乙", balance_fen=12_00),
        other(0.5, 5_000, 1, cp_account=MULE, cp_name="测试甲", balance_fen=5_034_00),
    )
    assert rows.own["account"].to_list() == [OTHER, MULE]
    assert told(rows) == [(1, 0, 5_000_00)]
    assert rows.transfers.select("payer_balance", "payee_balance").rows() == [(12_00, 5_034_00)]


def test_strangers_short_numbers_and_cash(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        mule(0, 10, -1),
        mule(1, 11, -1, cp_account="1000", cp_bank="测试甲行"),
        mule(2, 12, -1, cp_account="1000", cp_bank="测试乙行"),
        mule(3, 13, -1, cp_account=None, cash=True),
        mule(4, 14, -1, cp_account="6222****0001", cp_account_flag=1),
    )
    payees = [payee for _, payee, _ in told(rows)]
    assert len(set(payees[:3])) == 3
    assert min(payees[:3]) >= 1
    assert payees[3:] == [NOBODY, NOBODY]
    assert rows.accounts == 4


def test_failed_rows_and_reversed_transfers_move_nothing(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        mule(0, 700, -1, success=False),
        mule(1, 800, -1),
        mule(9, 800, 1, **{"class": "reversal"}),
        mule(10, 900, -1),
        mule(10 + 4 * 1440, 900, 1, **{"class": "reversal"}),  # after four days: a refund
    )
    assert [fen for _, _, fen in told(rows)] == [900_00, 900_00]


def test_the_mule_stands_first_with_its_reasons(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    used: dict[str, Any] = {"ip": "192.0.2.7", "mac": "AA:BB:CC:DD:EE:01"}
    rows = [
        mule(0, 1, 1),
        mule(60, 50_000, 1, balance_fen=50_001_00),
        mule(70, 49_990, -1, balance_fen=11_00, **used),
        other(0, 8_000, 1),
        other(9_000, 500, -1, ip="192.0.2.7"),
        other(20_000, 500, -1),
    ]
    ledger.import_readings([reading("a.csv", rows)])
    scores = score_ledger(ledger.view())
    assert scores["number"].to_list() == [MULE, OTHER]
    report = account_report(scores, scores["account"][0])
    signs = {line["sign"]: line for line in report["signs"]}
    assert (report["name"], report["transfers"]) == ("测试甲", 3)
    assert signs["shared"]["value"] == 1
    assert signs["emptied"]["value"] == 1
    assert signs["dwell"]["value"] == pytest.approx(1 / 6, rel=0.01)
    assert signs["tests"]["reason_zh"] == "1 次小额测试后 72 小时内大额进账"
    assert signs["night"]["value"] is None


def test_days_without_a_time_are_not_night(tmp_path: Path) -> None:
    night = NOON + timedelta(hours=13)  # one o'clock in China
    rows = [
        mule(0, 10 + n, -1, time=night, time_precision=precision) for n, precision in enumerate((0, 2) * 5)
    ]
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", rows)])
    assert score_ledger(ledger.view())["night"][0] == 1
    assert ledger_rows(ledger.view()).transfers["timed"].sum() == 5


def test_an_empty_ledger_has_no_scores(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", [])])
    assert score_ledger(ledger.view()).height == 0
