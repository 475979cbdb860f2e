"""Keys of an installation: made once, never replaced by accident, changed while the centre works."""

from collections.abc import Callable

import psycopg
import pytest

from rongdun.runtime.crypto import (
    KeyUse,
    MasterKeyMissing,
    MasterKeyWrong,
    SealedValueUnreadable,
    key_fingerprint,
    key_use,
    keystore,
    masterkey,
    rewrap,
    rotate,
    rotation,
)
from tests.runtime.crypto.conftest import PEOPLE, House

NUMBERS = {row: f"1990000{row:04d}" for row in range(1, 8)}


@pytest.fixture
def full(house: House) -> House:
    """An installation with some sealed numbers."""
    for row, phone in NUMBERS.items():
        house.add(row, phone)
    return house


def test_every_process_of_an_installation_opens_what_another_sealed(
    full: House, another: Callable[..., House]
) -> None:
    assert another().phones() == NUMBERS


def test_the_database_alone_does_not_give_the_numbers_away(full: House, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        rows = connection.execute(
            "select k::text from data_keys k union all select p::text from sealed_people p"
        )
        everything = " ".join(row[0] for row in rows.fetchall())
    for phone in NUMBERS.values():
        assert phone not in everything
        assert phone.encode().hex() not in everything
    keys = full.settings.keys
    assert masterkey.read(keys / "master.key").secret.hex() not in everything


def test_a_lost_master_key_is_never_replaced_by_a_new_one(full: House, another: Callable[..., House]) -> None:
    path = full.settings.keys / "master.key"
    kept = path.read_text("utf-8")
    path.unlink()
    with pytest.raises(MasterKeyMissing):
        another()
    assert not path.exists()
    path.write_text(kept, "utf-8")
    path.chmod(0o600)
    assert another().phones() == NUMBERS


def test_a_foreign_master_key_is_named_by_its_fingerprint(full: House, another: Callable[..., House]) -> None:
    path = full.settings.keys / "master.key"
    wanted = key_fingerprint(full.settings.keys)
    path.unlink()
    foreign = masterkey.create(path)
    with pytest.raises(MasterKeyWrong, match=f"{wanted}.*{foreign.fingerprint}"):
        another()


def test_rotation_reseals_everything_under_a_new_key(full: House, another: Callable[..., House]) -> None:
    before = full.blobs()
    report = rotate(full.transact, sleep=full.sleep, columns=[PEOPLE])
    assert (report.rows, report.unreadable) == ({"sealed_people.phone": 7}, [])
    after = full.blobs()
    assert all(before[row] != after[row] for row in NUMBERS)
    assert full.phones() == another().phones() == NUMBERS
    with full.transact() as uow:
        assert key_use(uow.session, [PEOPLE]) == [KeyUse("sealed_people.phone", report.key_id, 7)]


def test_rotation_changes_the_cipher_when_the_setting_has_changed(
    full: House, another: Callable[..., House]
) -> None:
    assert {blob[1] for blob in full.blobs().values()} == {1}
    later = another(cipher="aes-gcm")
    rotate(later.transact, sleep=later.sleep, columns=[PEOPLE])
    assert {blob[1] for blob in later.blobs().values()} == {2}
    assert full.phones() == NUMBERS


def test_look_up_values_outlive_rotation_and_rewrapping(full: House, another: Callable[..., House]) -> None:
    value = full.vault.blind("19900000001", "sealed_people.phone")
    rotate(full.transact, sleep=full.sleep, columns=[PEOPLE])
    rewrap(full.transact)
    assert another(hash_algorithm="sha256").vault.blind("19900000001", "sealed_people.phone") == value


def test_what_a_process_seals_before_it_notices_is_caught_by_the_last_pass(
    full: House, another: Callable[..., House]
) -> None:
    slow = another()
    full.meanwhile = lambda: slow.add(8, "19900000008")
    report = rotate(full.transact, sleep=full.sleep, columns=[PEOPLE])
    assert full.naps == [10.0]
    assert report.rows == {"sealed_people.phone": 8}
    assert full.phones() == {**NUMBERS, 8: "19900000008"}
    with full.transact() as uow:
        assert {use.key_id for use in key_use(uow.session, [PEOPLE])} == {report.key_id}


class _Killed(BaseException):
    """The process dies here."""


def test_an_interrupted_rotation_is_finished_by_resuming(
    full: House, another: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    batches = 0

    def dying(uow: object, target: object, **options: object) -> object:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise _Killed
        return whole(uow, target, **options)  # type: ignore[arg-type]

    whole = rotation._batch
    monkeypatch.setattr(rotation, "_batch", dying)
    with pytest.raises(_Killed):
        rotate(full.transact, sleep=full.sleep, columns=[PEOPLE])
    assert full.phones() == NUMBERS
    with full.transact() as uow:
        assert [use.values for use in key_use(uow.session, [PEOPLE])] == [4, 3]
    later = another()
    report = rotate(later.transact, sleep=later.sleep, resume=True, columns=[PEOPLE])
    assert report.rows == {"sealed_people.phone": 4}
    assert later.phones() == NUMBERS
    with later.transact() as uow:
        assert [use.values for use in key_use(uow.session, [PEOPLE])] == [7]


def test_a_damaged_value_is_reported_and_left_as_it_is(full: House, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("update sealed_people set phone = set_byte(phone, 20, 0) where id = 3")
        connection.execute("update sealed_people set phone = null where id = 4")
        [(damaged,)] = connection.execute("select phone from sealed_people where id = 3").fetchall()
    report = rotate(full.transact, sleep=full.sleep, columns=[PEOPLE])
    assert damaged in full.blobs().values()
    assert report.unreadable == ["sealed_people.phone 3"]
    assert report.rows == {"sealed_people.phone": 5}


def test_rewrapping_changes_the_master_key_and_no_sealed_value(
    full: House, another: Callable[..., House]
) -> None:
    before, old = full.blobs(), key_fingerprint(full.settings.keys)
    new = rewrap(full.transact)
    keys = full.settings.keys
    assert key_fingerprint(keys) == new != old
    assert full.blobs() == before
    assert full.phones() == another().phones() == NUMBERS
    assert masterkey.read(keys / f"master.key.{old}").fingerprint == old
    assert sorted(path.name for path in keys.iterdir()) == ["master.key", f"master.key.{old}"]


@pytest.mark.parametrize("half", [False, True])
def test_a_rewrap_cut_off_after_the_commit_is_completed_at_the_next_start(
    full: House, another: Callable[..., House], monkeypatch: pytest.MonkeyPatch, half: bool
) -> None:
    def die(keys_dir: object) -> None:
        raise _Killed

    keys = full.settings.keys
    old = key_fingerprint(keys)
    with monkeypatch.context() as patch:
        patch.setattr(keystore, "promote", die)
        with pytest.raises(_Killed):
            rewrap(full.transact)
    if half:
        (keys / "master.key").rename(keys / f"master.key.{old}")
    assert another().phones() == NUMBERS
    assert key_fingerprint(keys) != old
    assert not (keys / "master.key.next").exists()


def test_a_rewrap_cut_off_before_the_commit_changes_nothing(
    full: House, another: Callable[..., House]
) -> None:
    old = key_fingerprint(full.settings.keys)
    masterkey.create(full.settings.keys / "master.key.next")
    assert another().phones() == NUMBERS
    assert key_fingerprint(full.settings.keys) == old
    assert rewrap(full.transact) == key_fingerprint(full.settings.keys)
    assert another().phones() == NUMBERS


def test_a_running_process_follows_a_rewrap(full: House) -> None:
    rewrap(full.transact)
    full.vault.refresh()
    assert full.phones() == NUMBERS


def test_a_wrapped_key_moved_to_another_row_does_not_unwrap(full: House, owner_dsn: str) -> None:
    rotate(full.transact, sleep=full.sleep, columns=[PEOPLE])
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "update data_keys set wrapped = (select wrapped from data_keys where id = 1) where id = 3"
        )
    with pytest.raises(SealedValueUnreadable):
        full.vault.refresh()
