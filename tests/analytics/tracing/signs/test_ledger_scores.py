"""From statements in a ledger to scores with reasons: pairs once, reversed transfers not at all."""

from pathlib import Path
from typing import Any

import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.signs.ledger_scores import account_report, score_ledger
from tests.analytics.ledger.hand import NOON, reading, row

MULE, OTHER, STRANGER = "6222000000000000001", "6217000000000000002", "6228000000000000003"


def mule(minute: float, yuan: int, way: int, **told: Any) -> dict[str, Any]:
    values = {"account": MULE, "owner_name": "测试甲", "cp_account": STRANGER} | told
    return row(minute, yuan * 100, way, **values)


def other(minute: float, yuan: int, way: int, **told: Any) -> dict[str, Any]:
    values = {"account": OTHER, "owner_name": "测试乙", "cp_account": STRANGER} | told
    return row(minute, yuan * 100, way, **values)


def test_failed_rows_and_reversed_transfers_move_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    rows = [
        mule(0, 700, -1, success=False),
        mule(1, 800, -1),
        mule(9, 800, 1, **{"class": "reversal"}),
        mule(10, 900, -1),
    ]
    ledger.import_readings([reading("a.csv", rows)])
    scores = score_ledger(ledger.view())
    assert scores.select("number", "transfers").rows() == [(MULE, 1)]


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


def test_logins_are_uses_of_a_device_too(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    login = {"account": OTHER, "ip": "192.0.2.7", "time": NOON}
    ledger.import_readings(
        [
            reading("a.csv", [mule(0, 5_000, -1, ip="192.0.2.7"), other(0, 100, -1, account_alias="6217-7")]),
            reading("b.csv", [login], table="logins"),
        ]
    )
    assert score_ledger(ledger.view())["shared"].to_list() == [1, 1]


def test_an_empty_ledger_has_no_scores(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", [])])
    assert score_ledger(ledger.view()).height == 0
