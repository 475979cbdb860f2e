"""Moving a case from state to state: judged by its table, clocks with it, put on record, told to open screens."""

from contextlib import suppress
from uuid import UUID

from rongdun.domains.cases import store
from rongdun.domains.cases.errors import CaseOver, NoDestination
from rongdun.domains.cases.model import Case
from rongdun.domains.cases.rules import CASE, REVIEWS, facts_of
from rongdun.domains.people import join_team, leave_team
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import FieldError, NotFound, StaleVersion
from rongdun.kernel.lifecycle import Moved, Offer, available, take
from rongdun.runtime.deadlines import NoSuchDeadline, close_all, close_deadline, open_deadline
from rongdun.runtime.uow import Uow

TOPIC = "case"
"""The live topic of cases."""

PROPOSALS = {"propose_file": "file", "propose_refuse": "refuse", "propose_transfer": "transfer"}
DECISIONS = frozenset({"file", "refuse", "transfer"})
ENDS = frozenset({"CLOSED", "WITHDRAWN", "TRANSFERRED"})
_EXTENSIONS = {"extend_check": "check", "extend_major": "major", "reconsider": "normal"}


def move(
    uow: Uow, case_id: UUID, action: str, *, version: int, reason: str = "", transfer_to: str = ""
) -> Case:
    """Take ``action`` on the case; raise the refusal of its table, by name.

    :class:`NoDestination` when a transfer is proposed to nobody, :class:`StaleVersion` when somebody was faster.
    """
    found = seen(uow, case_id, version)
    if action == "propose_transfer" and not transfer_to.strip():
        raise NoDestination(fields=[FieldError("transfer_to", NoDestination.message)])
    decision = _decide(uow, found, action, reason)
    _write(uow, found, decision, transfer_to.strip())
    _clocks(uow, found, decision)
    changed(
        uow,
        found,
        f"case.{action}",
        before={"state": decision.from_state},
        after={"state": decision.to_state, **_facts_told(found, action)},
        note=decision.reason,
    )
    return found


def handle(uow: Uow, case_id: UUID, *, version: int, handle: bool) -> Case:
    """Make the actor one of the case's handlers, or no longer one; :class:`CaseOver` once it has ended."""
    found = seen(uow, case_id, version)
    if found.state in ENDS:
        raise CaseOver()
    pairs = dict(zip(found.handler_ids, found.handler_names, strict=True))
    actor = uow.actor.user_id
    if actor is None or (actor in pairs) is handle:
        return found
    if handle:
        pairs[actor] = uow.actor.name
        join_team(uow, found.id)
    else:
        del pairs[actor]
        leave_team(uow, found.id)
    found.handler_ids, found.handler_names = list(pairs), list(pairs.values())
    changed(uow, found, "case.handle" if handle else "case.leave", after={"handlers": len(pairs)})
    return found


def seen(uow: Uow, case_id: UUID, version: int) -> Case:
    """Return a case, locked; :class:`StaleVersion` when it is not the version the actor has seen."""
    found = store.lock_case(uow.session, uow.actor.scope, case_id)
    if found is None:
        raise NotFound
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    return found


def offers(uow: Uow, found: Case) -> tuple[Offer, ...]:
    """Return what may be done to the case now, each with why not, if not."""
    return available(CASE, state=found.state, actor=uow.actor, facts=_facts(found), now=uow.now)


def changed(
    uow: Uow,
    found: Case,
    action: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    note: str = "",
) -> None:
    """Put a change of the case on record and tell open screens; its version goes up."""
    found.version += 1
    found.updated_at = uow.now
    uow.session.flush()
    uow.record(action, found.reference, unit_path=found.unit_path, before=before, after=after, note=note)
    uow.publish(TOPIC, found.reference, found.unit_path)


def _decide(uow: Uow, found: Case, action: str, reason: str) -> Moved:
    return take(
        CASE,
        state=found.state,
        action=action,
        actor=uow.actor,
        facts=_facts(found),
        now=uow.now,
        reason=reason,
    )


def _facts(found: Case) -> dict[str, object]:
    makers = {found.accepted_by, *found.handler_ids}
    if found.proposed_by is not None:
        makers.add(found.proposed_by)
    return dict(
        facts_of(
            makers=makers,
            proposal=found.proposal,
            review=found.review,
            handlers=len(found.handler_ids),
            served=found.notice_served_at is not None,
        )
    )


def _write(uow: Uow, found: Case, moved: Moved, transfer_to: str) -> None:
    found.state = moved.to_state
    if moved.action in PROPOSALS:
        found.proposal, found.proposal_reason = PROPOSALS[moved.action], moved.reason
        found.transfer_to = transfer_to
        found.proposed_by, found.proposed_name, found.proposed_at = moved.by, uow.actor.name, uow.now
    if moved.action in DECISIONS:
        found.decided_by, found.decided_name, found.decided_at = moved.by, uow.actor.name, uow.now
    if moved.action in ("send_back", "reconsider"):
        found.proposal, found.proposed_by = "", None
        found.decided_by = None
    if moved.action == "file":
        found.filed_at = uow.now
        found.filing_number = f"LA{uow.now.astimezone(SHANGHAI):%Y}-{found.serial:06d}"
    if moved.action == "serve_notice":
        found.notice_served_at = uow.now
    if moved.action in _EXTENSIONS:
        found.review = _EXTENSIONS[moved.action]
    if moved.to_state in ENDS:
        found.ended_at, found.end_reason = uow.now, moved.reason or found.proposal_reason


def _clocks(uow: Uow, found: Case, moved: Moved) -> None:
    """Close and open what the table says; a term is counted from acceptance unless it begins with the step."""
    ended = "met" if moved.action in DECISIONS or moved.action == "serve_notice" else "cancelled"
    for key in moved.closes:
        with suppress(NoSuchDeadline):
            close_deadline(
                uow,
                subject=found.reference,
                rule_key=key,
                outcome="met" if ended == "met" else "cancelled",
                reason=moved.reason,
            )
    for key in moved.opens:
        from_acceptance = key in (REVIEWS["check"], REVIEWS["major"])
        open_deadline(
            uow,
            rule_key=key,
            subject=found.reference,
            unit_path=found.unit_path,
            start=found.accepted_at if from_acceptance else uow.now,
            case_id=found.id,
        )
    if moved.to_state in ENDS:
        close_all(uow, subject=found.reference, reason=moved.reason)


def _facts_told(found: Case, action: str) -> dict[str, object]:
    told: dict[str, object] = {}
    if action in PROPOSALS:
        told["proposal"] = found.proposal
    if action == "file":
        told["filing_number"] = found.filing_number
    if action in _EXTENSIONS:
        told["review"] = found.review
    return told
