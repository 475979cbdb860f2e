"""What the tests of units and users share: an administrator signed in, a centre, a bank, and short calls."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.domains.people.conftest import FUZHOU, Desk

CENTRE = "cn.fj.fz.centre."
BANK = "cn.fj.fz.bank_gs."
PHONE = "19900001001"
ID_NUMBER = "350100190001010012"


def open_offices(desk: Desk) -> Desk:
    """Add the city's centre and a bank, and sign in an administrator of the city; another one stands by."""
    desk.unit(CENTRE, "centre", "演示·反诈骗中心")
    desk.unit(BANK, "bank", "演示·银行")
    desk.user("admin", "administrator", unit=FUZHOU)
    desk.user("admin2", "administrator", unit=FUZHOU)
    desk.sign_in("admin")
    return desk


def unit_id(desk: Desk, path: str) -> str:
    """Return the id of the unit at ``path``."""
    return str(desk.units[path])


def new_user(desk: Desk, path: str, role: str, status: int = 201, **more: Any) -> Any:
    """Ask for a user of the unit at ``path``."""
    body = {"login": "chen", "name": "演示·陈一", "unit_id": unit_id(desk, path), "roles": [role], **more}
    return desk.call("POST", "/api/users", status, json=body)


def problem_fields(answer: Any) -> list[str]:
    """Return the fields a refusal points at."""
    return [item["path"] for item in answer["fields"]]


def signals(desk: Desk, topic: str) -> list[tuple[str, str]]:
    """Return subject id and unit path of every live signal of ``topic``, oldest first."""
    statement = text("select subject_id, unit_path from live_events where topic = :topic order by id")
    with desk.centre.transact() as uow:
        return [(row.subject_id, row.unit_path) for row in uow.session.execute(statement, {"topic": topic})]


def ended(desk: Desk, session_id: UUID) -> str:
    """Return why a session ended; empty while it is open."""
    statement = text("select end_reason from sessions where id = :id and ended_at is not null")
    with desk.centre.transact() as uow:
        return uow.session.scalar(statement, {"id": session_id}) or ""
