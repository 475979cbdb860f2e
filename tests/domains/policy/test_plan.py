"""What a change brings about, judged day by day by a reader that knows nothing of how it is planned."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.domains.policy.errors import NothingToCorrect, NothingToEnd
from rongdun.domains.policy.plan import Consequences, Kind, Proposal, Span, consequences, days_without, faults
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import PolicyRule, Tag, ValueUnit

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(60)]
TODAY = DAYS[30]
FAR = date(2030, 1, 1)


def rule(start: date, end: date | None, value: int = 1) -> PolicyRule:
    return PolicyRule(
        key="stop.validity",
        value=value,
        unit=ValueUnit.HOUR,
        effective_from=start,
        effective_to=end,
        legal_basis="银发〔2016〕86号",
        tag=Tag.PUBLISHED,
        name=Text("止付有效期", "Validity of a stop"),
    )


def proposal(
    start: date, end: date | None = None, *, kind: Kind = Kind.REPLACE, value: int = 999
) -> Proposal:
    return Proposal(
        key="stop.validity",
        kind=kind,
        name=Text("止付有效期", "Validity of a stop"),
        value=None if kind is Kind.END else value,
        unit=ValueUnit.HOUR,
        effective_from=start,
        effective_to=end,
        legal_basis="新规定",
        tag=Tag.PUBLISHED,
    )


@st.composite
def timelines(draw: st.DrawFn) -> list[PolicyRule]:
    """Rows of one key that never overlap, with or without days between them, the last one open or not."""
    cuts = sorted(draw(st.sets(st.integers(0, 59), min_size=1, max_size=8)))
    rows = []
    for number, start in enumerate(cuts):
        following = cuts[number + 1] if number + 1 < len(cuts) else None
        latest = following if following is not None else 80
        stops = draw(st.one_of(st.none(), st.integers(start + 1, latest)))
        end = stops if stops is not None else following
        rows.append(
            rule(DAYS[start], FIRST + timedelta(days=end) if end is not None else None, value=number + 1)
        )
    return rows


def values_by_day(rows: list[PolicyRule]) -> dict[date, list[Any]]:
    return {
        day: [
            row.value
            for row in rows
            if row.effective_from <= day and (row.effective_to is None or day < row.effective_to)
        ]
        for day in [*DAYS, *(DAYS[-1] + timedelta(days=n) for n in range(1, 30)), FAR]
    }


def carried_out(rows: list[PolicyRule], planned: Consequences) -> list[PolicyRule]:
    ends = {ending.rule.effective_from: ending.ends for ending in planned.closes}
    left = [
        replace(row, effective_to=ends[row.effective_from]) if row.effective_from in ends else row
        for row in rows
    ]
    return [*left, *([planned.opens] if planned.opens else [])]


starts = st.sampled_from(DAYS)
lengths = st.one_of(st.none(), st.integers(1, 40))


@given(timelines(), starts, lengths)
def test_a_new_version_changes_its_own_days_and_no_others(
    rows: list[PolicyRule], start: date, length: int | None
) -> None:
    end = start + timedelta(days=length) if length else None
    planned = consequences(rows, proposal(start, end), today=TODAY)
    before = values_by_day(rows)
    begins_within = [r for r in rows if end and start < r.effective_from < end]
    begins_then = [r for r in rows if r.effective_from == start]
    assert {r.effective_from for r in planned.overlaps} == {
        r.effective_from for r in begins_within + begins_then
    }
    if planned.overlaps:
        return
    after = values_by_day(carried_out(rows, planned))
    assert all(len(found) <= 1 for found in after.values())
    assert all(after[day] == before[day] for day in before if day < start)
    assert planned.opens is not None
    until = planned.opens.effective_to
    assert all(after[day] == [999] for day in after if day >= start and (until is None or day < until))
    if end is None:
        assert all(after[day] == before[day] for day in before if until and day >= until)
    lost = {day for day in before if before[day] and not after[day]}
    told = {
        day
        for day in before
        for span in planned.without_rule
        if span.since <= day and (span.until is None or day < span.until)
    }
    assert lost <= told
    assert all(not after[day] for day in told)


@given(timelines(), starts)
def test_an_ended_rule_has_no_version_until_the_next_one_begins(rows: list[PolicyRule], start: date) -> None:
    before = values_by_day(rows)
    if not before[start]:
        with pytest.raises(NothingToEnd):
            consequences(rows, proposal(start, kind=Kind.END), today=TODAY)
        return
    planned = consequences(rows, proposal(start, kind=Kind.END), today=TODAY)
    after = values_by_day(carried_out(rows, planned))
    ended = before[start]
    assert all(after[day] == (before[day] if day < start or before[day] != ended else []) for day in before)


@given(timelines(), starts)
def test_a_correction_stands_in_for_the_version_that_begins_that_day(
    rows: list[PolicyRule], start: date
) -> None:
    target = next((row for row in rows if row.effective_from == start), None)
    if target is None:
        with pytest.raises(NothingToCorrect):
            consequences(rows, proposal(start, kind=Kind.CORRECT), today=TODAY)
        return
    corrected = proposal(start, target.effective_to, kind=Kind.CORRECT)
    planned = consequences(rows, corrected, today=TODAY)
    before, after = values_by_day(rows), values_by_day(carried_out(rows, planned))
    assert all(after[day] == ([999] if before[day] == [target.value] else before[day]) for day in before)
    assert planned.without_rule == ()


def test_only_a_past_first_day_reaches_back() -> None:
    rows = [rule(DAYS[0], None)]
    found = {
        offset: consequences(rows, proposal(TODAY + timedelta(days=offset)), today=TODAY).retroactive
        for offset in (-1, 0, 1)
    }
    assert found == {-1: True, 0: False, 1: False}


def test_a_version_with_an_end_leaves_the_days_after_it_without_a_rule() -> None:
    planned = consequences([rule(DAYS[0], None)], proposal(DAYS[10], DAYS[20]), today=TODAY)
    assert planned.without_rule == (Span(DAYS[20], None),)


def test_days_without_a_rule_are_told_between_versions_and_after_the_last() -> None:
    rows = [rule(DAYS[0], DAYS[5]), rule(DAYS[7], DAYS[9])]
    assert days_without(rows) == (Span(DAYS[5], DAYS[7]), Span(DAYS[9], None))


@pytest.mark.parametrize(
    ("value", "unit", "accepted"),
    [
        (72, ValueUnit.HOUR, True),
        (3, ValueUnit.WORKDAY, True),
        (0, ValueUnit.HOUR, False),
        ([48, 24], ValueUnit.HOUR, False),
        (3, ValueUnit.COUNT, False),
        (True, ValueUnit.FLAG, False),
        ("48", ValueUnit.TEXT, False),
    ],
)
def test_a_rule_keeps_the_kind_of_value_its_readers_expect(
    value: Any, unit: ValueUnit, accepted: bool
) -> None:
    changed = replace(proposal(DAYS[1]), value=value, unit=unit)
    found = faults(changed, rule(DAYS[0], None))
    assert (not found) is accepted
    assert {fault.path for fault in found} <= {"value"}
