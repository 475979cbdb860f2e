"""What is forgotten, and when."""

from datetime import timedelta

from sqlalchemy import func, select

from rongdun.domains.people.jobs import forget
from rongdun.domains.people.model import LoginAttempt, SignInSession, UnknownLogin
from tests.domains.people.conftest import Desk


def left(desk: Desk) -> dict[str, int]:
    with desk.centre.transact() as uow:
        forget(uow)
    with desk.centre.transact() as uow:
        return {
            table.__tablename__: uow.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (SignInSession, LoginAttempt, UnknownLogin)
        }


def test_ended_sessions_and_old_attempts_are_forgotten(desk: Desk) -> None:
    desk.user("chen1", "analyst")
    desk.sign_in("chen1")
    desk.sign_out()
    desk.call("POST", "/api/auth/login", 401, json={"login": "nobody9", "password": "x"})
    desk.clock.advance(timedelta(hours=23))
    assert left(desk) == {"sessions": 1, "login_attempts": 1, "unknown_logins": 1}
    desk.clock.advance(timedelta(hours=2))
    assert left(desk) == {"sessions": 1, "login_attempts": 0, "unknown_logins": 1}
    desk.clock.advance(timedelta(days=30))
    assert left(desk) == {"sessions": 0, "login_attempts": 0, "unknown_logins": 0}
