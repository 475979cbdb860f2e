"""Moving a report from state to state: judged by its table, clocks with it, put on record, told to open screens."""

from contextlib import suppress
from typing import Literal
from uuid import UUID

from rongdun.domains.intake import store
from rongdun.domains.intake.content import from_json
from rongdun.domains.intake.model import CONTENT, Report
from rongdun.domains.intake.rules import ENDS, ENTRY, FIRST_STOP, FRAUD, REPORT, facts_of, missing_of
from rongdun.kernel.errors import NotFound, StaleVersion
from rongdun.kernel.lifecycle import Moved, Offer, available, take
from rongdun.runtime.deadlines import NoSuchDeadline, close_all, close_deadline, open_deadline
from rongdun.runtime.uow import Uow

TOPIC = "report"
"""The live topic of reports."""


def move(uow: Uow, found: Report, action: str, *, reason: str = "") -> Moved:
    """Take ``action`` on a locked report; raise the refusal of its table, by name."""
    decision = take(
        REPORT,
        state=found.state,
        action=action,
        actor=uow.actor,
        facts=_facts(uow, found),
        now=uow.now,
        reason=reason,
    )
    found.state = decision.to_state
    if decision.to_state == "ENTERED":
        found.entered_at = uow.now
    if decision.to_state in ENDS:
        found.ended_at, found.end_reason = uow.now, decision.reason
    _clocks(uow, found, decision)
    changed(
        uow,
        found,
        f"report.{action}",
        before={"state": decision.from_state},
        after={"state": decision.to_state, "classification": found.classification},
        note=decision.reason,
    )
    return decision


def seen(uow: Uow, report_id: UUID, version: int) -> Report:
    """Return a report, locked; :class:`StaleVersion` when it is not the version the actor has seen."""
    found = store.lock_report(uow.session, uow.actor.scope, report_id)
    if found is None:
        raise NotFound
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    return found


def offers(uow: Uow, found: Report) -> tuple[Offer, ...]:
    """Return what may be done to the report now, each with why not, if not.

    Which report a duplicate repeats is asked for by the form, as a reason is: that it is not named yet is no refusal.
    """
    facts = {**_facts(uow, found), "duplicate": True}
    return available(REPORT, state=found.state, actor=uow.actor, facts=facts, now=uow.now)


def changed(
    uow: Uow,
    found: Report,
    action: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    note: str = "",
) -> None:
    """Put a change of the report on record and tell open screens; its version goes up."""
    found.version += 1
    found.updated_at = uow.now
    uow.session.flush()
    uow.record(action, found.reference, unit_path=found.unit_path, before=before, after=after, note=note)
    uow.publish(TOPIC, found.reference, found.unit_path)


def close_clock(uow: Uow, found: Report, key: str, *, outcome: Literal["met", "cancelled"] = "met") -> None:
    """End a clock of the report if it runs."""
    with suppress(NoSuchDeadline):
        close_deadline(uow, subject=found.reference, rule_key=key, outcome=outcome)


def _facts(uow: Uow, found: Report) -> dict[str, object]:
    content = from_json(uow.vault.open(found.content, CONTENT.context_of(found.id)))
    missing = missing_of(content, found.classification)
    facts = facts_of(
        classification=found.classification, missing=missing, duplicate=found.duplicate_of is not None
    )
    return dict(facts)


def _clocks(uow: Uow, found: Report, moved: Moved) -> None:
    if moved.action == "enter":
        close_clock(uow, found, ENTRY)
        if found.classification in FRAUD and found.transfers:
            open_deadline(uow, rule_key=FIRST_STOP, subject=found.reference, unit_path=found.unit_path)
    if moved.action == "reclassify" and found.classification not in FRAUD:
        close_clock(uow, found, FIRST_STOP, outcome="cancelled")
    if moved.action in ("refer", "close"):
        close_all(uow, subject=found.reference, reason=moved.reason)
