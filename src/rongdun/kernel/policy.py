"""Policy rows: what a rule says, from when to when, on what basis, and how sure we are. Pure.

A row applies from ``effective_from`` on and up to, but not including, ``effective_to``: the first day it no
longer applies. A rule is never edited in place; a change closes the row in force and opens another
(:func:`close_and_open`), so that a case is always judged by the rule of its own date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeGuard

from rongdun.kernel.deadline import Term, Unit
from rongdun.kernel.errors import Conflict, FieldError, Invalid, NotFound, Text

Code = Mapping[str, object]
"""One entry of a code list: ``code``, ``zh``, ``en`` and whatever else its rows share."""

Value = int | Decimal | bool | str | Sequence[int] | Sequence[Code]


class Tag(StrEnum):
    """How sure a row is: the certainty of its source."""

    PUBLISHED = "S"
    WEAK = "Sw"
    MEMORY = "M"
    DESIGN = "D"

    @property
    def label(self) -> Text:
        """Return the tag in words, as screens show it."""
        return _TAG_LABELS[self]


_TAG_LABELS = {
    Tag.PUBLISHED: Text("有公开依据", "Published source"),
    Tag.WEAK: Text("依据较弱，须核对", "Weak source, to be checked"),
    Tag.MEMORY: Text("凭记忆，须核对", "From memory, to be checked"),
    Tag.DESIGN: Text("本中心默认值", "This centre's default"),
}


class ValueUnit(StrEnum):
    """What the value of a row is measured in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"
    YEAR = "year"
    COUNT = "count"
    PERCENT = "percent"
    FEN = "fen"
    FLAG = "flag"
    TEXT = "text"
    CODES = "codes"


DURATIONS = frozenset(ValueUnit(unit.value) for unit in Unit)
"""Units whose value is a length of time, or a list of lengths (reminders)."""

_NUMBERS = frozenset({ValueUnit.COUNT, ValueUnit.PERCENT, ValueUnit.FEN})


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One row of the policy table."""

    key: str
    value: Value
    unit: ValueUnit
    effective_from: date
    legal_basis: str
    tag: Tag
    name: Text
    effective_to: date | None = None
    note: str = ""
    source: str = ""

    def applies(self, on: date) -> bool:
        """Tell whether the row is in force on the day ``on``."""
        return self.effective_from <= on and (self.effective_to is None or on < self.effective_to)

    def term(self, *, rolls: bool = False) -> Term:
        """Return the row's value as a term; a row that holds none raises :class:`WrongKindOfValue`."""
        if self.unit not in DURATIONS or not _is_whole(self.value):
            raise WrongKindOfValue.of(self, Text("时限", "a length of time"))
        return Term(self.value, Unit(self.unit.value), self.key, rolls)

    def number(self) -> int | Decimal:
        """Return the row's value as a number: a count, a percentage or an amount in fen."""
        if self.unit not in _NUMBERS or isinstance(self.value, bool | str | Sequence):
            raise WrongKindOfValue.of(self, Text("数值", "a number"))
        return self.value

    def flag(self) -> bool:
        """Return the row's value as yes or no."""
        if not isinstance(self.value, bool):
            raise WrongKindOfValue.of(self, Text("是否", "yes or no"))
        return self.value

    def codes(self) -> tuple[str, ...]:
        """Return the codes of a code list, in its order."""
        if self.unit is not ValueUnit.CODES or not _is_list(self.value):
            raise WrongKindOfValue.of(self, Text("代码表", "a code list"))
        return tuple(str(entry["code"]) for entry in self.value if isinstance(entry, Mapping))

    def amounts(self) -> tuple[int, ...]:
        """Return a list of lengths, such as the hours before an end at which to remind."""
        if self.unit not in DURATIONS or not _is_list(self.value):
            raise WrongKindOfValue.of(self, Text("时限数列", "a list of lengths of time"))
        return tuple(entry for entry in self.value if _is_whole(entry))


class NoRuleInForce(NotFound):
    """No row of the policy table applies on a date."""

    code = "no_rule_in_force"

    @classmethod
    def on(cls, key: str, day: date) -> "NoRuleInForce":
        """Build the error for the rule ``key`` and the day."""
        words = Text(
            "规则“{key}”在 {day} 没有生效的版本", "No version of the rule “{key}” is in force on {day}"
        ).format(key=key, day=day)
        return cls(
            words, action=Text("请核对日期，或补充规则版本", "Check the date, or add a version of the rule")
        )


class WrongKindOfValue(Invalid):
    """A rule is asked for a kind of value it does not hold."""

    code = "wrong_kind_of_value"

    @classmethod
    def of(cls, rule: PolicyRule, wanted: Text) -> "WrongKindOfValue":
        """Build the error for ``rule`` and the kind that was wanted."""
        return cls(
            Text(
                f"规则“{rule.name.zh}”（{rule.key}）的值不是{wanted.zh}",
                f"The rule “{rule.name.en}” ({rule.key}) does not hold {wanted.en}",
            )
        )


class RuleOverlaps(Conflict):
    """Two rows of one rule would both apply on some day."""

    code = "rule_overlaps"

    @classmethod
    def between(cls, first: PolicyRule, second: PolicyRule) -> "RuleOverlaps":
        """Build the error for two rows of one key, the earlier one first."""
        return cls(
            Text(
                f"规则“{first.name.zh}”的两个版本在 {second.effective_from} 同时生效",
                f"Two versions of “{first.name.en}” would both be in force on {second.effective_from}",
            ),
            action=Text("请调整生效日期", "Change the day it takes effect"),
        )


