"""A number finds its account; what a book's balances say is the opening; damage is noticed."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rongdun.analytics.tracing.index import opened
from rongdun.analytics.tracing.index.build import Material, write_index
from rongdun.analytics.tracing.index.columns import ACCOUNT_COLUMNS, Levels, no_levels
from rongdun.analytics.tracing.index.errors import DamagedIndex, SeveralAccounts
from rongdun.analytics.tracing.index.hubs import HubPolicy, limits_of
from rongdun.analytics.tracing.index.layout import FILES, SEPARATOR
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import Touched
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import NOBODY, PAYEE_BOOK, PAYER_BOOK
from tests.analytics.tracing.index import plain
from tests.analytics.tracing.index.plain import Holder, Move


@pytest.fixture
def named(tmp_path: Path) -> TraceIndex:
    told = [
        ("", "62220001", "测试甲", "", 1, False, 0, 0),
        ("甲银行", "62220002", "测试乙", f"880001{SEPARATOR}880002", 1, True, 1, 2),
        ("甲银行", "62220003", "", "", 0, True, 1, 2),
        ("乙银行", "62220003", "", "", 0, True, 1, 2),
        ("乙银行", "62220004", "", "", 0, False, 0, 0),
        ("甲银行", "62220004", "", "", 0, True, 1, 2),
    ]
    accounts = pl.DataFrame(told, schema=ACCOUNT_COLUMNS, orient="row")
    write_index(Material(plain.columns([]), accounts, no_levels(), {}), tmp_path / "1", 1)
    return TraceIndex(tmp_path / "1")


def test_number_and_other_numbers_find_the_account(named: TraceIndex) -> None:
    assert named.find("甲银行", "62220002") == 1
    assert named.find("", "62220002") == named.find("甲银行", "880002") == named.find("", "880001") == 1
    assert named.find("", "62229999") == NOBODY
    assert named.card(1) == ("甲银行", "62220002", "测试乙")


def test_a_name_is_no_number(named: TraceIndex) -> None:
    assert named.find("", "测试乙") == NOBODY


def test_the_institution_decides_and_an_account_nobody_named_a_bank_for_fits_any(named: TraceIndex) -> None:
    assert (named.find("甲银行", "62220003"), named.find("乙银行", "62220003")) == (2, 3)
    assert named.find("丙银行", "62220003") == NOBODY
    assert named.find("丙银行", "62220001") == 0


def test_without_institution_the_observed_account_is_meant_and_two_observed_ones_are_refused(
    named: TraceIndex,
) -> None:
    assert named.find("", "62220004") == 5
    with pytest.raises(SeveralAccounts):
        named.find("", "62220003")


def test_many_numbers_together_find_what_each_finds_alone(
    named: TraceIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MANY", 1)
    numbers = ["62220001", "62220002", "62220003", "62220004", "62229999", "880002", "测试乙", ""]
    keys = [(bank, number) for bank in ("甲银行", "乙银行", "丙银行", "") for number in numbers]
    clear = [key for key in keys if key != ("", "62220003")]
    assert named.find_all(clear).tolist() == [named.find(*key) for key in clear]
    with pytest.raises(SeveralAccounts):
        named.find_all(keys)


def opening(index: TraceIndex, account: int, moment: int) -> tuple[int, bool]:
    limits = limits_of(HubPolicy(), {})
    touched = Touched(np.array([account]), np.array([moment]))
    got = take(index, touched, 100, limits, np.empty((0, 3), np.int64))
    at = got.place.tolist().index(account)
    return int(got.sub.accounts.opening_fen[at]), bool(got.sub.accounts.opening_known[at])


def test_a_known_opening_is_the_balance_just_before(tmp_path: Path) -> None:
    """Book of account 0: held 500; +100 at 10 → 600, −50 at 20 → 550, +30 at 30 → 580."""
    moves = [Move(1, 0, 100, 10), Move(0, 1, 50, 20), Move(1, 0, 30, 30)]
    level = Levels(np.array([0], np.int32), np.array([10]), np.array([500]))
    index = plain.index_of(tmp_path / "1", [Holder(since=10, until=30), Holder()], moves, level)
    assert [opening(index, 0, moment) for moment in (5, 10, 11, 20, 30, 31)] == [
        (500, True),
        (500, True),
        (600, True),
        (600, True),
        (550, True),
        (580, True),
    ]


def test_money_that_another_book_shows_before_the_own_book_begins_is_in_its_first_balance(
    tmp_path: Path,
) -> None:
    """The book begins at 20 with 550 before its first row; 100 arrived at 10 by the payer's book: 450 lay there."""
    moves = [Move(1, 0, 100, 10, books=PAYER_BOOK), Move(0, 1, 50, 20, books=PAYER_BOOK)]
    level = Levels(np.array([0], np.int32), np.array([20]), np.array([550]))
    index = plain.index_of(tmp_path / "1", [Holder(since=20, until=20), Holder()], moves, level)
    assert opening(index, 0, 10) == (450, True)
    assert opening(index, 0, 15) == (550, True)


