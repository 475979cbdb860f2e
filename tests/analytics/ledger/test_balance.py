"""A missing page is where the money went. Expected values are worked by hand."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rongdun.analytics.ledger.balance import Break
from rongdun.analytics.ledger.ledger import Ledger
from tests.analytics.ledger.hand import NOON, reading, row

# 余额 1000.00 起:+500.00 → 1500.00,-200.00 → 1300.00,-300.00 → 1000.00,+50.00 → 1050.00,-1050.00 → 0.00
STATEMENT = [
    row(0, 500_00, 1, balance_fen=1500_00),
    row(1, 200_00, -1, balance_fen=1300_00),
    row(2, 300_00, -1, balance_fen=1000_00),
    row(3, 50_00, 1, balance_fen=1050_00),
    row(4, 1050_00, -1, balance_fen=0),
]


def findings(tmp_path: Path, *files: list[dict[str, Any]]) -> list[Break]:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading(f"{n}.csv", rows) for n, rows in enumerate(files)])
    return ledger.balance_breaks()


def test_a_whole_statement_has_nothing_to_find(tmp_path: Path) -> None:
    assert findings(tmp_path, STATEMENT) == []


def test_a_missing_row_is_a_gap_with_what_it_moved(tmp_path: Path) -> None:
    (gap,) = findings(tmp_path, STATEMENT[:2] + STATEMENT[3:])
    assert gap.kind == "gap"
    assert (gap.before.row, gap.after.row) == (3, 4)
    assert (gap.expected_fen, gap.found_fen, gap.missing_fen) == (1350_00, 1050_00, -300_00)


def test_rows_missing_between_two_files_are_a_missing_page(tmp_path: Path) -> None:
    """Rows 2 to 4 moved -200 - 300 + 50 = -450."""
    (page,) = findings(tmp_path, STATEMENT[:1], STATEMENT[4:])
    assert page.kind == "missing_page"
    assert (page.before.file_no, page.after.file_no) == (0, 1)
    assert page.missing_fen == -450_00


def test_one_misread_balance_is_named_and_not_two_gaps(tmp_path: Path) -> None:
    odd = [*STATEMENT[:2], STATEMENT[2] | {"balance_fen": 9000_00}, *STATEMENT[3:]]
    (found,) = findings(tmp_path, odd)
    assert (found.kind, found.after.row) == ("odd_balance", 4)
    assert (found.expected_fen, found.found_fen) == (1000_00, 9000_00)


def test_a_list_from_new_to_old_is_read_from_its_end(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, STATEMENT[::-1])
    assert (found.kind, found.missing_fen) == ("reversed", 0)


def test_rows_of_one_second_follow_the_list(tmp_path: Path) -> None:
    same = [told | {"time": NOON} for told in STATEMENT]
    assert findings(tmp_path, same) == []


@pytest.mark.parametrize("seed", range(5))
def test_rows_of_one_second_out_of_order_are_put_right_and_said(tmp_path: Path, seed: int) -> None:
    same = [told | {"time": NOON} for told in STATEMENT[:4]]
    order = list(range(4))
    while order == [0, 1, 2, 3]:
        random.Random(seed).shuffle(order)
        seed += 100
    later = row(9, 50_00, -1, balance_fen=1000_00)
    found = findings(tmp_path, [*(same[place] for place in order), later])
    assert [one.kind for one in found] == ["disorder"]


def test_rows_without_a_balance_pass_theirs_on(tmp_path: Path) -> None:
    silent = [*STATEMENT[:1], STATEMENT[1] | {"balance_fen": None}, *STATEMENT[2:]]
    assert findings(tmp_path, silent) == []


def test_failed_rows_move_nothing(tmp_path: Path) -> None:
    failed = row(1.5, 99_00, -1, success=False, balance_fen=1300_00)
    assert findings(tmp_path, [*STATEMENT[:2], failed, *STATEMENT[2:]]) == []


def test_each_account_has_its_own_balance(tmp_path: Path) -> None:
    other = [
        told | {"account": "6222000000000000009", "row_key": told["row_key"][::-1]} for told in STATEMENT
    ]
    mixed = [
        told for pair in zip(STATEMENT, other[:2] + other[3:] + other[:0], strict=False) for told in pair
    ]
    (gap,) = findings(tmp_path, [*mixed, STATEMENT[4]])
    assert (gap.account, gap.missing_fen) == ("6222000000000000009", -300_00)


def test_midnight_is_no_break(tmp_path: Path) -> None:
    late = [told | {"time": NOON + timedelta(hours=11 * n)} for n, told in enumerate(STATEMENT)]
    assert findings(tmp_path, late) == []
