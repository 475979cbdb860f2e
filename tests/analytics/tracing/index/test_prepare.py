"""From real statement rows through the ledger's import to transfers: once each, between the right accounts."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.statements.schema import ACCOUNTS
from rongdun.analytics.tracing.index.identity import LABELS
from rongdun.analytics.tracing.index.prepare import Prepared, prepare
from rongdun.analytics.tracing.model import End, Kind
from tests.analytics.ledger.hand import NOON, reading, row

A, B, C = (f"622200000000000000{last}" for last in (1, 2, 3))
START = int(NOON.timestamp() * 1_000_000)
MINUTE = 60_000_000


def of_class(name: str) -> dict[str, Any]:
    return {"class": name}


def of(tmp_path: Path, *files: list[dict[str, Any]], labels: pl.DataFrame | None = None) -> Prepared:
    ledger = Ledger(tmp_path / "ledger")
    ledger.import_readings([reading(f"{place}.csv", rows) for place, rows in enumerate(files)])
    return prepare(ledger.view(), labels)


def told(prepared: Prepared) -> list[tuple[str, str, int, int, int]]:
    """Return payer, payee, amount, minute and end of each transfer; "" for nobody."""
    number = [*prepared.identity.accounts["number"].to_list(), ""]
    rows = prepared.frame.select("payer", "payee", "amount", "time", "end").rows()
    return [(number[p], number[q], fen, (time - START) // MINUTE, end) for p, q, fen, time, end in rows]


def test_one_transfer_in_two_books_is_one_with_the_payers_time(tmp_path: Path) -> None:
    prepared = of(
        tmp_path,
        [row(1, 9_000, cp_account=B, serial="x1")],
        [row(2, 9_000, 1, account=B, cp_account=A, serial="x1")],
    )
    assert told(prepared) == [(A, B, 9_000, 1, End.FOLLOWED)]
    assert prepared.frame["books"].to_list() == [3]
    assert prepared.identity.accounts["observed"].to_list() == [True, True]


def test_what_carries_nothing_is_left_out_and_counted(tmp_path: Path) -> None:
    prepared = of(
        tmp_path,
        [
            row(1, 100, cp_account=C),
            row(2, 200, cp_account=C, success=False),
            row(3, 0, cp_account=C),
            row(4, 300, cp_account=C, currency="USD"),
        ],
    )
    assert told(prepared) == [(A, C, 100, 1, End.FOLLOWED)]
    assert prepared.material.left_out == {"failed": 1, "zero": 1, "foreign": 1, "reversed": 0}


def test_a_reversal_cancels_the_latest_equal_transfer_and_an_unmatched_one_is_a_refund(
    tmp_path: Path,
) -> None:
    back = of_class("reversal")
    day = 24 * 60
    prepared = of(
        tmp_path,
        [
            row(1, 100, cp_account=C),
            row(2, 100, cp_account=C),
            row(3, 100, 1, cp_account=C, **back),
            row(4, 700, cp_account=C),
            row(4 + 4 * day, 700, 1, cp_account=C, **back),
        ],
    )
    assert told(prepared) == [
        (A, C, 100, 1, End.FOLLOWED),
        (A, C, 700, 4, End.FOLLOWED),
        (C, A, 700, 4 + 4 * day, End.FOLLOWED),
    ]
    assert prepared.frame["refund"].to_list() == [False, False, True]


def test_ends_of_what_reaches_nobody(tmp_path: Path) -> None:
    prepared = of(
        tmp_path,
        [
            row(1, 1, cash=True, cp_account="12345", **of_class("cash")),
            row(2, 2, **of_class("fee")),
            row(3, 3, cp_account="999", cp_bank="测试收单", **of_class("consumption")),
            row(4, 4),
            row(5, 5, cp_account=C, purpose="跨境汇款"),
            row(6, 6, 1, **of_class("interest")),
        ],
    )
    assert told(prepared) == [
        (A, "", 1, 1, End.CASH),
        (A, "", 2, 2, End.FEE),
        (A, "999", 3, 3, End.CONSUMPTION),
        (A, "", 4, 4, End.FRONTIER),
        (A, C, 5, 5, End.CROSS_BORDER),
        ("", A, 6, 6, End.FOLLOWED),
    ]


def test_an_account_number_stands_for_the_card_it_belongs_to(tmp_path: Path) -> None:
    """B's file gives 账号 880001 beside the card; A paid the 账号; another file lists the 账号 as its own account."""
    prepared = of(
        tmp_path,
        [row(1, 100, cp_account="8800000000000001")],
        [row(2, 50, account=B, account_alias="8800000000000001", cp_account=C)],
        [row(3, 20, account="8800000000000001", cp_account=C)],
    )
    assert told(prepared) == [
        (A, B, 100, 1, End.FOLLOWED),
        (B, C, 50, 2, End.FOLLOWED),
        (B, C, 20, 3, End.FOLLOWED),
    ]


