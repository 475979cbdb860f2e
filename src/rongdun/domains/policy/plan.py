"""What a change would bring about: pure, from the rows of one key, a proposal and today's date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from rongdun.domains.policy.errors import NothingToCorrect, NothingToEnd
from rongdun.kernel.errors import FieldError, Text
from rongdun.kernel.policy import (
    DURATIONS,
    PolicyRule,
    Tag,
    Value,
    ValueUnit,
    check,
    close_and_open,
    gaps,
)


class Kind(StrEnum):
    """What a change does to the rule."""

    REPLACE = "replace"
    """A new row applies from a day on; the row in force then ends."""
    CORRECT = "correct"
    """A new row stands instead of the one that begins on that very day, which then never applied."""
    END = "end"
    """Nothing applies from a day on."""

    @property
    def label(self) -> Text:
        """Return the kind in words."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.REPLACE: Text("新版本", "New version"),
    Kind.CORRECT: Text("更正", "Correction"),
    Kind.END: Text("终止", "End"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants the table to say; ``value`` is None when the rule is to end."""

    key: str
    kind: Kind
    name: Text
    value: Value | None
    unit: ValueUnit
    effective_from: date
    effective_to: date | None = None
    legal_basis: str
    tag: Tag
    source: str = ""
    note: str = ""
    reason: str = ""

    def rule(self) -> PolicyRule | None:
        """Return the row the proposal wants to open; None when it only ends one."""
        if self.value is None:
            return None
        return PolicyRule(
            key=self.key,
            value=self.value,
            unit=self.unit,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            legal_basis=self.legal_basis,
            tag=self.tag,
            name=self.name,
            note=self.note,
            source=self.source,
        )


class Ending(NamedTuple):
    """A row that ends on ``ends``, the first day it no longer applies."""

    rule: PolicyRule
    ends: date


class Span(NamedTuple):
    """Days on which no row applies: from ``since`` up to, not including, ``until``; None: for good."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What confirming a proposal would do.

    ``overlaps`` are rows that forbid it; ``without_rule`` are days that would newly have no rule at all.
    """

    applies_from: date
    opens: PolicyRule | None
    closes: tuple[Ending, ...]
    overlaps: tuple[PolicyRule, ...]
    without_rule: tuple[Span, ...]
    retroactive: bool


def consequences(versions: Sequence[PolicyRule], proposal: Proposal, *, today: date) -> Consequences:
    """Return what ``proposal`` would do to ``versions``, the rows of its key that apply on some day.

    Raises :class:`NothingToCorrect` or :class:`NothingToEnd` when there is no row for it to act on.
    """
    ending = _ends(versions, proposal)
    others = [row for row in versions if ending is None or row != ending.rule]
    overlaps = _in_the_way(others, proposal)
    opens = proposal.rule() if overlaps else _opened(others, proposal)
    return Consequences(
        applies_from=proposal.effective_from,
        opens=opens,
        closes=(ending,) if ending else (),
        overlaps=overlaps,
        without_rule=() if overlaps else _without_rule(versions, others, ending, opens),
        retroactive=proposal.effective_from < today,
    )


def days_without(versions: Sequence[PolicyRule]) -> tuple[Span, ...]:
    """Return the spans after the first row's first day on which none of ``versions``, of one key, applies."""
    if not versions:
        return ()
    between = [Span(gap.since, gap.until) for gap in gaps(versions)]
    last = max(versions, key=lambda row: row.effective_from)
    return (*between, *([Span(last.effective_to, None)] if last.effective_to else []))


def faults(proposal: Proposal, current: PolicyRule) -> list[FieldError]:
    """Return what is wrong with the proposal's fields; ``current`` shows the kind of value the rule holds."""
    rule = proposal.rule()
    if rule is None:
        return []
    found = check(rule)
    if _kind_of_value(rule) != _kind_of_value(current):
        words = Text(
            "值的类型须与现行规则一致，否则使用它的程序无法读取",
            "The value must be of the same kind as now, or the programs that use it cannot read it",
        )
        found.append(FieldError("value", words))
    return found


def _ends(versions: Sequence[PolicyRule], proposal: Proposal) -> Ending | None:
    first_day = proposal.effective_from
    current = next((row for row in versions if row.applies(first_day)), None)
    begins_then = current is not None and current.effective_from == first_day
    if proposal.kind is Kind.CORRECT and not begins_then:
        raise NothingToCorrect.on(proposal.key, first_day)
    if proposal.kind is Kind.END and current is None:
        raise NothingToEnd.on(proposal.key, first_day)
    if current is None or (proposal.kind is Kind.REPLACE and begins_then):
        return None
    return Ending(current, first_day)


def _in_the_way(others: Sequence[PolicyRule], proposal: Proposal) -> tuple[PolicyRule, ...]:
    if proposal.kind is Kind.END:
        return ()
    first_day, end = proposal.effective_from, proposal.effective_to
    return tuple(
        row
        for row in others
        if row.applies(first_day) or (end is not None and first_day < row.effective_from < end)
    )


def _opened(others: Sequence[PolicyRule], proposal: Proposal) -> PolicyRule | None:
    rule = proposal.rule()
    return close_and_open(others, rule).opened if rule else None


def _without_rule(
    before: Sequence[PolicyRule],
    others: Sequence[PolicyRule],
    ending: Ending | None,
    opens: PolicyRule | None,
) -> tuple[Span, ...]:
    after = [*others, *([opens] if opens else [])]
    if ending and ending.ends > ending.rule.effective_from:
        after.append(replace(ending.rule, effective_to=ending.ends))
    known = set(days_without(before))
    return tuple(span for span in days_without(after) if span not in known)


def _kind_of_value(rule: PolicyRule) -> tuple[str, bool]:
    family = "duration" if rule.unit in DURATIONS else rule.unit.value
    return family, isinstance(rule.value, int | str | Decimal)
