"""A change as its maker and its checker see it: side by side with the rule, and with what it brings about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from rongdun.domains.policy import store
from rongdun.domains.policy.model import PolicyChange
from rongdun.domains.policy.plan import Consequences, Proposal, Span
from rongdun.domains.policy.proposals import plan_or_none
from rongdun.domains.policy.rules import CHANGE, POSSIBLE, facts_of
from rongdun.domains.policy.schemas import (
    ActionOut,
    ChangeOut,
    ConsequencesOut,
    DiffOut,
    EndingOut,
    PersonOut,
    ProposalOut,
    SpanOut,
)
from rongdun.domains.policy.views import rule_out, words
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import available
from rongdun.kernel.policy import PolicyRule, Tag
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import PolicyRow
from rongdun.runtime.policies.table import plain, rule_of
from rongdun.runtime.policies.words import UNITS, shown
from rongdun.runtime.uow import Uow


class Surroundings(NamedTuple):
    """What the changes of one page are shown against, read once for all of them."""

    rows: Mapping[str, Sequence[PolicyRow]]
    running: Mapping[str, int]


def surroundings(uow: Uow, keys: Iterable[str]) -> Surroundings:
    """Read the rows and the running clocks of ``keys``."""
    wanted = set(keys)
    return Surroundings(store.versions_of(uow.session, wanted), store.running_deadlines(uow.session, wanted))


def changes_out(uow: Uow, changes: Sequence[PolicyChange]) -> list[ChangeOut]:
    """Return ``changes`` as the API shows them to the actor."""
    around = surroundings(uow, (change.key for change in changes))
    return [change_out(uow, change, around) for change in changes]


def change_out(uow: Uow, change: PolicyChange, around: Surroundings | None = None) -> ChangeOut:
    """Return one change as the API shows it to the actor."""
    seen = around or surroundings(uow, [change.key])
    rows = seen.rows.get(change.key, ())
    today = civil_date(uow.now)
    proposal = change.proposal()
    is_open = not CHANGE.state(change.state).terminal
    planned = plan_or_none(rows, proposal, today=today) if is_open else None
    base = next((row for row in rows if row.id == change.base_rule_id), None)
    running = seen.running.get(change.key, 0)
    return ChangeOut(
        id=change.id,
        version=change.version,
        key=change.key,
        kind=proposal.kind,
        kind_name=words(proposal.kind.label),
        state=change.state,
        state_name=words(CHANGE.state(change.state).name),
        proposal=proposal_out(proposal),
        reason=change.reason,
        current=rule_out(base, today=today) if base else None,
        diff=diff(rule_of(base), proposal) if base else [],
        consequences=consequences_out(planned, rows, running=running, today=today) if planned else None,
        problem=words(POSSIBLE.text) if is_open and planned is None else None,
        unit_path=change.unit_path,
        maker=PersonOut(id=change.maker_id, name=change.maker_name),
        editors=change.editors,
        submitted_at=change.submitted_at,
        checker=PersonOut(id=change.checker_id, name=change.checker_name) if change.checker_name else None,
        decided_at=change.decided_at,
        decision_note=change.decision_note,
        created_at=change.created_at,
        updated_at=change.updated_at,
        actions=_actions(uow, change, proposal, planned),
    )


def proposal_out(proposal: Proposal) -> ProposalOut:
    """Return what a change proposes, as the API shows it."""
    return ProposalOut(
        key=proposal.key,
        kind=proposal.kind,
        name=words(proposal.name),
        value=None if proposal.value is None else plain(proposal.value),
        unit=proposal.unit,
        effective_from=proposal.effective_from,
        effective_to=proposal.effective_to,
        legal_basis=proposal.legal_basis,
        tag=proposal.tag,
        source=proposal.source,
        note=proposal.note,
        reason=proposal.reason,
        shown=words(shown(proposal.value, proposal.unit)),
    )


def consequences_out(
    planned: Consequences, rows: Sequence[PolicyRow], *, running: int, today: date
) -> ConsequencesOut:
    """Return what confirming would bring about, with ``running`` clocks that it leaves alone."""
    by_first_day = {row.effective_from: row for row in rows if not row.is_void}
    return ConsequencesOut(
        applies_from=planned.applies_from,
        applies_to=planned.opens.effective_to if planned.opens else None,
        retroactive=planned.retroactive,
        closes=[
            EndingOut(rule=rule_out(by_first_day[rule.effective_from], today=today), ends=ends)
            for rule, ends in planned.closes
        ],
        overlaps=[rule_out(by_first_day[rule.effective_from], today=today) for rule in planned.overlaps],
        gaps=spans_out(planned.without_rule),
        running_deadlines=running,
        summary=[words(line) for line in summary(planned, running=running)],
    )


def spans_out(spans: Iterable[Span]) -> list[SpanOut]:
    """Return days without a rule as the API shows them."""
    return [SpanOut(since=span.since, until=span.until) for span in spans]


def diff(rule: PolicyRule, proposal: Proposal) -> list[DiffOut]:
    """Return the fields in which ``proposal`` differs from ``rule``, as a checker reads them."""
    before, after = _fields(rule), _fields(proposal)
    return [
        DiffOut(
            field=name,
            name=words(_FIELD_NAMES[name]),
            before=before[name].raw,
            after=after[name].raw,
            before_shown=words(before[name].said),
            after_shown=words(after[name].said),
        )
        for name in _FIELD_NAMES
        if before[name] != after[name]
    ]


def summary(planned: Consequences, *, running: int) -> list[Text]:
    """Return in sentences what confirming would bring about, the gravest first."""
    return [
        *(_overlap_line(rule) for rule in planned.overlaps),
        *(_gap_line(span) for span in planned.without_rule),
        *([_REACHES_BACK] if planned.retroactive else []),
        *_effect_lines(planned),
        *([_RUNNING.format(count=running)] if running else []),
    ]


@dataclass(frozen=True, slots=True)
class _Said:
    raw: Any
    said: Text


_FIELD_NAMES = {
    "value": Text("内容", "Value"),
    "unit": Text("单位", "Unit"),
    "effective_from": Text("生效日期", "From"),
    "effective_to": Text("失效日期", "No longer from"),
    "legal_basis": Text("依据", "Legal basis"),
    "tag": Text("可信度", "Certainty"),
    "name": Text("名称", "Name"),
    "source": Text("来源", "Source"),
    "note": Text("说明", "Note"),
}

_OPEN_END = Text("长期", "until further notice")
_REACHES_BACK = Text(
    "自过去的日期起生效：该日以后的案件将适用新内容",
    "It applies from a past day: cases dated from then on fall under the new text",
)
_RUNNING = Text(
    "正在计时的 {count} 个时限不受影响，仍按起算日的规则执行",
    "{count} running deadlines are not affected: they keep the rule of the day they began",
)


def _fields(said: PolicyRule | Proposal) -> dict[str, _Said]:
    return {
        "value": _Said(None if said.value is None else plain(said.value), shown(said.value, said.unit)),
        "unit": _Said(said.unit, UNITS[said.unit]),
        "effective_from": _Said(said.effective_from.isoformat(), _day(said.effective_from)),
        "effective_to": _Said(
            said.effective_to.isoformat() if said.effective_to else None, _day(said.effective_to)
        ),
        "legal_basis": _same(said.legal_basis),
        "tag": _Said(said.tag, Tag(said.tag).label),
        "name": _Said(said.name._asdict(), said.name),
        "source": _same(said.source),
        "note": _same(said.note),
    }


def _same(text: str) -> _Said:
    return _Said(text, Text(text, text))


def _day(day: date | None) -> Text:
    return Text(day.isoformat(), day.isoformat()) if day else _OPEN_END


def _effect_lines(planned: Consequences) -> list[Text]:
    lines = []
    if planned.opens:
        content = shown(planned.opens.value, planned.opens.unit)
        lines.append(
            Text(
                f"自 {planned.applies_from} 起：{content.zh}", f"From {planned.applies_from} on: {content.en}"
            )
        )
    for rule, ends in planned.closes:
        content = shown(rule.value, rule.unit)
        lines.append(
            Text(
                f"现行内容（{content.zh}）适用至 {ends} 前", f"The present text ({content.en}) ends on {ends}"
            )
        )
    if planned.opens and planned.opens.effective_to:
        end = planned.opens.effective_to
        lines.append(Text(f"新内容适用至 {end} 前", f"The new text ends on {end}"))
    return lines


def _gap_line(span: Span) -> Text:
    if span.until is None:
        return Text(
            f"自 {span.since} 起没有生效的规则，查询将报错",
            f"From {span.since} on no rule would be in force, and look-ups would fail",
        )
    return Text(
        f"{span.since} 至 {span.until} 前没有生效的规则",
        f"From {span.since} to {span.until} no rule would apply",
    )


def _overlap_line(rule: PolicyRule) -> Text:
    content = shown(rule.value, rule.unit)
    return Text(
        f"与 {rule.effective_from} 起的版本（{content.zh}）重叠，不能提交",
        f"It overlaps the version from {rule.effective_from} ({content.en}) and cannot be submitted",
    )


def _actions(
    uow: Uow, change: PolicyChange, proposal: Proposal, planned: Consequences | None
) -> list[ActionOut]:
    facts = facts_of(makers=change.editors, actor=uow.actor, planned=planned, proposal=proposal)
    offers = available(CHANGE, state=change.state, actor=uow.actor, facts=facts, now=uow.now)
    return [
        ActionOut(
            action=offer.action,
            name=words(offer.name),
            needs_reason=offer.needs_reason,
            allowed=offer.refusal is None,
            refusal=words(offer.refusal.text) if offer.refusal else None,
        )
        for offer in offers
    ]
