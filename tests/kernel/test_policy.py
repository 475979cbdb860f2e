"""A rule is read by the date of the case, and a change never touches what applied before it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.deadline import Term, Unit
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import (
    Gap,
    NoRuleInForce,
    PolicyRule,
    PolicyRuleWrong,
    RuleOverlaps,
    Tag,
    Value,
    ValueUnit,
    WrongKindOfValue,
    check,
    close_and_open,
    gaps,
    in_force,
    last_day,
    overlaps,
)


def rule(
    since: date,
    until: date | None = None,
    *,
    value: Value = 48,
    unit: ValueUnit = ValueUnit.HOUR,
    key: str = "stop.validity",
    basis: str = "银发〔2016〕86号",
) -> PolicyRule:
    name = Text("止付有效期", "Validity of a stop")
    return PolicyRule(key, value, unit, since, basis, Tag.PUBLISHED, name, until)


def ban(since: date, until: date | None, years: int) -> PolicyRule:
    return rule(since, until, value=years, unit=ValueUnit.YEAR, key="discipline.new_account_ban")


# 银发〔2016〕261号: three years without a new account; 银发〔2019〕85号 from 1 April 2019: five; the joint
# measures from 1 December 2024 name no account ban, only two years of discipline.
OLD, NEW = ban(date(2017, 1, 1), date(2019, 4, 1), 3), ban(date(2019, 4, 1), date(2024, 12, 1), 5)


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2017, 1, 1), 3), (date(2019, 3, 31), 3), (date(2019, 4, 1), 5), (date(2024, 11, 30), 5)],
)
def test_a_case_is_judged_by_the_rule_of_its_date(on: date, years: int) -> None:
    assert in_force([NEW, OLD], "discipline.new_account_ban", on).term() == Term(
        years, Unit.YEAR, "discipline.new_account_ban"
    )


@pytest.mark.parametrize("on", [date(2016, 12, 31), date(2024, 12, 1)])
def test_a_date_without_a_rule_is_said_in_words(on: date) -> None:
    with pytest.raises(NoRuleInForce) as missing:
        in_force([OLD, NEW], "discipline.new_account_ban", on)
    assert str(on) in missing.value.message.zh


def test_a_change_closes_the_row_in_force_the_day_before() -> None:
    current = rule(date(2016, 6, 1))
    change = close_and_open([current], rule(date(2026, 1, 1), value=72))
    assert change.closed is not None
    assert last_day(change.closed) == date(2025, 12, 31)
    assert change.closed.value == 48
    assert change.opened == rule(date(2026, 1, 1), value=72)


def test_the_first_row_of_a_rule_closes_nothing() -> None:
    assert close_and_open([OLD], rule(date(2016, 6, 1))).closed is None


def test_a_change_before_a_planned_one_ends_when_that_begins() -> None:
    planned = rule(date(2027, 1, 1), value=96)
    change = close_and_open(
        [rule(date(2016, 6, 1), date(2027, 1, 1)), planned], rule(date(2026, 1, 1), value=72)
    )
    assert change.opened.effective_to == date(2027, 1, 1)


def test_two_rows_from_the_same_day_are_refused() -> None:
    with pytest.raises(RuleOverlaps) as refused:
        close_and_open([rule(date(2026, 1, 1))], rule(date(2026, 1, 1), value=72))
    assert "2026-01-01" in refused.value.message.zh


def test_a_row_that_reaches_into_a_planned_one_is_refused() -> None:
    with pytest.raises(RuleOverlaps):
        close_and_open([rule(date(2027, 1, 1))], rule(date(2026, 1, 1), date(2027, 6, 1)))


def test_overlapping_rows_are_found_in_pairs() -> None:
    first, second = rule(date(2020, 1, 1), date(2022, 1, 1)), rule(date(2021, 12, 31))
    assert overlaps([second, first, OLD, NEW]) == ((first, second),)
    assert overlaps([OLD, NEW]) == ()


def test_days_without_a_rule_are_found() -> None:
    first, second = rule(date(2020, 1, 1), date(2021, 1, 1)), rule(date(2021, 2, 1))
    assert gaps([first, second, OLD, NEW]) == (Gap("stop.validity", date(2021, 1, 1), date(2021, 2, 1)),)


def test_a_row_within_a_longer_one_leaves_no_gap() -> None:
    outer, inner, after = (
        rule(date(2020, 1, 1), date(2024, 1, 1)),
        rule(date(2021, 1, 1), date(2022, 1, 1)),
        rule(date(2024, 1, 1)),
    )
    assert gaps([outer, inner, after]) == ()


def test_values_are_read_as_what_they_are() -> None:
    since = date(2020, 1, 1)
    codes = [{"code": "a", "zh": "甲", "en": "A"}, {"code": "b", "zh": "乙", "en": "B"}]
    assert rule(since, value=[24, 12, 4, 1]).amounts() == (24, 12, 4, 1)
    assert rule(since, value=codes, unit=ValueUnit.CODES).codes() == ("a", "b")
    assert rule(since, value=True, unit=ValueUnit.FLAG).flag() is True
    assert rule(since, value=5_000_000, unit=ValueUnit.FEN).number() == 5_000_000
    assert rule(since, value=Decimal("92.5"), unit=ValueUnit.PERCENT).number() == Decimal("92.5")


@pytest.mark.parametrize(
    ("value", "unit", "ask"),
    [
        ("county", ValueUnit.TEXT, PolicyRule.term),
        ([24, 1], ValueUnit.HOUR, PolicyRule.term),
        (48, ValueUnit.HOUR, PolicyRule.number),
        (48, ValueUnit.HOUR, PolicyRule.flag),
        (48, ValueUnit.HOUR, PolicyRule.codes),
        (48, ValueUnit.HOUR, PolicyRule.amounts),
        (True, ValueUnit.FLAG, PolicyRule.number),
    ],
)
def test_a_value_asked_for_as_something_else_is_refused_by_name(
    value: Value, unit: ValueUnit, ask: object
) -> None:
    assert callable(ask)
    with pytest.raises(WrongKindOfValue) as refused:
        ask(rule(date(2020, 1, 1), value=value, unit=unit))
    assert "止付有效期" in refused.value.message.zh


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (rule(date(2020, 1, 1), key="Stop.Validity"), "key"),
        (rule(date(2020, 1, 1), key="stop"), "key"),
        (rule(date(2020, 1, 1), key="stop..x"), "key"),
        (rule(date(2020, 1, 1), date(2020, 1, 1)), "effective_to"),
        (rule(date(2020, 1, 1), basis=""), "legal_basis"),
        (rule(date(2020, 1, 1), value=0), "value"),
        (rule(date(2020, 1, 1), value=True), "value"),
        (rule(date(2020, 1, 1), value="48"), "value"),
        (rule(date(2020, 1, 1), value=[]), "value"),
        (rule(date(2020, 1, 1), value=Decimal("0.5"), unit=ValueUnit.FEN), "value"),
        (rule(date(2020, 1, 1), value=" ", unit=ValueUnit.TEXT), "value"),
        (rule(date(2020, 1, 1), value=[{"code": "a"}], unit=ValueUnit.CODES), "value"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_by_field(wrong: PolicyRule, field: str) -> None:
    assert [fault.path for fault in check(wrong)] == [field]
    with pytest.raises(PolicyRuleWrong):
        close_and_open([], wrong)


def test_a_code_list_with_a_code_twice_is_refused() -> None:
    twice = [{"code": "a", "zh": "甲", "en": "A"}] * 2
    assert [fault.path for fault in check(rule(date(2020, 1, 1), value=twice, unit=ValueUnit.CODES))] == [
        "value"
    ]


def test_every_tag_says_in_both_languages_how_sure_it_is() -> None:
    assert {tag.value for tag in Tag} == {"S", "Sw", "M", "D"}
    assert all(tag.label.zh and tag.label.en for tag in Tag)


DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@given(st.lists(st.tuples(DAYS, st.integers(1, 99)), min_size=1, max_size=12))
def test_changes_in_any_order_leave_exactly_one_row_a_day_and_never_alter_a_value(
    changes: list[tuple[date, int]],
) -> None:
    rows: list[PolicyRule] = []
    accepted: dict[date, int] = {}
    for since, value in changes:
        try:
            change = close_and_open(rows, rule(since, value=value))
        except RuleOverlaps:
            assert since in accepted
            continue
        rows = [
            row for row in rows if not change.closed or row.effective_from != change.closed.effective_from
        ]
        rows += [row for row in change if row]
        accepted[since] = value
    assert overlaps(rows) == ()
    assert gaps(rows) == ()
    for probe in accepted:
        on = probe + timedelta(days=1)
        expected = accepted[max(since for since in accepted if since <= on)]
        assert in_force(rows, "stop.validity", on).value == expected


def test_a_name_in_one_language_only_is_refused() -> None:
    unnamed = replace(rule(date(2020, 1, 1)), name=Text("止付有效期", ""))
    assert [fault.path for fault in check(unnamed)] == ["name"]
