"""The demonstration city is whole, consistent, and visibly nobody's."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.deadline import (
    Deadline,
    Level,
    Outcome,
    Step,
    Unit,
    begin,
    cancel,
    complete,
    due,
    level,
    outcome,
    pause,
)
from rongdun.kernel.district import counties, district
from rongdun.kernel.escalation import ladder, ladder_by_share
from rongdun.kernel.id_number import parse_resident
from rongdun.kernel.phone import PhoneKind, parse_phone
from rongdun.kernel.policy import NoRuleInForce, in_force
from rongdun.kernel.workday_file import packaged_calendar
from rongdun.runtime.policies.seedfile import shipped_rows
from rongdun.simulation.demo_city import DemoDeadline, demo_city, moment

CITY = demo_city()
PATHS = {unit.path: unit for unit in CITY.units}
NOW = datetime(2026, 3, 11, 9, 20, tzinfo=SHANGHAI)

# Which kind stands below which, by the organisation of the police and its partners.
ABOVE = {
    "province": {""},
    "city": {"province"},
    "centre": {"city"},
    "county": {"city"},
    "station": {"county"},
    "community": {"station"},
    "grid": {"community"},
    "bank": {"city"},
    "branch": {"bank"},
    "outlet": {"branch"},
    "carrier": {"city"},
    "carrier_outlet": {"carrier"},
    "agent": {"carrier_outlet"},
    "regulator": {"city"},
}

ROLES = {
    "intake_officer",
    "stop_officer",
    "analyst",
    "dissuader",
    "duty_leader",
    "station_police",
    "case_handler",
    "approver_county",
    "approver_city",
    "bank_liaison",
    "carrier_liaison",
    "regulator",
    "publicity_officer",
    "grid_worker",
    "auditor",
    "administrator",
}


def test_the_city_has_the_units_it_promises() -> None:
    counted = Counter(unit.kind for unit in CITY.units)
    assert counted["county"] == 13
    assert counted["station"] == 60
    assert counted["bank"] == 12
    assert counted["carrier"] == 3
    assert counted["regulator"] == 4
    assert (
        min(counted[kind] for kind in ("branch", "outlet", "carrier_outlet", "agent", "community", "grid"))
        > 5
    )


def test_the_tree_holds_together_and_parents_come_first() -> None:
    seen = {""}
    for unit in CITY.units:
        assert re.fullmatch(r"[a-z0-9_]+", unit.code)
        assert unit.path == (unit.parent or "cn.") + unit.code + "."
        assert unit.parent in seen
        assert (PATHS[unit.parent].kind if unit.parent else "") in ABOVE[unit.kind]
        seen.add(unit.path)
    assert len(seen) == len(CITY.units) + 1


def test_every_unit_has_both_names_and_a_district_that_exists() -> None:
    for unit in CITY.units:
        assert unit.name.zh
        assert unit.name.en.isascii()
        assert district(unit.district)
    bureaus = {unit.district for unit in CITY.units if unit.kind == "county"}
    assert bureaus == {each.code for each in counties()}


def test_each_bank_has_two_to_four_branches() -> None:
    branches = Counter(unit.parent for unit in CITY.units if unit.kind == "branch")
    assert set(branches) == {unit.path for unit in CITY.units if unit.kind == "bank"}
    assert set(branches.values()) <= {2, 3, 4}


def test_partners_are_visibly_invented() -> None:
    invented = {
        "bank",
        "branch",
        "outlet",
        "carrier",
        "carrier_outlet",
        "agent",
        "regulator",
        "community",
        "grid",
    }
    for unit in CITY.units:
        assert ("演示" in unit.name.zh) is (unit.kind in invented)


def test_forty_people_fill_every_role_within_units_that_exist() -> None:
    assert len({user.login for user in CITY.users}) == 40
    assert {role for user in CITY.users for role in user.roles} == ROLES
    for user in CITY.users:
        assert user.unit in PATHS
        assert user.scope in PATHS
        assert user.unit.startswith(user.scope)


def test_nobody_real_can_be_meant() -> None:
    assert len({user.phone for user in CITY.users}) == len({user.id_number for user in CITY.users}) == 40
    for user in CITY.users:
        resident = parse_resident(user.id_number)
        assert (resident.region, resident.birth_date) == ("350100", date(1900, 1, 1))
        assert user.phone.startswith("1990000")
        assert parse_phone(user.phone).kind is PhoneKind.MOBILE
        assert user.name.zh.startswith("演示·")


def reminders(rule: str, on: date, length: timedelta) -> tuple[Step, ...]:
    """Return the steps of the family's reminders where any fits the term, else those by its share."""
    try:
        alerts = in_force(shipped_rows(), rule.partition(".")[0] + ".alerts", on)
    except NoRuleInForce:
        return ladder_by_share(length)
    by_rule = ladder(alerts.amounts(), Unit(alerts.unit.value))
    return by_rule if any(step.at.by < length for step in by_rule[:-1]) else ladder_by_share(length)