def test_after_a_gap_the_balance_before_the_arrival_counts(tmp_path: Path) -> None:
    """+10 at 10; then pages are missing that brought 1,000: from 30 on the balances say 1,000 more."""
    moves = [Move(1, 0, 10, at, books=PAYEE_BOOK) for at in (10, 30, 40)]
    level = Levels(np.array([0, 0], np.int32), np.array([10, 30]), np.array([5, 1005]))
    index = plain.index_of(tmp_path / "1", [Holder(since=10, until=40), Holder()], moves, level)
    assert [opening(index, 0, moment)[0] for moment in (10, 20, 30, 35)] == [5, 15, 15, 1025]


def test_an_assumed_opening_is_the_least_that_suffices(tmp_path: Path) -> None:
    """80 went out at 10 before 50 came in at 20: at least 80 lay there; nothing is left of it at 20."""
    index = plain.index_of(tmp_path / "1", [Holder(), Holder()], [Move(0, 1, 80, 10), Move(1, 0, 50, 20)])
    assert opening(index, 0, 10) == (80, False)
    assert opening(index, 0, 20) == (0, False)


@pytest.mark.parametrize("name", FILES)
def test_a_cut_file_is_noticed(tmp_path: Path, name: str) -> None:
    level = Levels(np.array([0], np.int32), np.array([10]), np.array([500]))
    plain.index_of(tmp_path / "1", [Holder(), Holder()], [Move(0, 1, 80, 10)], level)
    path = tmp_path / "1" / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedIndex):
        TraceIndex(tmp_path / "1")


def test_files_of_another_run_of_the_machine_count_only_when_known_to_be_on_the_disk(tmp_path: Path) -> None:
    plain.index_of(tmp_path / "1", [Holder(), Holder()], [Move(0, 1, 80, 10)])
    manifest = tmp_path / "1" / "manifest.json"
    boot = TraceIndex(tmp_path / "1").manifest.boot
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(boot, "another run"), encoding="utf-8")
    with pytest.raises(DamagedIndex):
        TraceIndex(tmp_path / "1")
    (tmp_path / "1" / "durable").touch()
    assert len(TraceIndex(tmp_path / "1")) == 2


def test_pages_are_given_back_once_many_were_read(named: TraceIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    places = np.arange(len(named), dtype=np.int64)
    named.will_read("accounts", places, places + 1)
    card = named.card(1)
    named.let_go()
    assert _mapped(named) > 0
    monkeypatch.setattr(opened, "MOST_MAPPED", 0)
    named.let_go(victims=opened.MANY_VICTIMS)
    assert _mapped(named) > 0
    named.let_go()
    assert _mapped(named) == 0
    assert named.card(1) == card


def _mapped(index: TraceIndex) -> int:
    """Return the pages of the index that count as this process's own, in kB, as the system says."""
    folder, own, total = str(index.folder), False, 0
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if "-" in line.split(" ", 1)[0]:
            own = folder in line
        elif own and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total
