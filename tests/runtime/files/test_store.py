"""The file store: what is kept is whole and findable, what is refused leaves nothing behind."""

import errno
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.runtime.files import Damage, DiskFull, EmptyFile, FileLost, FileStore, UnacceptedFile
from rongdun.runtime.problems import TooLarge

TEXT = "交易时间,金额\n2026-03-01,100.00\n".encode()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", limit=1_000)


def _everything(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_content_is_kept_under_its_sha256(store: FileStore) -> None:
    kept = store.add([TEXT[:5], TEXT[5:]])
    expected = hashlib.sha256(TEXT).hexdigest()
    assert (kept.hash, kept.size, kept.media_type) == (expected, len(TEXT), "text/plain")
    path = store.path_of(expected)
    assert path.relative_to(store.root).parts == (expected[:2], expected[2:4], expected)
    assert path.read_bytes() == TEXT
    assert path.stat().st_mode & 0o777 == 0o400


def test_the_same_content_twice_is_kept_once(store: FileStore) -> None:
    first, second = store.add([TEXT]), store.add([TEXT])
    assert first == second
    assert _everything(store) == [store.path_of(first.hash)]


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text("收款人转账0123456789 \n", min_size=1, max_size=60), max_size=8))
def test_whatever_is_kept_is_read_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    store = FileStore(tmp_path_factory.mktemp("files"), limit=1_000)
    hashes = {store.add([text.encode()]).hash: text.encode() for text in texts}
    assert set(store.hashes()) == set(hashes)
    assert all(store.path_of(hash).read_bytes() == content for hash, content in hashes.items())


def test_a_file_past_the_limit_leaves_nothing(store: FileStore) -> None:
    assert store.add([b"a" * 1_000]).size == 1_000
    before = _everything(store)
    with pytest.raises(TooLarge):
        store.add([b"b" * 600, b"b" * 401])
    assert _everything(store) == before


@pytest.mark.parametrize(
    ("content", "refusal"), [([], EmptyFile), ([b""], EmptyFile), ([b"MZ\x90\x00\x03"], UnacceptedFile)]
)
def test_a_refused_file_leaves_nothing(
    store: FileStore, content: list[bytes], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        store.add(content)
    assert _everything(store) == []


def test_an_abandoned_upload_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(ConnectionError), store.receive() as incoming:
        incoming.write(TEXT)
        raise ConnectionError
    assert _everything(store) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_is_told_and_leaves_nothing(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(DiskFull) as refusal:
        store.add([TEXT])
    assert refusal.value.status == 507
    assert "存储空间已满" in refusal.value.message.zh
    monkeypatch.undo()
    assert _everything(store) == []
    assert store.add([TEXT]).size == len(TEXT)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_while_receiving_is_told(store: FileStore) -> None:
    with pytest.raises(DiskFull), store.receive() as incoming:
        os.dup2(os.open("/dev/full", os.O_WRONLY), incoming._open.fileno())
        incoming.write(b"a" * 900)
        incoming.keep()
    assert _everything(store) == []


def test_what_a_killed_process_left_is_cleared_and_nothing_else(store: FileStore) -> None:
    kept = store.add([TEXT])
    abandoned, arriving = (store.root / "incoming" / name for name in ("abandoned", "arriving"))
    for path, at in ((abandoned, 1_000), (arriving, 3_000)):
        path.write_bytes(b"half")
        os.utime(path, (at, at))
    assert store.clear_abandoned(datetime.fromtimestamp(2_000, UTC)) == 1
    assert set(_everything(store)) == {store.path_of(kept.hash), arriving}


def test_verify_finds_exactly_what_was_altered(store: FileStore) -> None:
    whole, altered = store.add([b"whole"]), store.add([b"altered"])
    path = store.path_of(altered.hash)
    path.chmod(0o600)
    path.write_bytes(b"aLtered")
    assert list(store.verify()) == [Damage(altered.hash, hashlib.sha256(b"aLtered").hexdigest())]
    assert store.path_of(whole.hash).read_bytes() == b"whole"


@pytest.mark.parametrize("hash", ["", "../../../etc/passwd", "A" * 64, "0" * 63, "0" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_no_kept_hash_opens_nothing(store: FileStore, hash: str) -> None:
    store.add([TEXT])
    with pytest.raises(FileLost):
        store.path_of(hash)
