"""Operator and investigator of an instruction are named with the numbers of their service, where those were entered."""

from xml.etree import ElementTree

from sqlalchemy import select, text

from rongdun.adapters.banks.profile import load_profile
from rongdun.adapters.banks.wire import write_instruction
from rongdun.domains.people.model import User
from rongdun.domains.people.numbers import put_number
from rongdun.domains.stop_payment import sending
from rongdun.domains.stop_payment.model import Order
from rongdun.kernel.scope import Actor
from tests.domains.stop_payment.desk import Desk

ROW = text(
    "insert into users (id, login, name, unit_id, unit_path, scope_path, roles, password_hash,"
    " password_changed_at, must_change_password, created_at, updated_at)"
    " select :id, :login, :name, id, path, path, '{stop_officer}', 'x', :now, false, :now, :now"
    " from units where path = :path"
)


def enrol(desk: Desk, officer: Actor, police: str = "", work: str = "") -> None:
    """Put an officer among the users, with these numbers of their service and a private phone beside them."""
    with desk.centre.transact() as uow:
        values = {"id": officer.user_id, "login": str(officer.user_id), "name": officer.name}
        uow.session.execute(ROW, {**values, "path": officer.unit_path, "now": uow.now})
        user = uow.session.scalars(select(User).where(User.id == officer.user_id)).one()
        put_number(uow.vault, user, "phone", "19900001001")
        put_number(uow.vault, user, "id_number", "350100190001010012")
        put_number(uow.vault, user, "police_number", police or None)
        put_number(uow.vault, user, "work_phone", work or None)


def sent_by_two(desk: Desk) -> Order:
    """Return a stop that one officer made and the leader reviewed and sent."""
    order = desk.draft(urgent=False)
    desk.act(order, sending.review)
    return desk.act(order, sending.send_order)


def written(desk: Desk, order: Order) -> dict[str, str]:
    """Return the elements of an order's message in the national form, those with text."""
    with desk.centre.transact() as uow:
        told = desk.told(uow, order)
    found = ElementTree.fromstring(write_instruction(load_profile("national"), told))
    return {each.tag.rpartition("}")[2]: each.text for each in found.iter() if each.text}


def test_both_officers_are_named_with_police_number_and_work_phone(desk: Desk) -> None:
    enrol(desk, desk.drafter, "991004", "059199991004")
    enrol(desk, desk.leader, "991012", "059199991012")
    told = written(desk, sent_by_two(desk))
    assert [told[f"Operator{part}"] for part in ("IDType", "IDNumber", "Name", "PhoneNumber")] == [
        "08",
        "991004",
        "演示·郑四",
        "059199991004",
    ]
    assert [told[f"Investigator{part}"] for part in ("IDType", "IDNumber", "Name")] == [
        "08",
        "991012",
        "演示·何十二",
    ]


def test_without_them_the_message_goes_and_no_private_number_takes_their_place(desk: Desk) -> None:
    enrol(desk, desk.drafter)
    order = sent_by_two(desk)
    told = written(desk, order)
    assert told["OperatorName"] == "演示·郑四"
    assert not {"OperatorIDNumber", "OperatorPhoneNumber", "InvestigatorIDNumber"} & set(told)
    assert not {"19900001001", "350100190001010012"} & set(told.values())
    assert desk.messages(order) == ["stop"]


def test_an_urgent_order_names_whoever_sent_it_until_somebody_reviews(desk: Desk) -> None:
    enrol(desk, desk.drafter, "991004")
    enrol(desk, desk.leader, "991012")
    order = desk.sent()
    assert written(desk, order)["InvestigatorIDNumber"] == "991004"
    desk.act(order, sending.countersign)
    assert written(desk, order)["InvestigatorIDNumber"] == "991012"
