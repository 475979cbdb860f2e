"""The vault: what it seals only it opens, only in its place; look-up values keep their secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.errors import Unavailable
from rongdun.runtime.crypto import SealedValueUnreadable, Vault
from rongdun.runtime.crypto.vault import DataKey, IndexKey, Keyring

CIPHERS = ("sm4-gcm", "aes-gcm")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(text=TEXT, cipher=st.sampled_from(CIPHERS))
def test_what_is_sealed_opens_again(text: str, cipher: str) -> None:
    vault = Vault.ephemeral(cipher=cipher)
    assert vault.open(vault.seal(text, "users.phone:1"), "users.phone:1") == text


@pytest.mark.parametrize("cipher", CIPHERS)
def test_every_flipped_bit_is_noticed(cipher: str) -> None:
    vault = Vault.ephemeral(cipher=cipher)
    blob = vault.seal("19900000001", "users.phone:1")
    for bit in range(len(blob) * 8):
        altered = bytearray(blob)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealedValueUnreadable):
            vault.open(bytes(altered), "users.phone:1")


def test_a_value_moved_to_another_row_or_column_does_not_open() -> None:
    vault = Vault.ephemeral()
    blob = vault.seal("19900000001", "users.phone:1")
    for elsewhere in ("users.phone:2", "users.id_number:1", ""):
        with pytest.raises(SealedValueUnreadable):
            vault.open(blob, elsewhere)


@pytest.mark.parametrize("blob", [b"", b"\x01\x01", b"19900000001", bytes(60), b"\x02" * 60])
def test_what_was_never_sealed_is_refused_in_words(blob: bytes) -> None:
    with pytest.raises(SealedValueUnreadable, match="加密内容无法解开"):
        Vault.ephemeral().open(blob, "users.phone:1")


def test_the_same_text_never_looks_the_same_twice_and_never_shows() -> None:
    vault = Vault.ephemeral()
    blobs = {vault.seal("19900000001", "users.phone:1") for _ in range(50)}
    assert len(blobs) == 50
    assert not any(b"19900000001" in blob for blob in blobs)


def test_another_vault_opens_nothing() -> None:
    blob = Vault.ephemeral().seal("19900000001", "c")
    with pytest.raises(SealedValueUnreadable):
        Vault.ephemeral().open(blob, "c")


@given(one=TEXT, other=TEXT)
def test_look_up_values_are_equal_exactly_when_their_inputs_are(one: str, other: str) -> None:
    vault = Vault.ephemeral()
    assert (vault.blind(one, "users.phone") == vault.blind(other, "users.phone")) == (one == other)


@pytest.mark.parametrize("hash_algorithm", ["sm3", "sha256"])
def test_look_up_values_differ_by_column_and_by_installation(hash_algorithm: str) -> None:
    vault = Vault.ephemeral(hash_algorithm=hash_algorithm)
    value = vault.blind("19900000001", "users.phone")
    assert len(value) == 32
    assert value != vault.blind("19900000001", "persons.phone")
    assert value != Vault.ephemeral(hash_algorithm=hash_algorithm).blind("19900000001", "users.phone")


def test_a_context_must_be_given() -> None:
    vault = Vault.ephemeral()
    with pytest.raises(ValueError, match="context"):
        vault.seal("x", "")
    with pytest.raises(ValueError, match="context"):
        vault.blind("x", "")


def _ring(*ids: int) -> Keyring:
    keys = {number: DataKey(number, "sm4-gcm", bytes([number]) * 16) for number in ids}
    return Keyring(keys, ids[-1], IndexKey("sm3", bytes(32)))


class _Source:
    """A keyring that somebody else may replace, or that cannot be reached."""

    def __init__(self, ring: Keyring) -> None:
        self.ring: Keyring | None = ring

    def __call__(self) -> Keyring:
        if self.ring is None:
            raise Unavailable()
        return self.ring


def test_a_value_sealed_under_a_newer_key_makes_the_vault_read_its_keys_again() -> None:
    source = _Source(_ring(1))
    vault = Vault(source)
    newer = Vault(lambda: _ring(1, 2)).seal("x", "c")
    with pytest.raises(SealedValueUnreadable):
        vault.open(newer, "c")
    source.ring = _ring(1, 2)
    assert vault.open(newer, "c") == "x"


def test_sealing_moves_to_a_replaced_key_within_the_refresh_time(monkeypatch: pytest.MonkeyPatch) -> None:
    source = _Source(_ring(1))
    vault = Vault(source)
    source.ring = _ring(1, 2)
    assert vault.seal("x", "c")[5] == 1
    monkeypatch.setattr("rongdun.runtime.crypto.vault.REFRESH_S", -1.0)
    assert vault.seal("x", "c")[5] == 2


def test_a_database_that_is_away_does_not_stop_sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    source = _Source(_ring(1))
    vault = Vault(source)
    source.ring = None
    monkeypatch.setattr("rongdun.runtime.crypto.vault.REFRESH_S", -1.0)
    assert vault.open(vault.seal("x", "c"), "c") == "x"
