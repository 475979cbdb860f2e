"""Prevents the one search from missing an objection or a return, and from telling of those somebody may not see."""

from typing import Any

import pytest

from rongdun.kernel.scope import Actor
from tests.domains.restitution.conftest import Counter
from tests.domains.restitution.test_relief import objected
from tests.domains.stop_payment.desk import BANK, CITY, GULOU, officer

ACCOUNT, ALIKE = "6299990000100077118", "6299990000200077118"
MASKED = "6299 **** **** *** 7118"
LOSSES = {"演示甲": 5_000_000}
READER = officer(GULOU, "relief.read", "return.read", "case.read", name="演示·曾三十一")


def found(desk: Counter, q: str, kind: str, *, by: Actor = READER) -> list[Any]:
    groups = desk.get("/api/search", by=by, q=q)["groups"]
    return [one for group in groups if group["kind"] == kind for one in group["items"]]


def numbers(desk: Counter, q: str, kind: str, *, by: Actor = READER) -> list[str]:
    return [one["label"].split()[-1] for one in found(desk, q, kind, by=by)]


def test_an_objection_is_found_by_its_number_its_order_its_case_and_its_account(desk: Counter) -> None:
    case = desk.case_of(LOSSES)
    order = desk.frozen_for(LOSSES, 3_000_000, number=ACCOUNT, subject=case)
    wanted = objected(desk, order)
    objected(desk, desk.frozen_for(LOSSES, 3_000_000))
    for q in (
        wanted["number"],
        wanted["number"].lower(),
        wanted["order_number"],
        case.label,
        ACCOUNT,
        "6299 9900 0010 0077 118",
        MASKED,
        "7118",
    ):
        assert numbers(desk, q, "relief") == [wanted["number"]], q
    (hit,) = found(desk, wanted["number"], "relief")
    assert hit["route"] == f"/restitution/relief/{wanted['id']}"
    assert hit["sub"] == f"演示工商银行 {MASKED} · 已提出"
    assert ACCOUNT not in str(hit)


def test_a_return_is_found_by_its_number_its_freeze_its_case_and_its_account(desk: Counter) -> None:
    wanted = desk.drafted(LOSSES, 3_000_000, number=ACCOUNT)
    desk.drafted(LOSSES, 3_000_000)
    for q in (wanted["number"], wanted["order_number"], wanted["case_number"], ACCOUNT, MASKED, "7118"):
        assert numbers(desk, q, "return") == [wanted["number"]], q
    (hit,) = found(desk, wanted["number"], "return")
    assert hit["route"] == f"/restitution/returns/{wanted['id']}"
    assert hit["sub"] == f"{wanted['case_number']} · 演示工商银行 {MASKED} · 待告知"


def test_a_whole_number_means_that_account_and_none_that_looks_like_it(desk: Counter) -> None:
    mine = desk.drafted(LOSSES, 3_000_000, number=ACCOUNT)
    other = desk.drafted(LOSSES, 3_000_000, number=ALIKE)
    assert mine["account"] == other["account"] == MASKED
    assert numbers(desk, ACCOUNT, "return") == [mine["number"]]
    assert numbers(desk, ALIKE, "return") == [other["number"]]
    assert sorted(numbers(desk, MASKED, "return")) == sorted([mine["number"], other["number"]])


@pytest.mark.parametrize("q", ["7", "%", "%%", "__", "**", "\\", "0018", "6299990000100077"])
def test_what_names_nothing_finds_nothing(desk: Counter, q: str) -> None:
    order = desk.frozen_for(LOSSES, 3_000_000, number=ACCOUNT)
    objected(desk, order)
    assert numbers(desk, q, "relief") == []


def test_without_the_permission_nothing_is_found(desk: Counter) -> None:
    relief = objected(desk, desk.frozen_for(LOSSES, 3_000_000, number=ACCOUNT))
    begun = desk.drafted(LOSSES, 3_000_000, number=ALIKE)
    for blind in (officer(GULOU, "order.read", "case.read"), officer(CITY)):
        for q in (relief["number"], begun["number"], begun["case_number"], ACCOUNT, "7118"):
            assert numbers(desk, q, "relief", by=blind) == numbers(desk, q, "return", by=blind) == []
    only = officer(GULOU, "return.read")
    assert numbers(desk, "7118", "relief", by=only) == []
    assert numbers(desk, "7118", "return", by=only) == [begun["number"]]


def test_another_county_finds_nothing_and_the_bank_its_own_once_decided(desk: Counter) -> None:
    relief = objected(desk, desk.frozen_for(LOSSES, 3_000_000, number=ACCOUNT))
    begun = desk.drafted(LOSSES, 3_000_000, number=ALIKE)
    elsewhere = officer("cn.fj.fz.taijiang.", "relief.read", "return.read", "case.read")
    bank = officer(BANK, "relief.read", "return.read")
    other_bank = officer("cn.fj.fz.bank_js.", "relief.read", "return.read")
    for stranger in (elsewhere, other_bank):
        for q in (relief["number"], begun["number"], begun["case_number"], ACCOUNT, ALIKE, MASKED):
            assert numbers(desk, q, "relief", by=stranger) == numbers(desk, q, "return", by=stranger) == []
    assert numbers(desk, ACCOUNT, "relief", by=bank) == [relief["number"]]
    assert numbers(desk, ALIKE, "return", by=bank) == []


PAID_FROM, PAID_TO = "6299990000300066012", "6299990000400055019"


def claimed(desk: Counter) -> Any:
    """Return a return with a victim who paid from an account of their own and is paid to another of theirs."""
    begun = desk.drafted(LOSSES, 3_000_000, number=ACCOUNT)
    person: dict[str, Any] = {"name": "演示戊", "institution": "演示建设银行", "account": PAID_FROM}
    begun = desk.act_on(begun, "claims", **person, loss_fen=100_000)
    claim = next(one["id"] for one in begun["claims"] if one["account"].endswith("6012"))
    other = {
        "version": begun["version"],
        "institution": "演示农业银行",
        "account": PAID_TO,
        "reason": "演示：原账户已销户",
    }
    return desk.put(f"/api/returns/{begun['id']}/claims/{claim}/account", other)


def test_a_return_is_found_by_the_account_a_victim_paid_from_or_is_paid_to(desk: Counter) -> None:
    wanted = claimed(desk)
    desk.drafted(LOSSES, 3_000_000)
    for q in (PAID_FROM, "6299 9900 0030 0066 012", "6299 **** **** *** 6012", "6012", PAID_TO, "5019"):
        assert numbers(desk, q, "return") == [wanted["number"]], q
    (hit,) = found(desk, PAID_TO, "return")
    assert PAID_TO not in str(hit)


@pytest.mark.parametrize("q", ["6299990000900066012", "6299990000900055019"])
def test_another_account_with_the_same_mask_finds_no_return(desk: Counter, q: str) -> None:
    claimed(desk)
    assert numbers(desk, q, "return") == []


def test_a_victims_account_tells_nothing_to_another_county_nor_to_the_bank_before_it_is_decided(
    desk: Counter,
) -> None:
    claimed(desk)
    for stranger in (officer("cn.fj.fz.taijiang.", "return.read"), officer(BANK, "return.read")):
        for q in (PAID_FROM, PAID_TO, "6012", "5019"):
            assert numbers(desk, q, "return", by=stranger) == [], q