def opened(row: DemoDeadline, now: datetime) -> Deadline:
    """Return the clock of a row as the policy table of its date sets it."""
    start = moment(now, row.start)
    on = start.astimezone(SHANGHAI).date()
    term = in_force(shipped_rows(), row.rule, on).term()
    length = due(start, term, packaged_calendar()) - start
    deadline = begin(start, term, packaged_calendar(), steps=reminders(row.rule, on, length))
    if row.paused:
        return pause(deadline, moment(now, row.paused.at), reason=row.paused.reason)
    if row.ended:
        close = {"met": complete, "cancelled": cancel}[row.ended.how]
        return close(deadline, moment(now, row.ended.at))
    return deadline


def test_every_clock_rests_on_a_rule_and_on_units_that_exist() -> None:
    for row in CITY.deadlines:
        assert {row.unit, row.owner} <= PATHS.keys()
        assert not row.partner or row.partner in PATHS
        assert "演示" in row.subject.label
        assert opened(row, NOW).base_due_at > opened(row, NOW).started_at
    assert len({(row.subject.kind, row.subject.id, row.rule) for row in CITY.deadlines}) == len(
        CITY.deadlines
    )


@pytest.mark.parametrize("day", range(0, 330, 30))
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_on_any_day_at_any_hour_the_board_shows_every_level(day: int, hour: int) -> None:
    now = datetime(2026, 1, 14, hour, 20, tzinfo=SHANGHAI) + timedelta(days=day)
    clocks = [opened(row, now) for row in CITY.deadlines]
    shown = Counter(level(clock, now) for clock in clocks if not clock.closed_at)
    assert min(shown[each] for each in Level) >= 4
    ended = {outcome(clock, now) for clock in clocks if clock.closed_at}
    assert ended == {Outcome.MET, Outcome.MET_LATE, Outcome.CANCELLED}
    assert any(clock.paused_since for clock in clocks)


@pytest.mark.parametrize(
    ("relative", "at"),
    [
        ("-47h30m", datetime(2026, 3, 9, 9, 50, tzinfo=SHANGHAI)),
        ("-6mo+2d", datetime(2025, 9, 13, 9, 20, tzinfo=SHANGHAI)),
        ("-1d", datetime(2026, 3, 10, 9, 20, tzinfo=SHANGHAI)),
        ("10m", datetime(2026, 3, 11, 9, 30, tzinfo=SHANGHAI)),
    ],
)
def test_relative_moments(relative: str, at: datetime) -> None:
    assert moment(NOW, relative) == at


def test_months_follow_the_calendar_of_shanghai() -> None:
    # 17:00 UTC on 31 August is already 1 September in Fuzhou; a month before is 1 August there.
    now = datetime(2026, 8, 31, 17, tzinfo=UTC)
    assert moment(now, "-1mo") == datetime(2026, 7, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "-3", "-3x", "-3h later", "h3"])
def test_anything_else_is_no_relative_moment(text: str) -> None:
    with pytest.raises(ValueError, match="relative moment"):
        moment(NOW, text)
