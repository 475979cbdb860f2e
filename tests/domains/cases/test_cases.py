"""Accepting a case: what is kept, who sees it, and which clock starts."""

from rongdun.domains import cases
from tests.domains.cases.conftest import Desk


def test_a_case_is_accepted_with_a_number_and_its_victims_sealed(desk: Desk) -> None:
    found = desk.open_case()

    assert found.number == "AJ2026-000001"
    assert not cases.is_filed(found)
    with desk.centre.transact(desk.actor) as uow:
        assert [v.person.name for v in cases.victims_of(uow, found.id)] == ["演示甲"]
