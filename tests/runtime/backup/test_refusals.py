"""A backup that is damaged, too new or without its key changes nothing."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from rongdun.kernel.errors import DomainError
from rongdun.runtime.backup import backup, check
from rongdun.runtime.backup import database as databases
from rongdun.runtime.backup.errors import (
    BackupDamaged,
    BackupTooNew,
    NotABackup,
    ProgramFailed,
    ProgramMissing,
    RestoreKeyMissing,
)
from rongdun.runtime.backup.programs import find
from rongdun.runtime.installation import ForeignDatabase
from rongdun.runtime.localpg import Binaries
from tests.runtime.backup.conftest import House, LivedIn, bring_back


@pytest.fixture
def made(lived_in: LivedIn, tmp_path: Path) -> Path:
    """A good backup."""
    backup(lived_in.settings, lived_in.dsns, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def refused(empty: House, made: Path) -> Callable[[type[DomainError]], DomainError]:
    """Try to bring it back, be refused, and see that nothing was touched."""

    def refuse(kind: type[DomainError]) -> DomainError:
        with pytest.raises(kind) as error:
            bring_back(empty, made)
        assert empty.rows() == {}
        assert empty.files() == {}
        return error.value

    return refuse


def _flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def _relabel(made: Path, **changes: object) -> None:
    """Change the label as a newer release would have written it."""
    text = json.dumps({**json.loads((made / "manifest.json").read_text()), **changes})
    (made / "manifest.json").write_text(text)
    (made / "manifest.json.sha256").write_text(
        f"{hashlib.sha256(text.encode()).hexdigest()}  manifest.json\n"
    )


Refuse = Callable[[type[DomainError]], DomainError]


@pytest.mark.parametrize("part", ["database.dump", "files", "audit-roots", "manifest.json"])
@pytest.mark.parametrize("where", [0.0, 0.5, 0.999])
def test_one_bit_anywhere(made: Path, refused: Refuse, part: str, where: float) -> None:
    path = made / part
    if path.is_dir():
        path = sorted(file for file in path.rglob("*") if file.is_file())[0]
    _flip(path, int(path.stat().st_size * where))
    error = refused(BackupDamaged)
    assert path.name in error.message.zh
    assert path.name in error.message.en


def test_a_part_cut_short(made: Path, refused: Refuse) -> None:
    dump = made / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-100])
    assert refused(BackupDamaged).extra["parts"] == ["database.dump"]


def test_a_part_that_is_missing(made: Path, refused: Refuse) -> None:
    (made / "audit-roots" / "2026-03-02.json").unlink()
    assert refused(BackupDamaged).extra["parts"] == ["audit-roots/2026-03-02.json"]


def test_a_part_somebody_added(made: Path, refused: Refuse) -> None:
    (made / "files" / "extra").write_bytes(b"not of this backup")
    assert refused(BackupDamaged).extra["parts"] == ["files/extra"]


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sha256"])
def test_a_backup_without_its_label(made: Path, refused: Refuse, name: str) -> None:
    (made / name).unlink()
    refused(NotABackup)


def test_no_backup_at_all(empty: House, tmp_path: Path) -> None:
    with pytest.raises(NotABackup):
        check(empty.settings, tmp_path / "nowhere")


@pytest.mark.parametrize("changes", [{"format": 2}, {"revision": "9999"}, {"server": 99}])
def test_a_backup_of_a_newer_release(made: Path, refused: Refuse, changes: dict[str, object]) -> None:
    _relabel(made, **changes)
    refused(BackupTooNew)


def test_without_the_master_key_it_says_which_one_is_needed(
    made: Path, empty: House, refused: Refuse, lived_in: LivedIn
) -> None:
    (empty.settings.keys / "master.key").unlink()
    error = refused(RestoreKeyMissing)
    with psycopg.connect(lived_in.dsns.owner) as connection:
        row = connection.execute("select distinct wrapped_by from data_keys").fetchone()
    assert row is not None
    assert row[0] in error.message.zh
    assert "0600" in error.action.zh


def test_another_installations_master_key_is_not_taken_for_it(
    made: Path, empty: House, refused: Refuse
) -> None:
    from rongdun.runtime.crypto import masterkey

    (empty.settings.keys / "master.key").unlink()
    other = masterkey.create(empty.settings.keys / "master.key")
    assert other.fingerprint in refused(RestoreKeyMissing).message.en


def test_another_programs_database_is_left_alone(made: Path, empty: House) -> None:
    with psycopg.connect(empty.dsns.owner) as connection:
        connection.execute("create table theirs (a int)")
    for replace in (False, True):
        with pytest.raises(ForeignDatabase):
            bring_back(empty, made, replace=replace)
    assert empty.rows() == {"theirs": []}


def test_a_restore_that_fails_half_way_leaves_what_was_there(
    made: Path, lived_in: LivedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dump is cut off after it was verified: pg_restore fails in the middle."""
    lived_in.work("恢复失败前")
    lived_in.centre.close()
    before = lived_in.rows(), lived_in.definitions()
    dump = made / "database.dump"
    monkeypatch.setattr("rongdun.runtime.backup.manifest.check_parts", lambda *_: None)
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    with pytest.raises(ProgramFailed) as error:
        bring_back(lived_in, made, replace=True)
    assert "pg_restore" in error.value.message.zh
    assert (lived_in.rows(), lived_in.definitions()) == before


def test_rows_that_did_not_arrive_undo_the_restore(made: Path, lived_in: LivedIn, empty: House) -> None:
    label = json.loads((made / "manifest.json").read_text())
    _relabel(made, tables={**label["tables"], "audit_entries": 10_000})
    with pytest.raises(BackupDamaged) as error:
        bring_back(empty, made)
    assert error.value.extra["parts"] == ["audit_entries"]
    assert empty.rows() == {}


@pytest.mark.parametrize("arrived", [False, True])
def test_a_restore_cut_off_by_a_power_cut_is_settled_by_the_next(
    made: Path, lived_in: LivedIn, arrived: bool
) -> None:
    lived_in.centre.close()
    with psycopg.connect(lived_in.dsns.owner) as connection:
        connection.execute("alter schema public rename to before_restore")
        connection.execute("create schema public authorization pg_database_owner")
        if arrived:
            connection.execute("create table public.installation (a int)")
    databases.settle(lived_in.dsns.owner)
    rows = lived_in.rows()
    assert rows == {"installation": []} if arrived else len(rows) > 10


def test_programs_of_the_servers_own_version_are_preferred(tmp_path: Path) -> None:
    found = []
    for major in (18, 16, 15):
        directory = tmp_path / str(major)
        directory.mkdir()
        for name in ("pg_dump", "pg_restore"):
            (directory / name).write_text("#!/bin/sh\n")
            (directory / name).chmod(0o755)
        found.append(Binaries(directory, f"{major}.1", major))
    assert find("pg_dump", 16, found) == tmp_path / "16" / "pg_dump"
    assert find("pg_dump", 17, found) == tmp_path / "18" / "pg_dump"
    assert find("pg_restore", 15, found) == tmp_path / "15" / "pg_restore"
    with pytest.raises(ProgramMissing):
        find("pg_restore", 17, found)
    with pytest.raises(ProgramMissing):
        find("pg_dump", 19, found)
