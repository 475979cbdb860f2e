"""Messages on the wire: what is written is read again, by the published tags, and strangers' XML does no harm."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from rongdun.adapters.banks import load_profile, read_instruction, read_reply, write_instruction, write_reply
from rongdun.adapters.banks.profile import ProfileUnusable
from rongdun.adapters.banks.schema import schema_of
from rongdun.domains.exchange import (
    AccountFacts,
    FormerFreeze,
    Instruction,
    Kind,
    Malformed,
    Outcome,
    Reply,
    StatementRow,
)
from rongdun.kernel.clock import SHANGHAI
from tests.adapters.banks.made import BANK, NOW, STOP, instruction, reply

NATIONAL = load_profile("national")

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=30)
fen = st.integers(-(10**12), 10**14)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=SHANGHAI)
)
facts = st.builds(
    AccountFacts,
    number=words.filter(bool),
    name=words,
    kind=st.sampled_from(["personal", "corporate", ""]),
    state=words,
    opened_at=st.none() | moments,
    branch=words,
    balance_fen=st.none() | fen,
    available_fen=st.none() | fen,
    last_moved_at=st.none() | moments,
    phone=words,
)
rows = st.builds(
    StatementRow,
    time=moments,
    incoming=st.booleans(),
    amount_fen=fen,
    balance_fen=st.none() | fen,
    serial=words,
    counterparty_name=words,
    counterparty_number=words,
    cash=st.booleans(),
    ok=st.booleans(),
    place=words,
)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(Kind)),
    words.filter(bool),
    words,
    st.integers(1, 10**13),
    moments,
    st.booleans(),
    st.lists(st.tuples(words.filter(bool), st.binary(max_size=50)), max_size=2),
)
def test_an_instruction_comes_back_as_it_was_written(
    kind: Kind,
    name: str,
    remark: str,
    amount: int,
    moment: datetime,
    urgent: bool,
    documents: list[tuple[str, bytes]],
) -> None:
    told = instruction(
        "A2",
        kind=kind,
        original_id="A1",
        remark=remark,
        made_at=moment,
        urgent=urgent,
        documents=tuple(documents),
    )
    told = replace(
        told, account=replace(told.account, name=name), amount_fen=amount, start=moment, end=moment
    )
    read = read_instruction(NATIONAL, write_instruction(NATIONAL, told))
    carried = {
        field.of.partition(".")[0] for field in NATIONAL.asks[kind].fields if field.of and field.form != "cap"
    }
    for part in carried | {"kind", "documents"}:
        assert getattr(read, part) == getattr(told, part), part
    with_all = read_instruction(NATIONAL, write_instruction(NATIONAL, read))
    assert with_all == read


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(Outcome)),
    words,
    st.none() | fen,
    st.lists(facts, max_size=3),
    st.lists(rows, max_size=4),
)
def test_an_answer_to_a_query_comes_back_as_it_was_written(
    outcome: Outcome, text: str, balance: int | None, accounts: list[AccountFacts], listed: list[StatementRow]
) -> None:
    told = Reply(
        application_id="A1",
        kind=Kind.QUERY_TRANSACTIONS,
        institution=BANK,
        message_id="M1",
        outcome=outcome,
        answered_at=NOW,
        text=text,
        balance_fen=balance,
        accounts=tuple(accounts),
        rows=tuple(listed),
    )
    assert read_reply(NATIONAL, write_reply(NATIONAL, told), received_at=NOW) == told


def test_a_stop_names_the_four_items_by_the_published_tags() -> None:
    root = etree.fromstring(write_instruction(NATIONAL, STOP))
    body = {child.tag: child.text for child in root.find("Body")}
    assert root.findtext("Head/TxCode") == "100101"
    assert (body["AccountName"], body["AccountNumber"]) == ("演示乙", "6299990000000011")
    assert (body["TransferAmount"], body["TransferTime"]) == ("50000.00", "20260701141000")
    assert (body["StartTime"], body["ExpireTime"], body["EmergencyLevel"]) == (
        "20260701143000",
        "20260703143000",
        "02",
    )


def test_every_kind_has_the_published_pair_of_codes() -> None:
    codes = {kind: (NATIONAL.asks[kind].code, NATIONAL.tells[kind].code) for kind in Kind}
    assert codes[Kind.STOP] == ("100101", "100102")
    assert codes[Kind.LIFT_STOP] == ("100103", "100104")
    assert codes[Kind.EXTEND_STOP] == ("100105", "100106")
    assert codes[Kind.FREEZE] == ("100201", "100202")
    assert codes[Kind.LIFT_FREEZE] == ("100203", "100204")
    assert codes[Kind.RENEW_FREEZE] == ("100205", "100206")
    assert codes[Kind.QUERY_ACCOUNTS] == ("100309", "100310")


@pytest.mark.parametrize(("cap", "code"), [(1_000_000, "01"), (None, "02")])
def test_a_freeze_is_of_an_amount_or_of_the_whole_account(cap: int | None, code: str) -> None:
    told = instruction("A1", kind=Kind.FREEZE, amount_fen=cap)
    raw = write_instruction(NATIONAL, told)
    assert etree.fromstring(raw).findtext("Body/FreezeType") == code
    assert read_instruction(NATIONAL, raw).amount_fen == cap


def test_who_froze_before_us_is_read_with_until_when() -> None:
    former = FormerFreeze(authority="演示省外公安机关", frozen_fen=100, until=NOW + timedelta(days=90))
    told = reply("A1", "M1", kind=Kind.FREEZE, outcome=Outcome.QUEUED, held_fen=0, former=former)
    assert read_reply(NATIONAL, write_reply(NATIONAL, told), received_at=NOW) == told


def test_what_a_stop_holds_is_the_balance_and_nothing_where_it_was_not_carried_out() -> None:
    done = reply("A1", "M1")
    assert read_reply(NATIONAL, write_reply(NATIONAL, done), received_at=NOW).held_fen == 4_200_000
    wrong = replace(done, outcome=Outcome.MISMATCH)
    assert read_reply(NATIONAL, write_reply(NATIONAL, wrong), received_at=NOW).held_fen is None


def test_an_answer_without_its_moment_counts_from_when_it_was_received() -> None:
    raw = write_reply(NATIONAL, reply("A1", "M1"))
    root = etree.fromstring(raw)
    body = root.find("Body")
    assert body is not None
    body.remove(body.find("FeedbackTime"))
    received = datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert read_reply(NATIONAL, etree.tostring(root), received_at=received).answered_at == received


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Transaction>&b;</Transaction>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Transaction>&f;</Transaction>'
GOOD = write_reply(NATIONAL, reply("A1", "M1"))


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (BOMB, "DOCTYPE"),
        (OUTSIDE, "DOCTYPE"),
        (b"", "XML"),
        (b"\xff\xfe\x00", "XML"),
        (GOOD[:200], "XML"),
        (b"<a>" * 40 + b"</a>" * 40, "XML"),
        (b"<Other/>", "Transaction"),
        (GOOD.replace(b"100102", b"999999"), "TxCode"),
        (GOOD.replace(b"100102", b"100101"), "TxCode"),
        (GOOD.replace(b"<Result>0000</Result>", b""), "Result"),
        (GOOD.replace(b"<Result>0000</Result>", b"<Result>7777</Result>"), "Result"),
        (GOOD.replace(b"42000.00", b"4e4"), "AccountBalance"),
        (GOOD.replace(b"42000.00", b"42000.001"), "AccountBalance"),
        (GOOD.replace(b"20260701143600", b"20261301143600"), "FeedbackTime"),
        (GOOD.replace(b"<ApplicationID>A1<", b"<ApplicationID>" + b"A" * 37 + b"<"), "ApplicationID"),
    ],
)
def test_what_cannot_be_read_is_refused_naming_the_element(raw: bytes, where: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_reply(NATIONAL, raw, received_at=NOW)
    assert f" {where} " in refused.value.message.en or f"{where} " in refused.value.message.zh


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_damaged_bytes_are_refused_or_read_and_never_break_us(noise: bytes, at: int, cut: int) -> None:
    with contextlib.suppress(Malformed):
        read_reply(NATIONAL, GOOD[:at] + noise + GOOD[at + cut :], received_at=NOW)


def test_a_deployment_corrects_a_code_without_a_program(tmp_path: Path) -> None:
    shipped = files("rongdun").joinpath("adapters/banks/profiles/national.toml").read_text(encoding="utf-8")
    corrected = shipped.replace('mismatch = "0101"', 'mismatch = "0404"').replace(
        'tag = "Result"', 'tag = "ResultCode"'
    )
    (tmp_path / "national.toml").write_text(corrected, encoding="utf-8")
    own = load_profile("national", tmp_path)
    raw = write_reply(own, reply("A1", "M1", outcome=Outcome.MISMATCH))
    assert b"<ResultCode>0404</ResultCode>" in raw
    assert read_reply(own, raw, received_at=NOW).outcome is Outcome.MISMATCH


@pytest.mark.parametrize("text", ["", "name = 3", "[messages.stop]\nrequest = 'x'", "not toml ["])
def test_a_profile_that_cannot_be_used_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "national.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProfileUnusable):
        load_profile("national", tmp_path)


SAMPLES = sorted(
    files("rongdun").joinpath("adapters/banks/profiles/samples").iterdir(), key=lambda file: file.name
)


def test_there_is_a_sample_of_every_message() -> None:
    assert {file.name.removesuffix(".xml") for file in SAMPLES} == set(NATIONAL.by_code)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_samples_are_read_and_valid_by_the_schema_of_the_profile(file: Path) -> None:
    raw = file.read_bytes()
    root = etree.fromstring(raw)
    code = root.findtext("Head/TxCode") or ""
    etree.XMLSchema(etree.fromstring(schema_of(NATIONAL, code).encode())).assertValid(root)
    shape = NATIONAL.by_code[code]
    if NATIONAL.asks[shape.kind] is shape:
        assert isinstance(read_instruction(NATIONAL, raw), Instruction)
    else:
        assert isinstance(read_reply(NATIONAL, raw, received_at=NOW), Reply)
