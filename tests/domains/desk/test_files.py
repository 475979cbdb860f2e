"""Files over HTTP: kept for the uploader's unit, handed out as downloads, on record both ways."""

import errno
import hashlib
import os
from typing import Any

import pytest

from rongdun.domains.desk.jobs import VERIFY_FILES
from rongdun.kernel.scope import NOBODY
from rongdun.runtime.files import FileStore
from rongdun.runtime.jobs import Work
from tests.domains.desk.conftest import CITY, GULOU, XIAMEN, Desk, officer

TEXT = "交易时间,金额\n2026-03-01,100.00\n".encode()
HASH = hashlib.sha256(TEXT).hexdigest()


def test_an_upload_is_known_by_its_content(desk: Desk) -> None:
    file = desk.upload(TEXT, "流水.exe")
    assert {key: file[key] for key in ("sha256", "size", "media_type", "name")} == {
        "sha256": HASH,
        "size": len(TEXT),
        "media_type": "text/plain",
        "name": "流水.exe.txt",
    }
    [entry] = desk.recorded
    assert (entry.action, entry.subject.id, entry.unit_path) == ("file.upload", file["id"], GULOU)


def test_a_download_is_a_download_and_on_record(desk: Desk) -> None:
    desk.upload(TEXT, "流水.csv")
    answer = desk.client.get(f"/api/files/{HASH}")
    assert answer.content == TEXT
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    disposition = answer.headers["content-disposition"]
    assert disposition == "attachment; filename=\"download.csv\"; filename*=UTF-8''%E6%B5%81%E6%B0%B4.csv"
    assert [entry.action for entry in desk.recorded] == ["file.upload", "file.read"]


def test_a_file_is_there_for_its_unit_and_those_above(desk: Desk) -> None:
    desk.upload(TEXT, "a.csv")
    for path, status in ((CITY, 200), (GULOU, 200), (XIAMEN, 404), (f"{GULOU}dongjie.", 404)):
        desk.actor = officer(path)
        assert desk.client.get(f"/api/files/{HASH}").status_code == status, path


def test_a_lost_content_is_told_apart_from_an_unknown_file(desk: Desk) -> None:
    assert desk.call("GET", f"/api/files/{HASH}", 404)["code"] == "not_found"
    desk.upload(TEXT, "a.csv")
    FileStore.of(desk.centre.services.settings).path_of(HASH).unlink()
    assert desk.call("GET", f"/api/files/{HASH}", 404)["code"] == "file_lost"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"MZ\x90\x00\x03", 415, "unaccepted_file"),
        (b"<html>", 415, "unaccepted_file"),
        (b"a" * ((1 << 20) + 1), 413, "too_large"),
    ],
)
def test_a_refused_upload_leaves_neither_file_nor_record(
    desk: Desk, content: bytes, status: int, code: str
) -> None:
    assert desk.upload(content, "a.txt", status)["code"] == code
    assert desk.recorded == []
    root = FileStore.of(desk.centre.services.settings).root
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_told_as_such(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    problem = desk.upload(TEXT, "a.csv", 507)
    assert problem["code"] == "disk_full"
    assert "已满" in problem["message"]["zh"] and "full" in problem["message"]["en"]
    assert desk.recorded == []


def test_an_upload_holds_no_database_connection_while_it_waits(desk: Desk) -> None:
    engine = desk.centre.services.database.engine
    busy: list[int] = []

    def slowly() -> Any:
        for _ in range(3):
            busy.append(engine.pool.checkedout())  # type: ignore[attr-defined]
            yield b"x" * (1 << 18)

    desk.call("POST", "/api/files", 201, params={"name": "a.txt"}, content=slowly())
    assert busy[-1] == 0


def test_who_may_not_handle_files_does_not(desk: Desk) -> None:
    desk.upload(TEXT, "a.csv")
    desk.actor = NOBODY
    desk.upload(TEXT, "a.csv", 401)
    desk.call("GET", f"/api/files/{HASH}", 401)


def test_the_nightly_check_puts_damage_on_record_and_is_silent_otherwise(desk: Desk) -> None:
    work = Work(desk.centre.transact, desk.centre.services)
    altered = desk.upload(b"one", "1.txt")["sha256"]
    lost = desk.upload(b"two", "2.txt")["sha256"]
    desk.upload(b"three", "3.txt")
    desk.recorded.clear()
    VERIFY_FILES.run(work)
    assert desk.recorded == []
    files = FileStore.of(desk.centre.services.settings)
    files.path_of(lost).unlink()
    files.path_of(altered).chmod(0o600)
    files.path_of(altered).write_bytes(b"One")
    VERIFY_FILES.run(work)
    [entry] = desk.recorded
    assert (entry.action, entry.after) == ("file.damage_found", {"damaged": [altered], "missing": [lost]})


@pytest.mark.parametrize("hash", ["A" * 64, "..%2f..%2fetc%2fpasswd", "0" * 63])
def test_addresses_that_are_no_hash_are_refused(desk: Desk, hash: str) -> None:
    assert desk.client.get(f"/api/files/{hash}").status_code in (404, 422)
