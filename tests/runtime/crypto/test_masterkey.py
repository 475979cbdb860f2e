"""The master key file: private, whole, recognisable without being shown."""

from pathlib import Path

import pytest

from rongdun.runtime.crypto import (
    KeyFileMalformed,
    KeyFileUnsafe,
    MasterKeyMissing,
    key_fingerprint,
    masterkey,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


def test_a_created_key_is_private_and_reads_back(path: Path) -> None:
    key = masterkey.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert masterkey.read(path) == key
    assert key_fingerprint(path.parent) == key.fingerprint
    assert [child.name for child in path.parent.iterdir()] == ["master.key"]


def test_the_file_says_in_both_languages_to_keep_a_copy_elsewhere(path: Path) -> None:
    masterkey.create(path)
    text = path.read_text("utf-8")
    assert "离线" in text
    assert "offline" in text


def test_an_existing_key_is_never_overwritten(path: Path) -> None:
    key = masterkey.create(path)
    with pytest.raises(FileExistsError):
        masterkey.create(path)
    assert masterkey.read(path) == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_others_could_touch_is_refused(path: Path, mode: int) -> None:
    masterkey.create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileUnsafe, match=r"master\.key"):
        masterkey.read(path)


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(MasterKeyMissing, match=r"master\.key"):
        masterkey.read(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rongdun-master-key-1\n",
        "rongdun-master-key-1\nnot base64!\n",
        "rongdun-master-key-1\nAAAA\n",
        "x\ny\n",
    ],
)
def test_a_damaged_file_is_refused(path: Path, text: str) -> None:
    masterkey.create(path)
    path.write_text(text, "utf-8")
    with pytest.raises(KeyFileMalformed):
        masterkey.read(path)


def test_the_fingerprint_and_repr_give_nothing_away(path: Path) -> None:
    key = masterkey.create(path)
    assert key.secret.hex() not in repr(key)
    assert key.fingerprint not in key.secret.hex()
    assert len(key.fingerprint) == 32
