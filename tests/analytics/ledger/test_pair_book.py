"""One transfer in two books becomes one transfer; what could be another stays apart and is listed."""

from pathlib import Path
from typing import Any

import pytest

from rongdun.analytics.ledger.ledger import Ledger
from tests.analytics.ledger.hand import reading, row

PAYER, PAYEE, THIRD = "6222000000000000001", "6217000000000000002", "6228000000000000003"


def out(minute: float = 0, amount: int = 5_000_00, **told: Any) -> dict[str, Any]:
    """The payer's row: 测试甲 pays 测试乙."""
    values = {"account": PAYER, "owner_name": "测试甲", "cp_account": PAYEE, "cp_name": "测试乙"} | told
    return row(minute, amount, -1, **values)


def into(minute: float = 0.5, amount: int = 5_000_00, kind: str = "transfer", **told: Any) -> dict[str, Any]:
    """The payee's row of the same transfer."""
    values = {
        "class": kind,
        "account": PAYEE,
        "owner_name": "测试乙",
        "cp_account": PAYER,
        "cp_name": "测试甲",
    } | told
    return row(minute, amount, 1, **values)


def paired(tmp_path: Path, *rows: dict[str, Any]) -> list[tuple[str, list[str]]]:
    ledger = Ledger(tmp_path)
    report = ledger.import_readings([reading("a.csv", rows)])
    pairs = ledger.pairs().sort("score", descending=True)
    sure = pairs.filter(pairs["state"] == "paired").height
    assert (report.paired, report.transfers) == (sure, len(rows) - sure)
    return [(state, reason.split("+")) for state, reason in pairs.select("state", "reason").rows()]


def test_both_books_name_each_other(tmp_path: Path) -> None:
    assert paired(tmp_path, out(), into()) == [("paired", ["both_accounts", "both_names", "within_minute"])]


def test_the_payees_book_names_nobody(tmp_path: Path) -> None:
    (pair,) = paired(tmp_path, out(), into(cp_account=None, cp_name=None))
    assert pair == ("paired", ["one_account", "one_name", "within_minute"])


def test_a_masked_counterparty_fits_or_does_not(tmp_path: Path) -> None:
    masked: dict[str, Any] = {"cp_account": "6222****0001", "cp_account_flag": 1, "cp_name": "测*"}
    ((state, reason),) = paired(tmp_path / "fits", out(), into(**masked))
    assert (state, "masked_account" in reason) == ("paired", True)
    assert paired(tmp_path / "differs", out(), into(**masked | {"cp_account": "6222****0009"})) == []


def test_a_pool_of_wallets_contradicts_nobody_but_names_nobody_either(tmp_path: Path) -> None:
    pool: dict[str, Any] = {"cp_account": "90000990000000001", "cp_name": "演示榕付支付客户备付金"}
    wallet: dict[str, Any] = {"account": "20990017259976600", "owner_name": None, "cp_name": None}
    ((state, reason),) = paired(tmp_path / "wallet", out(**pool), into(**wallet))
    assert (state, reason) == ("paired", ["one_account", "within_minute"])
    assert paired(tmp_path / "stranger", out(**pool), into(**wallet | {"cp_account": THIRD})) == []
    elsewhere = pool | {"cp_name": "演示某商贸有限公司"}
    assert paired(tmp_path / "shop", out(**elsewhere), into(**wallet)) == []


def test_serial_alone_pairs_two_books_without_counterparties(tmp_path: Path) -> None:
    blank: dict[str, Any] = {"cp_account": None, "cp_name": None, "serial": "NET20240506000123"}
    assert paired(tmp_path, out(**blank), into(**blank)) == [("paired", ["serial", "within_minute"])]


@pytest.mark.parametrize(
    "other",
    [
        into(amount=5_000_01),
        into(minute=60 * 24 * 4),
        into(minute=-120),
        into(cp_account=THIRD),
        into(success=False),
        into(currency="USD"),
        into(kind="interest"),
        out(minute=0.5, purpose="再付"),
    ],
)
def test_what_is_no_pair(tmp_path: Path, other: dict[str, Any]) -> None:
    assert paired(tmp_path, out(), other) == []


def test_repeated_payments_pair_each_with_the_nearest(tmp_path: Path) -> None:
    rows = [out(0), out(10), out(20), into(0.2), into(10.2), into(20.2)]
    found = paired(tmp_path, *rows)
    assert [state for state, _ in found] == ["paired"] * 3


def test_two_payments_within_seconds_and_one_receipt_stay_apart_and_are_listed(tmp_path: Path) -> None:
    found = paired(tmp_path, out(0), out(0.1), into(0.3))
    assert [state for state, _ in found] == ["unsure", "unsure"]
    assert all("several_fit" in reason for _, reason in found)


def test_the_second_receipt_settles_what_was_unsure_and_undo_unsettles_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", [out(0), out(0.1), into(0.3)])])
    assert ledger.import_readings([reading("b.csv", [into(0.4)])]).paired == 2
    assert ledger.undo(2).paired == 0
    assert ledger.pairs()["state"].to_list() == ["unsure", "unsure"]


def test_books_by_day_pair_on_the_same_day(tmp_path: Path) -> None:
    ((state, reason),) = paired(tmp_path, out(0), into(-200, time_precision=0))
    assert (state, reason[-1]) == ("paired", "same_day")
