"""SM2 behind the port of signatures: the standard's own example, both ways over HTTP, and what is said without it."""

import base64
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from rongdun.adapters.banks.configuring import NotAKey, know_by
from rongdun.adapters.banks.signing import CENTRE_SM2, fault_of, signed_headers, signer_for, verifier_of
from rongdun.adapters.banks.sm2 import Sm2Missing, Sm2Signer, Sm2Verifier, load_sm2_pair
from rongdun.domains.exchange import Outcome
from tests.adapters.banks.conftest import Town
from tests.adapters.banks.made import BANK, BANK_NAME, NOW, NUMBER, reply

gmssl_pyx = pytest.importorskip("gmssl_pyx")

# GM/T 0003.5-2012, appendix A, on the recommended curve: "message digest", signed by 1234567812345678.
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = int("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3", 16)
S = int("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA", 16)
SIGNER, VERIFIER = Sm2Signer(PRIVATE, PUBLIC, "bank-1"), Sm2Verifier(PUBLIC)
AT = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


def test_the_signature_of_the_standards_example_is_accepted() -> None:
    assert VERIFIER.is_signed(encode_dss_signature(R, S), b"message digest")
    assert not VERIFIER.is_signed(encode_dss_signature(R, S), b"message digesT")


@pytest.mark.parametrize("wrong", [b"", b"\0" * 20, encode_dss_signature(S, R)])
def test_what_is_no_signature_is_none(wrong: bytes) -> None:
    assert not VERIFIER.is_signed(wrong, b"message digest")


def test_a_signed_message_passes_and_a_changed_one_does_not() -> None:
    headers = {name.lower(): value for name, value in signed_headers(SIGNER, "POST", "/x", b"a", AT).items()}
    assert 'alg="sm2-sm3"' in headers["signature-input"]
    assert fault_of(VERIFIER, headers, "POST", "/x", b"a", AT) is None
    assert fault_of(VERIFIER, headers, "POST", "/y", b"a", AT) is not None


@pytest.mark.parametrize("mark", [b"", b"\x04"], ids=["plain", "uncompressed point"])
def test_a_key_of_64_bytes_is_one_of_sm2(mark: bytes) -> None:
    assert verifier_of(base64.b64encode(mark + PUBLIC).decode()) == VERIFIER


def test_the_centre_answers_in_the_algorithm_of_the_institutions_key(tmp_path: Path) -> None:
    ours = signer_for(tmp_path, base64.b64encode(PUBLIC).decode())
    assert (ours.algorithm, signer_for(tmp_path, "").algorithm) == ("sm2-sm3", "ed25519")
    assert signer_for(tmp_path, base64.b64encode(PUBLIC).decode()) == ours, "made once"
    assert (tmp_path / f"{CENTRE_SM2}.key").stat().st_mode & 0o077 == 0
    (tmp_path / f"{CENTRE_SM2}.key").unlink()
    assert load_sm2_pair(tmp_path, CENTRE_SM2, "centre") is None, "a lost half is not replaced"


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    with pytest.raises(Sm2Missing) as missing:
        SIGNER.sign(b"a")
    assert "rongdun[sm2]" in missing.value.action.zh


def test_orders_and_answers_are_signed_with_sm2_both_ways(town: Town) -> None:
    town.book.open(BANK_NAME, NUMBER, "演示乙")
    town.book.meant(NOW - timedelta(minutes=20), "", NUMBER, 5_000_000)
    keys = town.centre.services.settings.keys
    with town.centre.transact() as uow:
        assert know_by(uow, BANK, SIGNER.public_text) == "sm2-sm3"
        with pytest.raises(NotAKey):
            know_by(uow, BANK, "AAAA")
    centre = verifier_of(signer_for(keys, SIGNER.public_text).public_text)
    assert centre is not None
    town.signers[BANK], town.simulator.centre = SIGNER, centre
    town.order("A1")
    town.answered()
    assert [told.outcome for told in town.desk.replies] == [Outcome.DONE]
    assert town.post(reply("A1", "M9"), signer=town.bank_key) == 401, "the key it had before"
