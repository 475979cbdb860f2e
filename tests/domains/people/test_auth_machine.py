"""Whatever happens in whatever order at the door: the lock and the sessions keep their rules."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from rongdun.domains.people.passwords import hash_password
from tests.domains.people.conftest import Desk

PASSWORD = "four-quiet-banyans"
FAILURES, LOCK = 5, timedelta(minutes=15)
IDLE, WHOLE = timedelta(minutes=30), timedelta(hours=13)


class Door(RuleBasedStateMachine):
    """One account, one browser, a clock; the model is what the notes say, in a dozen lines."""

    desk: Desk
    number = 0

    @initialize()
    def arrive(self) -> None:
        Door.number += 1
        self.login = f"person{Door.number}"
        self.desk.sign_out()
        self.desk.clock.advance(timedelta(days=1))
        self.desk.user(self.login, "analyst", password_hash=hash_password(PASSWORD))
        self.in_a_row = 0
        self.locked_until: datetime | None = None
        self.opened: datetime | None = None
        self.used = self.now

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.now < self.locked_until

    @property
    def is_in(self) -> bool:
        if self.opened is None:
            return False
        return self.now - self.used < IDLE and self.now - self.opened < WHOLE

    def _try(self, password: str) -> int:
        headers = {"X-CSRF-Token": self.desk.csrf}
        body = {"login": self.login, "password": password}
        answer = self.desk.client.post("/api/auth/login", json=body, headers=headers)
        if answer.status_code == 200:
            self.desk.csrf = answer.json()["me"]["csrf"]
        return answer.status_code

    @rule()
    def right(self) -> None:
        status = self._try(PASSWORD)
        assert status == (423 if self.is_locked else 200)
        if status == 200:
            self.in_a_row, self.locked_until, self.opened, self.used = 0, None, self.now, self.now
        self._note_use(status)

    @rule()
    def wrong(self) -> None:
        status = self._try("not-the-password")
        if self.is_locked:
            assert status == 423
        elif self.in_a_row + 1 == FAILURES:
            assert status == 423
            self.in_a_row, self.locked_until = 0, self.now + LOCK
        else:
            assert status == 401
            self.in_a_row += 1
        self._note_use(status)

    @rule()
    def leave(self) -> None:
        self.desk.call("POST", "/api/auth/logout", 204)
        self.opened = None

    @rule(minutes=st.sampled_from([1, 2, 7, 14, 29, 30, 31, 200]))
    def wait(self, minutes: int) -> None:
        self.desk.clock.advance(timedelta(minutes=minutes))

    @invariant()
    def the_page_opens_exactly_while_the_session_lasts(self) -> None:
        status = self.desk.client.get("/api/auth/me").status_code
        assert status == (200 if self.is_in else 401)
        self._note_use(status)

    def _note_use(self, status: int) -> None:
        """A request of a session that lives is a use of it; one that failed is undone with all it wrote."""
        if self.is_in and status != 429:
            self.used = self.now


def test_lock_and_session_keep_their_rules(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # the limit on one address would end every run too soon
    monkeypatch.setattr("rongdun.domains.people.guard.must_not_be_blocked", lambda *_: None)
    machine = type("DoorOf", (Door,), {"desk": desk})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
