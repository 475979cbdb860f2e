"""The demonstration's board shows every level at once, and its past reads as if it had been watched."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel import deadline as clockwork
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.scope import NOBODY
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import Deadline, DeadlineEvent, value_of
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.simulation.demo_city import demo_city
from rongdun.simulation.demo_deadlines import seed_demo_deadlines

NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def centre(db: Database, tmp_path: Path) -> Centre:
    services = Services(Settings(data_dir=tmp_path), db, FixedClock(NOW), Vault.ephemeral())
    centre = Centre(services, lambda request, uow: NOBODY)
    with centre.transact() as uow:
        seed_policies(uow.session, now=uow.now)
    with centre.transact() as uow:
        assert seed_demo_deadlines(uow) == len(demo_city().deadlines)
    return centre


def test_every_level_and_every_end_is_on_show(centre: Centre) -> None:
    with centre.transact() as uow:
        rows = uow.session.scalars(select(Deadline)).all()
    assert {clockwork.level(value_of(row), NOW).value for row in rows if row.closed_at is None} == {
        "calm",
        "notice",
        "urgent",
        "critical",
        "overdue",
    }
    assert {row.outcome for row in rows} >= {"met", "met_late", "cancelled", None}
    assert any(row.paused_at for row in rows)


def test_past_reminders_stand_at_their_own_moments(centre: Centre) -> None:
    with centre.transact() as uow:
        events = uow.session.scalars(select(DeadlineEvent).where(DeadlineEvent.step.is_not(None))).all()
    assert len(events) > 20
    assert all(event.at == event.step_at for event in events)


def test_nothing_is_left_for_the_first_sweep(centre: Centre) -> None:
    with centre.transact() as uow:
        waiting = uow.session.scalars(select(Deadline.id).where(Deadline.next_step_at <= NOW)).all()
        missed = Counter(uow.session.scalars(select(Deadline.state)))["missed"]
    assert waiting == []
    assert missed > 0


def test_seeding_again_adds_nothing(centre: Centre) -> None:
    with centre.transact() as uow:
        assert seed_demo_deadlines(uow) == 0


def test_whoever_has_to_act_sees_the_clock() -> None:
    city = demo_city()
    centre = "cn.fj.fz.centre."  # its officers see the whole city
    hidden = [
        one.subject.label
        for one in city.deadlines
        if one.owner not in (centre, one.partner) and not one.unit.startswith(one.owner)
    ]
    assert hidden == []