def test_a_file_that_does_not_say_its_bank_belongs_to_the_one_another_names(tmp_path: Path) -> None:
    prepared = of(tmp_path, [row(1, 100, cp_account=C)], [row(2, 50, institution="", cp_account=C)])
    assert prepared.identity.accounts.select("institution", "number").rows() == [("", C), ("测试银行", A)]


def test_short_numbers_are_one_account_at_each_bank(tmp_path: Path) -> None:
    prepared = of(
        tmp_path,
        [row(at, 100 + at, cp_account="123", cp_bank=bank) for at, bank in enumerate(("甲", "乙", "甲"))],
    )
    accounts = prepared.identity.accounts.filter(~pl.col("observed"))
    assert accounts.select("institution", "number").rows() == [("乙", "123"), ("甲", "123")]


def test_a_payment_firm_is_followed_through_to_the_linked_card(tmp_path: Path) -> None:
    prepared = of(tmp_path, [row(1, 100, cp_account="wx-merchant", cp_account_flag=0, cp_linked_card=B)])
    assert told(prepared) == [(A, B, 100, 1, End.FOLLOWED)]


def test_rows_of_one_second_keep_the_books_order_and_a_list_from_new_to_old_is_turned(tmp_path: Path) -> None:
    """The file runs from new to old: 3, 2, 2, 1; at minute 2 the row further down came first."""
    prepared = of(
        tmp_path,
        [
            row(3, 40, cp_account=C),
            row(2, 30, cp_account=C),
            row(2, 20, 1, cp_account=C),
            row(1, 10, cp_account=C),
        ],
    )
    places = {
        amount: max(one, two)
        for amount, one, two in prepared.frame.select("amount", "payer_place", "payee_place").rows()
    }
    assert places[10] == places[40] == 0
    assert 0 < places[20] < places[30]


def test_balances_prove_the_order_the_list_has_wrong(tmp_path: Path) -> None:
    """At minute 2 the list has −30 before +20; the balances 100 → 120 → 90 say the other way round."""
    prepared = of(
        tmp_path,
        [
            row(1, 100, 1, cp_account=C, balance_fen=100),
            row(2, 30, cp_account=C, balance_fen=90),
            row(2, 20, 1, cp_account=C, balance_fen=120),
        ],
    )
    place = {
        row[0]: max(row[1:]) for row in prepared.frame.select("amount", "payer_place", "payee_place").rows()
    }
    assert place[20] < place[30]
    levels = prepared.material.levels
    assert (levels.fen.tolist(), levels.time.tolist()) == ([0], [START + MINUTE])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("测试某某有限公司", Kind.CORPORATE),
        ("测试市供电公司", Kind.UTILITY),
        ("张测试", Kind.PERSONAL),
        ("测试便利店", Kind.MERCHANT),
        (None, Kind.UNKNOWN),
    ],
)
def test_kinds_by_the_owners_name(tmp_path: Path, name: str | None, kind: Kind) -> None:
    prepared = of(tmp_path, [row(1, 100, cp_account=C, cp_name=name)])
    accounts = prepared.identity.accounts.filter(pl.col("number") == C)
    assert accounts["kind"].to_list() == [kind]


def test_the_units_label_goes_before_the_banks_word(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    card = {"institution": "测试银行", "account": A, "kind": "个人储蓄"}
    ledger.import_readings(
        [reading("a.csv", [row(1, 100, cp_account=C)]), reading("b.csv", [card], table=ACCOUNTS)]
    )
    label = pl.DataFrame([("测试银行", A, "币商")], schema=LABELS, orient="row")
    for labels, kind in ((None, Kind.PERSONAL), (label, Kind.CRYPTO)):
        accounts = prepare(ledger.view(), labels).identity.accounts
        assert accounts.filter(pl.col("number") == A)["kind"].to_list() == [kind]


def test_the_order_of_imports_changes_nothing(tmp_path: Path) -> None:
    one = [row(1, 100, cp_account=B, serial="s1"), row(1, 70, cp_account=C), row(1, 70, 1, cp_account=C)]
    two = [row(1, 100, 1, account=B, cp_account=A, serial="s1"), row(4, 60, account=B, cp_account=C)]
    here, there = of(tmp_path / "1", one, two), of(tmp_path / "2", two, one)
    assert here.frame.equals(there.frame)
    assert here.identity.accounts.equals(there.identity.accounts)
