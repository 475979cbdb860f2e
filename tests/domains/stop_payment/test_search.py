"""Prevents the search box from missing what stands there, and from telling of rows of others, when an index answers."""

import pytest

from tests.domains.stop_payment.desk import BANK, CITY, GULOU, Desk, officer

READER = officer(CITY, "order.read", name="演示·曾三十一")


def found(desk: Desk, q: str, **options: object) -> list[str]:
    page = desk.call("GET", "/api/orders", params={"q": q}, by=options.get("by", READER))  # type: ignore[arg-type]
    assert page["total"] == len(page["items"])
    return sorted(one["number"] for one in page["items"])


def test_an_order_is_found_by_its_number_its_end_its_bank_its_officer_and_its_case(desk: Desk) -> None:
    case = desk.case()
    order = desk.draft(subject=case)
    other = desk.draft(bank="演示建设银行", by=desk.leader)
    digits = order.number[-6:]
    assert found(desk, order.number) == [order.number]
    assert found(desk, order.number.lower()) == [order.number]
    assert found(desk, digits) == [order.number]
    assert found(desk, "工商") == [order.number]
    assert found(desk, "何十二") == [other.number]
    assert found(desk, case.label) == [order.number]
    assert found(desk, "演示 银行") == sorted([order.number, other.number])


def test_every_word_has_to_stand_there(desk: Desk) -> None:
    order = desk.draft()
    assert found(desk, f"工商 {order.number}") == [order.number]
    assert found(desk, f"建设 {order.number}") == []


@pytest.mark.parametrize("q", ["'); drop table orders; --", "%%", "__", "''", "\\", '"{}"', "$1 $2"])
def test_what_looks_like_a_command_is_a_word(desk: Desk, q: str) -> None:
    desk.draft()
    assert found(desk, q) == []


def test_others_orders_are_neither_shown_nor_counted(desk: Desk) -> None:
    desk.draft()
    own = desk.draft(by=desk.handler)
    assert found(desk, "工商", by=officer(GULOU, "order.read")) == [own.number]


def test_a_bank_finds_an_order_once_it_has_been_sent(desk: Desk) -> None:
    bank = officer(BANK, "order.read")
    order = desk.draft()
    assert found(desk, "工商", by=bank) == []
    sent = desk.sent()
    assert found(desk, "工商", by=bank) == [sent.number]
    assert order.number not in found(desk, sent.number[:6], by=bank)
