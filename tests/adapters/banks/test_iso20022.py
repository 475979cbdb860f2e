"""ISO 20022: a stop is a recall by the published schemas, answers are read as others write them, no more is said."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from rongdun.adapters.banks import dialect_named
from rongdun.adapters.banks.wire import Acknowledged
from rongdun.domains.exchange import Instruction, Kind, Malformed, NotCarried, Outcome, Party, StatusRequest
from tests.adapters.banks.made import BANK, NOW, STOP, instruction, reply

ISO = dialect_named("iso20022")
APPLICATION = "0199aaaa-0000-7000-8000-0000000000a1"
FILES = Path(__file__).parent / "iso20022"
RECALL = replace(STOP, application_id=APPLICATION)
QUESTION = StatusRequest(
    application_id=APPLICATION, institution=BANK, message_id="Q1", made_at=NOW + timedelta(hours=2)
)

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)


def _file(name: str) -> bytes:
    return (FILES / f"{name}.xml").read_bytes()


def _plain(raw: bytes) -> str:
    """Return a message in canonical form, without the layout and comments of whoever wrote it."""
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=True)
    told: str = etree.canonicalize(etree.fromstring(raw, parser), strip_text=True)
    return told


def _changed(name: str, old: str, new: str) -> bytes:
    text = _file(name).decode()
    assert old in text
    return text.replace(old, new).encode()


def test_a_stop_is_said_as_the_recall_written_by_hand() -> None:
    assert _plain(ISO.write_instruction(RECALL)) == _plain(_file("recall"))


def test_the_recall_written_by_hand_is_understood_as_that_stop() -> None:
    assert ISO.read_asked(_file("recall")) == RECALL


def test_the_question_after_a_recall_is_said_and_understood_as_written_by_hand() -> None:
    assert _plain(ISO.write_status_request(QUESTION)) == _plain(_file("status"))
    assert ISO.read_asked(_file("status")) == QUESTION


def test_a_refusal_of_another_makers_software_is_read() -> None:
    told = ISO.read_reply(_file("refused"), received_at=NOW)
    assert (told.application_id, told.institution, told.message_id) == (APPLICATION, BANK, "DEMO-029-0001")
    assert (told.outcome, told.code, told.text) == (Outcome.MISMATCH, "NOOR", "金额不符")
    assert told.answered_at == datetime(2026, 7, 1, 6, 36, tzinfo=UTC)
    assert told.held_fen is None


def test_what_is_held_is_the_amount_of_the_resolution() -> None:
    told = ISO.read_reply(_file("held"), received_at=NOW)
    assert (told.outcome, told.held_fen, told.balance_fen) == (Outcome.PARTIAL, 4_200_000, None)
    assert (told.start, told.end) == (NOW + timedelta(minutes=6), NOW + timedelta(hours=48, minutes=6))
    assert told.clerk == "演示·柜员"


def test_money_that_goes_back_is_told_by_its_return() -> None:
    told = ISO.read_reply(_file("returned"), received_at=NOW)
    assert (told.application_id, told.returned_fen, told.held_fen) == (APPLICATION, 4_200_000, None)
    assert (told.institution, told.message_id, told.code) == (BANK, "DEMO-004-0001", "FOCR")


@pytest.mark.parametrize(
    ("code", "outcome", "text"),
    [
        ("AC04", Outcome.CLOSED, "账户已销户"),
        ("AM04", Outcome.REFUSED, "账户余额不足"),
        ("CUST", Outcome.REFUSED, "收款人不同意"),
        ("ZZZZ", Outcome.REFUSED, ""),
    ],
)
def test_each_reason_of_a_refusal_leads_somewhere_in_words(code: str, outcome: Outcome, text: str) -> None:
    raw = _changed("refused", "NOOR", code).replace("<AddtlInf>金额不符</AddtlInf>".encode(), b"")
    told = ISO.read_reply(raw, received_at=NOW)
    assert (told.outcome, told.code, told.text) == (outcome, code, text)


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.QUEUED])
def test_each_answer_of_an_institution_to_a_stop_comes_through(outcome: Outcome) -> None:
    told = reply(APPLICATION, "M1", outcome=outcome, balance_fen=None)
    assert ISO.read_reply(ISO.write_reply(told), received_at=NOW).outcome is outcome


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.STOP])
def test_what_it_has_no_message_for_is_refused_by_name(kind: Kind) -> None:
    assert kind not in ISO.carries
    with pytest.raises(NotCarried) as refused:
        ISO.write_instruction(replace(RECALL, kind=kind))
    assert "iso20022" in refused.value.message.zh


@pytest.mark.parametrize(
    ("told", "where"),
    [
        (replace(RECALL, amount_fen=None), "OrgnlIntrBkSttlmAmt"),
        (replace(RECALL, transfer_time=None), "OrgnlCreDtTm"),
        (replace(RECALL, application_id="A" * 36), "Id"),
        (replace(RECALL, account=replace(STOP.account, number="6" * 35)), "Id"),
        (replace(RECALL, documents=(("文书.pdf", b"x"),)), "FIToFIPmtCxlReq"),
    ],
    ids=["amount", "time", "name", "account", "documents"],
)
def test_a_stop_that_the_schema_cannot_hold_is_refused_before_it_is_sent(
    told: Instruction, where: str
) -> None:
    with pytest.raises(Malformed) as refused:
        ISO.write_instruction(told)
    assert f" {where} " in refused.value.message.en


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (_changed("held", "<Conf>PECR</Conf>", "<Conf>TOOLONG</Conf>"), "Conf"),
        (_changed("held", "<Conf>PECR</Conf>", "<Conf>WHAT</Conf>"), "Conf"),
        (_changed("held", "<Sts><Conf>PECR</Conf></Sts>", ""), "Sts"),
        (
            _changed("held", "<Conf>PECR</Conf>", "<Conf>PECR</Conf><AssgnmtCxlConf>true</AssgnmtCxlConf>"),
            "Conf|",
        ),
        (_changed("held", "<Sts>", "<Invented>1</Invented><Sts>"), "Invented"),
        (_changed("held", "</Conf>", "</Conf><Conf>RJCR</Conf>"), "Conf"),
        (
            _changed("held", "<TxCxlSts>ACCR</TxCxlSts>", "<TxCxlSts>ACCR</TxCxlSts><CxlStsId>1</CxlStsId>"),
            "Document",
        ),
        (_changed("held", ">ACCR<", ">NONE<"), ""),
        (_changed("held", "42000<", "42000.123456<"), ""),
        (_changed("held", "42000<", "42000.001<"), "IntrBkSttlmAmt"),
        (_changed("held", "42000<", "-1<"), ""),
        (_changed("held", "42000<", "1E400<"), ""),
        (_changed("held", 'Ccy="CNY"', 'Ccy="yuan"'), "Ccy"),
        (_changed("held", "2026-07-01T14:36:00+08:00</CreDtTm>", "2026-07-01T24:00:00</CreDtTm>"), "CreDtTm"),
        (_changed("held", "2026-07-01T14:36:00+08:00</CreDtTm>", "yesterday</CreDtTm>"), ""),
        (_changed("held", "<RslvdCase><Id>0199aaaa0000700080000000000000a1</Id>", "<RslvdCase>"), "Id"),
        (_changed("held", "camt.029.001.09", "camt.029.001.03"), "Document"),
        (_changed("returned", "/CXLI/", "/NONE/"), "AddtlInf"),
        (_file("recall"), "Document"),
        (_file("held")[:300], "XML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Document>&a;</Document>", "DOCTYPE"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_naming_the_element(raw: bytes, where: str) -> None:
    with pytest.raises(Malformed) as refused:
        ISO.read_reply(raw, received_at=NOW)
    assert where in refused.value.message.en


def test_a_recall_for_another_reason_than_fraud_is_none_of_ours() -> None:
    with pytest.raises(Malformed):
        ISO.read_asked(_changed("recall", "FRAD", "DUPL"))


@settings(max_examples=25, deadline=None)
@given(words, st.text(max_size=400), st.integers(0, 10**13), st.booleans(), st.uuids())
def test_a_recall_comes_back_as_it_was_written(
    name: str, reason: str, amount: int, company: bool, application: object
) -> None:
    kind = "corporate" if company else "personal"
    account = Party(
        institution=BANK, institution_name="", number="6299990000000011", name=name, kind=kind, id_type="14",
        id_number="演示91350100",
    )  # fmt: skip
    told = replace(
        instruction(str(application)), account=account, amount_fen=amount, remark="说明/" * 60, reason=reason
    )
    read = ISO.read_asked(ISO.write_instruction(told))
    assert isinstance(read, Instruction)
    assert read.account == account and read.amount_fen == amount and read.remark == told.remark
    assert ISO.read_asked(ISO.write_instruction(read)) == read


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 1500), st.integers(0, 40))
def test_damaged_bytes_are_refused_or_read_and_never_break_us(noise: bytes, at: int, cut: int) -> None:
    good = _file("held")
    try:
        ISO.read_reply(good[:at] + noise + good[at + cut :], received_at=NOW)
    except Malformed:
        return


@pytest.mark.parametrize(
    ("code", "verdict"), [("100000", "taken"), ("200003", "taken"), ("200001", "refused")]
)
def test_a_message_is_acknowledged_in_the_same_language(code: str, verdict: str) -> None:
    read = ISO.read_ack(ISO.write_ack(Acknowledged(code, "演示", APPLICATION)))
    assert (ISO.verdict(read.code), read.text, read.reference) == (verdict, "演示", APPLICATION)
    assert ISO.verdict("XXXX") == "again"


def test_whoever_speaks_to_nobody_in_it_never_loads_its_library() -> None:
    loaded = "{name.partition('.')[0] for name in sys.modules} & {'xsdata', 'pyiso20022'}"
    code = f"import sys, rongdun.adapters.banks; print(sorted({loaded}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
