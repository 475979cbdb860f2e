"""Backed up and brought back, nothing is missing, nothing is new, and everything still holds."""

import json
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.index.store import open_index
from rongdun.runtime.audit import Evidence, reader, trusted_keys, verify_all
from rongdun.runtime.backup import backup
from rongdun.runtime.backup.errors import (
    NothingToBackUp,
    OwnerNeeded,
    RestoreInUse,
    RestoreNotEmpty,
    TargetTaken,
)
from rongdun.runtime.crypto import open_vault
from rongdun.runtime.db import Database
from rongdun.runtime.localpg import start
from rongdun.runtime.settings import Settings
from tests.runtime.backup.conftest import PDF, House, LivedIn, bring_back, bring_key


def test_into_another_data_directory_row_by_row_and_byte_by_byte(
    lived_in: LivedIn, postgres_dir: Path, tmp_path: Path
) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    place = Path(tempfile.mkdtemp(dir=postgres_dir))
    place.chmod(0o711)
    settings = Settings(data_dir=place / "var")
    with start(settings) as server:
        house = House(settings, server.dsns)
        bring_key(lived_in.settings, settings)
        bring_back(house, tmp_path / "backup")
        assert house.rows() == lived_in.rows()
        assert house.definitions() == lived_in.definitions()
    assert house.files() == lived_in.files()
    shutil.rmtree(place)


def test_the_copy_compared_was_not_an_empty_one(lived_in: LivedIn) -> None:
    rows = lived_in.rows()
    for table in ("audit_entries", "audit_roots", "data_keys", "files", "policy_rules", "live_events"):
        assert rows[table], table
    assert len(lived_in.files()) == 4


