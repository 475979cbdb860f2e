"""Direct return: what a trace shows by time stamp decides the mode and who gets what."""

from uuid import uuid4

import pytest

from rongdun.domains import tracing
from rongdun.domains.tracing import AccountEvidence
from rongdun.domains.tracing.traces.evidence import CameIn
from tests.domains.restitution.conftest import Counter

WANG, LI = "演示·王一", "演示·李二"
NINE = 1_772_413_200_000_000


def shows(monkeypatch: pytest.MonkeyPatch, *came: CameIn, left: dict[str, int], other: int = 0) -> str:
    trace = uuid4()
    told = AccountEvidence(trace, "ZJ2026-000001", None, True, came, left, other)
    monkeypatch.setattr(tracing, "evidence_of", lambda uow, trace_id, number: told)
    return str(trace)


def test_a_single_record_goes_straight_back_without_a_notice(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = shows(monkeypatch, CameIn(NINE, 1_000_000, {WANG: 1_000_000}), left={WANG: 820_000})
    found = desk.act_on(desk.complete(desk.drafted({WANG: 1_000_000}, 820_000)), "reckon", trace_id=trace)
    assert (found["mode"], found["claims"][0]["share"]["fen"]) == ("A", 820_000)
    assert desk.act_on(found, "publish", 409, place="演示网站")["rule"]["key"] == "return.mode_c"
    assert desk.act_on(found, "approve", by=desk.head)["state"] == "APPROVED_CITY"


def test_time_stamps_tell_whose_money_is_left(desk: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    came = (CameIn(NINE, 3_000_000, {WANG: 3_000_000}), CameIn(NINE + 1, 2_000_000, {LI: 2_000_000}))
    trace = shows(monkeypatch, *came, left={WANG: 0, LI: 2_000_000})
    drafted = desk.drafted({WANG: 3_000_000, LI: 2_000_000}, 2_000_000)
    found = desk.act_on(desk.complete(drafted), "reckon", trace_id=trace)
    assert (found["mode"], found["reckoning"]["trace"]) == ("B", "ZJ2026-000001")
    assert [one["share"]["fen"] for one in found["claims"]] == [0, 2_000_000]


def test_other_money_in_the_account_makes_it_more_than_a_single_record(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = CameIn(NINE, 1_000_000, {WANG: 1_000_000})
    trace = shows(monkeypatch, came, left={WANG: 400_000}, other=5_000_000)
    found = desk.act_on(desk.complete(desk.drafted({WANG: 1_000_000}, 900_000)), "reckon", trace_id=trace)
    assert (found["mode"], found["claims"][0]["share"]["fen"], found["leftover_fen"]) == (
        "B",
        400_000,
        500_000,
    )


def test_a_victim_of_the_trace_who_takes_no_part_is_not_passed_over(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = (CameIn(NINE, 1_000_000, {WANG: 1_000_000}), CameIn(NINE + 1, 500_000, {"演示·吴八": 500_000}))
    trace = shows(monkeypatch, *came, left={WANG: 1_000_000, "演示·吴八": 500_000})
    found = desk.act_on(desk.complete(desk.drafted({WANG: 1_000_000}, 1_500_000)), "reckon", trace_id=trace)
    assert found["mode"] == "C"