class Gap(NamedTuple):
    """Days between two rows of a rule on which none applies: from ``since`` up to, not including, ``until``."""

    key: str
    since: date
    until: date


class Succession(NamedTuple):
    """A change of a rule: the row it closes, as it will be stored, and the row it opens."""

    closed: PolicyRule | None
    opened: PolicyRule


def in_force(rules: Iterable[PolicyRule], key: str, on: date) -> PolicyRule:
    """Return the row of ``key`` in force on the day ``on``; :class:`NoRuleInForce` when there is none."""
    for rule in rules:
        if rule.key == key and rule.applies(on):
            return rule
    raise NoRuleInForce.on(key, on)


def overlaps(rules: Iterable[PolicyRule]) -> tuple[tuple[PolicyRule, PolicyRule], ...]:
    """Return every pair of rows of one key that would apply on the same day, the earlier one first."""
    found = []
    for versions in _by_key(rules).values():
        for number, first in enumerate(versions):
            found += [
                (first, later) for later in versions[number + 1 :] if first.applies(later.effective_from)
            ]
    return tuple(found)


def gaps(rules: Iterable[PolicyRule]) -> tuple[Gap, ...]:
    """Return the spans between consecutive rows of one key in which no row applies."""
    found = []
    for key, versions in _by_key(rules).items():
        reached = versions[0].effective_to
        for later in versions[1:]:
            if reached and later.effective_from > reached:
                found.append(Gap(key, reached, later.effective_from))
            reached = _later_end(reached, later.effective_to)
    return tuple(found)


def close_and_open(rules: Sequence[PolicyRule], new: PolicyRule) -> Succession:
    """Return the change that puts ``new`` in force on its first day.

    The row in force on that day ends the day before; its other fields stay as they are. A row already
    planned for a later day ends ``new`` on that day unless ``new`` states its own end. Raises
    :class:`RuleOverlaps` when a row begins on the same day or ``new`` would reach into a later one, and
    :class:`PolicyRuleWrong` when ``new`` itself is not a possible row.
    """
    if faults := check(new):
        raise PolicyRuleWrong(fields=faults)
    versions = _by_key(rules).get(new.key, [])
    current = next((row for row in versions if row.applies(new.effective_from)), None)
    if current and current.effective_from == new.effective_from:
        raise RuleOverlaps.between(current, new)
    later = next((row for row in versions if row.effective_from > new.effective_from), None)
    opened = _until(new, later)
    closed = replace(current, effective_to=new.effective_from) if current else None
    return Succession(closed, opened)


def last_day(rule: PolicyRule) -> date | None:
    """Return the last day ``rule`` applies, as a screen shows it; None while no end is known."""
    return rule.effective_to - timedelta(days=1) if rule.effective_to else None


class PolicyRuleWrong(Invalid):
    """A row cannot stand in the policy table; ``fields`` says why."""

    code = "policy_rule_wrong"
    message = Text("规则内容有误", "The rule is not valid")


def check(rule: PolicyRule) -> list[FieldError]:
    """Return what is wrong with a row on its own: key, dates, names, basis, and a value unfit for its unit."""
    tests = (
        (_is_key(rule.key), "key", Text("键应为小写点分，如 stop.validity", "A key is lower case with dots")),
        (
            rule.effective_to is None or rule.effective_to > rule.effective_from,
            "effective_to",
            Text("终止日期应晚于生效日期", "The end must be later than the first day"),
        ),
        (
            bool(rule.name.zh and rule.name.en),
            "name",
            Text("请填写中英文名称", "Give the name in both languages"),
        ),
        (bool(rule.legal_basis), "legal_basis", Text("请填写依据", "State the basis")),
        (_fits(rule.value, rule.unit), "value", Text("值与单位不符", "The value does not fit its unit")),
    )
    return [FieldError(path, words) for passed, path, words in tests if not passed]


def _by_key(rules: Iterable[PolicyRule]) -> dict[str, list[PolicyRule]]:
    grouped: dict[str, list[PolicyRule]] = {}
    for rule in sorted(rules, key=lambda row: (row.key, row.effective_from)):
        grouped.setdefault(rule.key, []).append(rule)
    return grouped


def _later_end(first: date | None, second: date | None) -> date | None:
    return max(first, second) if first and second else None


def _until(new: PolicyRule, later: PolicyRule | None) -> PolicyRule:
    if later is None:
        return new
    if new.effective_to is None:
        return replace(new, effective_to=later.effective_from)
    if new.effective_to > later.effective_from:
        raise RuleOverlaps.between(new, later)
    return new


def _is_key(key: str) -> bool:
    parts = key.split(".")
    return len(parts) > 1 and all(part.replace("_", "a").isalnum() and part == part.lower() for part in parts)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _fits(value: Value, unit: ValueUnit) -> bool:
    if unit is ValueUnit.FLAG:
        return isinstance(value, bool)
    if unit is ValueUnit.TEXT:
        return isinstance(value, str) and bool(value.strip())
    if unit is ValueUnit.CODES:
        return _is_code_list(value)
    if unit in _NUMBERS:
        return _is_whole(value) or (isinstance(value, Decimal) and unit is not ValueUnit.FEN)
    return _is_length(value) or (_is_list(value) and all(_is_length(entry) for entry in value))


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0


def _is_length(value: object) -> bool:
    return _is_whole(value) and value > 0


def _is_code_list(value: object) -> bool:
    if not _is_list(value):
        return False
    codes = [
        entry.get("code") for entry in value if isinstance(entry, Mapping) and {"zh", "en"} <= entry.keys()
    ]
    return len(codes) == len(value) == len(set(codes)) and None not in codes