def test_what_was_sealed_opens_and_the_audit_verifies_after_it_came_back(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    sealed = lived_in.centre.services.vault.seal("13800000000", "test:1")
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    bring_back(empty, tmp_path / "backup")
    database = Database(empty.dsns.app)
    assert open_vault(empty.settings, database).open(sealed, "test:1") == "13800000000"
    database.close()
    evidence = Evidence(empty.settings.audit_roots, trusted_keys(lived_in.settings.keys))
    with reader(empty.dsns.app) as connection:
        report = verify_all(connection, evidence)
    assert report.faults == []
    assert report.roots == 2


def test_the_keys_are_never_in_it(lived_in: LivedIn, tmp_path: Path) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    secret = (lived_in.settings.keys / "master.key").read_text().splitlines()[-1].encode()
    for path in (tmp_path / "backup").rglob("*"):
        assert "key" not in path.name
        assert "password" not in path.name
        assert not path.is_file() or secret not in path.read_bytes()


def test_the_label_tells_what_is_in_it(lived_in: LivedIn, tmp_path: Path) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    label = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert label["kind"] == "real"
    assert label["tables"]["audit_roots"] == 2
    assert label["last_root"] == "2026-03-03"
    assert label["damaged"] == []
    subprocess.run(["sha256sum", "-c", "manifest.json.sha256"], cwd=tmp_path / "backup", check=True)
    listed = "".join(f"{hash}  {name}\n" for name, (hash, _) in label["parts"].items())
    subprocess.run(["sha256sum", "-c"], input=listed, text=True, cwd=tmp_path / "backup", check=True)


def test_only_its_owner_can_read_it(lived_in: LivedIn, tmp_path: Path) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    for path in (tmp_path / "backup", *(tmp_path / "backup").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_work_goes_on_meanwhile_and_belongs_to_the_next_backup(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    before = lived_in.rows()
    said = 0

    def work_on(_: object) -> None:
        nonlocal said
        said += 1
        if said == 2:  # the database is dumped, the files are not yet copied
            lived_in.work("备份期间")
            lived_in.next_day()
            lived_in.upload(PDF + b"late")

    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup", report=work_on)
    bring_back(empty, tmp_path / "backup")
    assert empty.rows() == before
    assert not (empty.settings.audit_roots / "2026-03-04.json").exists()


def test_a_file_damaged_before_is_told_and_copied_as_it_is(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    path = next(path for path in lived_in.settings.files.rglob("*") if path.is_file())
    path.chmod(0o600)
    path.write_bytes(b"rotten")
    label = backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    assert [Path(name).name for name in label.damaged] == [path.name]
    bring_back(empty, tmp_path / "backup")
    assert empty.files() == lived_in.files()


STATEMENT = """交易时间,交易账号,交易户名,对手账号,对手户名,收付标志,交易金额,交易余额
2026-03-01 09:00:00,6217000000000000001,演示甲,6217000000000000002,演示乙,出,100.00,{balance}
"""


def _import(house: House, balance: str) -> None:
    statement = house.settings.data_dir.parent / f"演示流水{balance}.csv"
    statement.write_text(STATEMENT.format(balance=balance), "utf-8")
    assert _ledger(house).import_paths([statement]).version > 0


def _ledger(house: House) -> Ledger:
    return Ledger(house.settings.data_dir / "ledger")


def _balances(house: House) -> list[int]:
    return [row["balance_fen"] for row in _ledger(house).statement("6217000000000000001").to_dicts()]


def test_the_ledger_comes_back_whole_and_as_it_was_then(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    _import(lived_in, "900.00")
    lock = lived_in.settings.data_dir / "ledger" / ".lock"
    assert lock.exists()
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    bring_back(empty, tmp_path / "backup")
    assert not list((tmp_path / "backup").rglob(".lock"))
    assert _balances(empty) == _balances(lived_in) == [90_000]
    then = _balances(empty)
    _import(empty, "700.00")
    assert len(_balances(empty)) == len(then) + 1
    bring_back(empty, tmp_path / "backup", replace=True)
    assert _balances(empty) == then


def test_what_is_derived_from_the_ledger_is_left_out_and_made_again(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    _import(lived_in, "900.00")
    ledger = lived_in.settings.data_dir / "ledger"
    transfers = open_index(ledger).manifest.transfers
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    assert (ledger / "index").exists()
    assert not (tmp_path / "backup" / "ledger" / "index").exists()
    bring_back(empty, tmp_path / "backup")
    assert open_index(empty.settings.data_dir / "ledger").manifest.transfers == transfers == 1


def test_a_backup_is_never_written_over_another(lived_in: LivedIn, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(TargetTaken):
        backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    assert list((tmp_path / "backup").iterdir()) == []


def test_an_empty_database_is_not_worth_a_backup(empty: House, tmp_path: Path) -> None:
    with pytest.raises(NothingToBackUp):
        backup(empty.settings, empty.dsns, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_without_the_owners_way_in_there_is_none(lived_in: LivedIn, tmp_path: Path) -> None:
    with pytest.raises(OwnerNeeded) as error:
        backup(lived_in.settings, lived_in.dsns._replace(owner=""), tmp_path / "backup")
    assert "RONGDUN_OWNER_DSN" in error.value.action.zh


def test_it_goes_into_an_empty_installation_only_unless_told(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "first")
    bring_back(empty, tmp_path / "first")
    lived_in.work("之后")
    backup(lived_in.settings, lived_in.dsns, tmp_path / "second")
    first = empty.rows()
    with pytest.raises(RestoreNotEmpty) as refused:
        bring_back(empty, tmp_path / "second")
    assert "--replace" in refused.value.action.zh
    assert empty.rows() == first
    bring_back(empty, tmp_path / "second", replace=True)
    assert empty.rows() == lived_in.rows() != first
    assert empty.definitions() == lived_in.definitions()


def test_files_alone_make_an_installation_not_empty(lived_in: LivedIn, empty: House, tmp_path: Path) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    (empty.settings.files / "ab").mkdir(parents=True)
    (empty.settings.files / "ab" / "something").write_bytes(b"evidence")
    with pytest.raises(RestoreNotEmpty):
        bring_back(empty, tmp_path / "backup")


def test_nothing_is_restored_under_somebody_who_works(
    lived_in: LivedIn, empty: House, tmp_path: Path
) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    database = Database(empty.dsns.app)
    database.database_time()
    with pytest.raises(RestoreInUse):
        bring_back(empty, tmp_path / "backup")
    database.close()
    bring_back(empty, tmp_path / "backup")
    assert empty.rows() == lived_in.rows()


def test_going_back_in_time_keeps_the_later_roots_aside_and_the_audit_goes_on(
    lived_in: LivedIn, tmp_path: Path
) -> None:
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    earlier = lived_in.rows()
    lived_in.work("将被撤回")
    lived_in.next_day()
    later = (lived_in.settings.audit_roots / "2026-03-04.json").read_bytes()
    lived_in.centre.close()
    house = House(lived_in.settings, lived_in.dsns)
    done = bring_back(house, tmp_path / "backup", replace=True, clock=lived_in.clock)
    assert house.rows() == earlier
    assert done.roots_aside == ("2026-03-04",)
    assert done.aside is not None
    assert (done.aside / "2026-03-04.json").read_bytes() == later
    # Without the root in the way, signing goes on over the restored state.
    lived_in.work("恢复之后")
    lived_in.next_day()
    evidence = Evidence(lived_in.settings.audit_roots, trusted_keys(lived_in.settings.keys))
    with reader(lived_in.dsns.app) as connection:
        assert verify_all(connection, evidence).faults == []
