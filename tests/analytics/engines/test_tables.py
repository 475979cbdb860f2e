"""The engines' tables of a ledger: written once a version, again after an import or for other labels; any number."""

from pathlib import Path

import polars as pl
import pytest

from rongdun.analytics.engines.duck import DuckEngine
from rongdun.analytics.engines.tables import FILES, MANIFEST, open_tables
from rongdun.analytics.engines.trace import open_ledger
from rongdun.analytics.ledger.errors import NoLedger
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.index.errors import SeveralAccounts
from rongdun.analytics.tracing.index.store import LABELS_FILE, open_index
from rongdun.analytics.tracing.model import NOBODY
from tests.analytics.ledger.hand import reading, row

MULE, CARD, FAR = "6222000000000000002", "6222000000000000028", "6222000000000000036"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The mule's account has a card number too; two banks have an account 12345678."""
    rows = [
        row(0, 500_000, 1, account=MULE, account_alias=CARD, cp_account=FAR, serial="s1"),
        row(5, 100_000, -1, account=MULE, account_alias=CARD, cp_account="12345678", cp_bank="测试甲行"),
        row(6, 100_000, -1, account=MULE, account_alias=CARD, cp_account="12345678", cp_bank="测试乙行"),
    ]
    made = Ledger(tmp_path / "台账")
    made.import_readings([reading("1.csv", rows)])
    return made.directory


def stamps(folder: Path) -> list[int]:
    return [(folder / file).stat().st_mtime_ns for file in (*FILES.values(), MANIFEST)]


def test_tables_are_written_once_and_again_when_they_no_longer_hold(ledger: Path) -> None:
    first = open_tables(ledger)
    before = stamps(first.folder)
    assert stamps(open_tables(ledger).folder) == before
    (first.folder / FILES["levels"]).write_bytes(b"")
    assert open_tables(ledger).manifest == first.manifest
    (ledger / LABELS_FILE).write_text(f"institution,account,kind\n测试银行,{MULE},虚拟币\n", encoding="utf-8")
    labelled = pl.read_parquet(open_tables(ledger).folder / FILES["accounts"])
    assert labelled.filter(pl.col("number") == MULE)["kind"].to_list() == [8]
    later = row(9, 1_000, -1, account=MULE, cp_account=FAR)
    Ledger(ledger).import_readings([reading("2.csv", [later])])
    again = open_tables(ledger)
    assert (again.manifest.version, again.manifest.transfers) == (2, first.manifest.transfers + 1)
    assert not first.folder.exists(), "tables of old versions are cleared away"


def test_there_must_be_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        open_tables(tmp_path)


def test_numbers_stand_for_the_same_accounts_as_in_the_index(ledger: Path) -> None:
    index = open_index(ledger)
    asked = [
        ("", MULE),
        ("测试银行", CARD),
        ("", FAR),
        ("测试甲行", "12345678"),
        ("测试乙行", "12345678"),
        ("", "404"),
    ]
    with DuckEngine() as engine:
        book = open_ledger(engine, ledger, [number for _, number in asked])
        found = [book.find(*key) for key in asked]
        assert found == [index.find(*key) for key in asked]
        assert found[0] == found[1] != NOBODY
        assert found[3] != found[4]
        assert found[5] == NOBODY
        with pytest.raises(SeveralAccounts):
            book.find("", "12345678")
