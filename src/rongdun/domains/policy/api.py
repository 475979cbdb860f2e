"""The policy endpoints."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from rongdun.domains.policy import service, store
from rongdun.domains.policy.change_views import (
    change_out,
    changes_out,
    consequences_out,
    spans_out,
    surroundings,
)
from rongdun.domains.policy.plan import Kind, days_without
from rongdun.domains.policy.proposals import living
from rongdun.domains.policy.schemas import (
    ChangeOut,
    ConsequencesOut,
    DecisionIn,
    ProposalEditIn,
    ProposalIn,
    RuleHistoryOut,
    RuleOut,
    UnitOut,
    UnitsOut,
    WordsIn,
)
from rongdun.domains.policy.views import rule_out, words
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import DURATIONS, Tag, ValueUnit
from rongdun.kernel.workday import civil_date
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.policies.words import FAMILIES, UNITS
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/policy", tags=["policy"])

On = Annotated[
    date | None, Query(description="查询日期,默认今天 / the day whose rules are shown, default today")
]
RuleKey = Annotated[str, Path(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", max_length=100)]


@router.get("/rules", permission="policy.read", response_model=Page[RuleOut])
def list_rules(uow: UowDep, query: TableQueryDep, on: On = None) -> Any:
    """规则列表 / The rules in force on a day, one row of each key."""
    today = civil_date(uow.now)
    page = run_table(uow.session, store.rules_on(on or today), store.RULES, query)
    return page.map(lambda row: rule_out(row, today=today))


@router.get("/rules/export.xlsx", permission="policy.read", response_class=Response)
def export_rules(uow: UowDep, query: TableQueryDep, language: LanguageDep, on: On = None) -> Response:
    """导出规则 / The rules of a day as an Excel sheet; the export is recorded."""
    statement = store.rules_on(on or civil_date(uow.now))
    return export_table(uow, statement, store.RULES, query, title=Text("规则表", "Rules"), language=language)


@router.get("/rules/{key}", permission="policy.read", response_model=RuleHistoryOut)
def read_rule(uow: UowDep, key: RuleKey) -> Any:
    """一条规则的全部版本 / Every version of a rule, its open changes, and the days without one."""
    rows = service.versions(uow, key)
    today = civil_date(uow.now)
    newest = rule_out(rows[0], today=today)
    return RuleHistoryOut(
        key=key,
        name=newest.name,
        versions=[rule_out(row, today=today) for row in rows],
        open_changes=changes_out(uow, store.open_changes_of(uow.session, uow.actor, key)),
        gaps=spans_out(days_without(living(rows))),
        running_deadlines=store.running_deadlines(uow.session, [key]).get(key, 0),
    )


@router.get("/units", permission="policy.read", response_model=UnitsOut)
def list_units(uow: UowDep) -> Any:
    """表单选项 / What a form offers: units, certainties, kinds of change, groups."""
    return UnitsOut(
        units=[UnitOut(unit=unit, name=words(UNITS[unit]), kind=_kind_of(unit)) for unit in ValueUnit],
        tags={tag: words(tag.label) for tag in Tag},
        kinds={kind: words(kind.label) for kind in Kind},
        groups={key: words(name) for key, name in FAMILIES.items()},
    )


@router.get("/changes", permission="policy.read", response_model=Page[ChangeOut])
def list_changes(uow: UowDep, query: TableQueryDep) -> Any:
    """规则变更列表 / Changes, last touched first."""
    page = run_table(uow.session, store.changes_for(uow.actor), store.CHANGES, query)
    around = surroundings(uow, (change.key for change in page.items))
    return page.map(lambda change: change_out(uow, change, around))


@router.get("/changes/export.xlsx", permission="policy.read", response_class=Response)
def export_changes(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出规则变更 / Changes as an Excel sheet; the export is recorded."""
    title = Text("规则变更", "Rule changes")
    statement = store.changes_for(uow.actor)
    return export_table(uow, statement, store.CHANGES, query, title=title, language=language)


@router.post("/changes/preview", permission="policy.draft", response_model=ConsequencesOut)
def preview_change(uow: UowDep, body: ProposalIn) -> Any:
    """预览变更后果 / What a change would bring about; nothing is stored."""
    _, planned = service.preview(uow, body.key, _fields(body))
    around = surroundings(uow, [body.key])
    return consequences_out(
        planned,
        around.rows[body.key],
        running=around.running.get(body.key, 0),
        today=civil_date(uow.now),
    )


@router.post("/changes", permission="policy.draft", response_model=ChangeOut, status_code=201)
def draft_change(uow: UowDep, body: ProposalIn) -> Any:
    """起草规则变更 / Draft a change."""
    return change_out(uow, service.draft(uow, body.key, _fields(body)))


@router.get("/changes/{change_id}", permission="policy.read", response_model=ChangeOut)
def read_change(uow: UowDep, change_id: UUID) -> Any:
    """一项规则变更 / One change, beside the rule it alters, with its consequences."""
    return change_out(uow, service.read(uow, change_id))


@router.patch("/changes/{change_id}", permission="policy.draft", response_model=ChangeOut)
def edit_change(uow: UowDep, change_id: UUID, body: ProposalEditIn) -> Any:
    """修改草稿 / Write on a draft; a version seen too long ago is refused with the difference."""
    return change_out(uow, service.edit(uow, change_id, version=body.version, fields=_fields(body)))


@router.post("/changes/{change_id}/submit", permission="policy.draft", response_model=ChangeOut)
def submit_change(uow: UowDep, change_id: UUID, body: DecisionIn) -> Any:
    """提交复核 / Hand a draft to its checker."""
    return change_out(uow, service.submit(uow, change_id, version=body.version))


@router.post("/changes/{change_id}/withdraw", permission="policy.draft", response_model=ChangeOut)
def withdraw_change(uow: UowDep, change_id: UUID, body: DecisionIn) -> Any:
    """撤回变更 / Drop a change that was not decided on."""
    return change_out(uow, service.withdraw(uow, change_id, version=body.version, note=body.note))


@router.post("/changes/{change_id}/confirm", permission="policy.confirm", response_model=ChangeOut)
def confirm_change(uow: UowDep, change_id: UUID, body: DecisionIn) -> Any:
    """确认变更 / Bring a submitted change into the rule table; whoever wrote on it may not."""
    return change_out(uow, service.confirm(uow, change_id, version=body.version, note=body.note))


@router.post("/changes/{change_id}/return", permission="policy.confirm", response_model=ChangeOut)
def return_change(uow: UowDep, change_id: UUID, body: DecisionIn) -> Any:
    """退回变更 / Give a submitted change back, saying why."""
    return change_out(uow, service.return_to_maker(uow, change_id, version=body.version, note=body.note))


def _fields(body: ProposalIn | ProposalEditIn) -> dict[str, Any]:
    """Return the fields the caller sent, as the domain reads them."""
    sent = {name: getattr(body, name) for name in body.model_fields_set - {"key", "version"}}
    if isinstance(sent.get("name"), WordsIn):
        sent["name"] = Text(sent["name"].zh, sent["name"].en)
    return sent


def _kind_of(unit: ValueUnit) -> Any:
    if unit in DURATIONS:
        return "duration"
    kinds = {ValueUnit.COUNT: "number", ValueUnit.PERCENT: "number", ValueUnit.FEN: "money"}
    return kinds.get(unit, unit.value)
