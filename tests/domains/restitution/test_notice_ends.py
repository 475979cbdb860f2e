"""The job that ends public notices: one that ran its thirty days is on no board as missed, and screens hear of it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from rongdun.domains.restitution.returns.jobs import END_NOTICES
from rongdun.runtime.deadlines import Sweeper
from rongdun.runtime.jobs import Work
from tests.domains.restitution.conftest import Counter

LOSSES = {"演示甲": 6_000_000, "演示乙": 3_000_000}
HELD = 5_000_000


def published(desk: Counter) -> tuple[Any, datetime]:
    """Return a return in public notice and the moment its notice ends."""
    found = desk.act_on(desk.reckoned(LOSSES, HELD), "publish", place="演示市公安局网站")
    return found, datetime.fromisoformat(found["notice_until"])


def minute(desk: Counter, at: datetime) -> None:
    """Let what happens every minute happen at a moment: the job, and the sweeper of deadlines."""
    desk.clock.set(at)
    END_NOTICES.run(Work(desk.centre.transact, desk.centre.services))
    Sweeper(desk.centre.transact, "演示").tick()


def clock(desk: Counter, found: Any) -> tuple[str | None, str]:
    """Return how the notice's clock ended, and the level at which the board showed it last."""
    with desk.centre.transact() as uow:
        row = uow.session.execute(
            text(
                "select outcome, level from deadlines where subject_id = :id and rule_key = 'return.notice'"
            ),
            {"id": found["id"]},
        ).one()
        return row.outcome, row.level


def told(desk: Counter, found: Any) -> int:
    """Return how often open screens have been told to look at a return again."""
    with desk.centre.transact() as uow:
        counted = text("select count(*) from live_events where topic = 'return' and subject_id = :id")
        return int(uow.session.execute(counted, {"id": found["id"]}).scalar_one())


def approve_allowed(desk: Counter, found: Any) -> bool:
    """Return whether the city's page offers to approve."""
    seen = desk.get(f"/api/returns/{found['id']}", by=desk.head)
    return any(one["allowed"] for one in seen["actions"] if one["action"] == "approve")


def test_a_notice_that_ran_its_term_is_met_and_never_overdue_and_may_be_approved(desk: Counter) -> None:
    found, until = published(desk)
    minute(desk, until - timedelta(minutes=2))
    assert clock(desk, found)[0] is None, "it still runs on the board"
    minute(desk, until - timedelta(minutes=1))
    assert clock(desk, found)[0] == "met"
    assert not approve_allowed(desk, found), "its thirty days are not over"
    minute(desk, until + timedelta(minutes=1))
    outcome, level = clock(desk, found)
    assert (outcome, level != "overdue") == ("met", True)
    assert approve_allowed(desk, found)


def test_an_open_page_is_told_when_the_clock_closes_and_again_when_it_may_be_approved(desk: Counter) -> None:
    found, until = published(desk)
    before = told(desk, found)
    minute(desk, until - timedelta(minutes=1))
    assert told(desk, found) == before + 1
    minute(desk, until + timedelta(seconds=1))
    assert told(desk, found) == before + 2
    minute(desk, until + timedelta(hours=1))
    assert told(desk, found) == before + 2, "an hour later nobody is told any more"


def test_one_that_is_over_already_holds_up_no_other_and_a_fresh_one_runs_on(desk: Counter) -> None:
    first, until = published(desk)
    minute(desk, until - timedelta(minutes=1))
    desk.clock.set(until - timedelta(seconds=50))
    fresh, _ = published(desk)
    desk.clock.set(until - timedelta(days=29))
    second, later = published(desk)
    minute(desk, later - timedelta(minutes=1))
    assert [clock(desk, one)[0] for one in (first, second, fresh)] == ["met", "met", None]


def test_an_objection_that_is_open_when_the_notice_ends_still_bars_approval(desk: Counter) -> None:
    found, until = published(desk)
    objection: dict[str, Any] = {"name": "演示丙", "phone": "19900000009", "text": "演示：另有损失"}
    found = desk.act_on(found, "objections", **objection)
    minute(desk, until - timedelta(minutes=1))
    minute(desk, until + timedelta(minutes=1))
    assert clock(desk, found)[0] == "met"
    assert not approve_allowed(desk, found)


def test_a_return_that_was_withdrawn_meanwhile_is_left_alone(desk: Counter) -> None:
    found, until = published(desk)
    found = desk.act_on(found, "back", action="withdraw", reason="演示：另案处理")
    count = told(desk, found)
    minute(desk, until)
    assert told(desk, found) == count
    assert desk.get(f"/api/returns/{found['id']}")["state"] == "WITHDRAWN"
