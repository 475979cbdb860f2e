"""Relief requests on the desk: entering, accepting, verifying and deciding them."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from rongdun.domains.restitution.errors import AlreadyObjected, WrongFinding, WrongKept
from rongdun.domains.restitution.measures import Measure, let_go, measure_of
from rongdun.domains.restitution.relief import store
from rongdun.domains.restitution.relief.model import FINDINGS, Details, ReliefRequest, seal_details
from rongdun.domains.restitution.relief.moves import TOPIC, changed, move
from rongdun.domains.restitution.relief.rules import REPLY, TARGET, UNRELATED
from rongdun.domains.restitution.relief.words import Applicant, Finding
from rongdun.kernel.account import mask_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import NotFound, StaleVersion, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.person_name import mask_name, normalise_name
from rongdun.kernel.phone import parse_phone
from rongdun.runtime.deadlines import has_deadline, open_deadline
from rongdun.runtime.uow import Uow

Outcome = Literal["lift_full", "lift_partial", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What is entered: against which order, who asks, what they say, and how much they want (None: all)."""

    order_id: UUID
    applicant: Applicant
    applicant_name: str
    phone: str
    story: str
    claimed_fen: int | None = None


def submit(uow: Uow, objection: Objection) -> ReliefRequest:
    """Enter an objection to a stop or freeze in force; its clocks begin now.

    Raises :class:`~rongdun.domains.restitution.errors.NoSuchMeasure` and :class:`AlreadyObjected`.
    """
    if uow.actor.user_id is None:
        raise Unauthenticated()
    measure = measure_of(uow, objection.order_id)
    if store.open_of(uow.session, uow.actor.scope, measure.order_id):
        raise AlreadyObjected
    found = _row(uow, uow.actor.user_id, measure, objection)
    uow.session.add(found)
    uow.session.flush()
    found.number = f"JD{uow.now.astimezone(SHANGHAI):%Y}-{found.serial:06d}"
    for rule_key in (REPLY, TARGET):
        _start(uow, found, rule_key)
    after = {"order": found.order_number, "held_fen": found.held_fen, "applicant": found.applicant}
    uow.record("relief.submit", found.reference, unit_path=found.unit_path, after=after)
    uow.publish(TOPIC, found.reference, found.unit_path)
    return found


def accept(uow: Uow, request_id: UUID, *, version: int) -> ReliefRequest:
    """Accept a request (受理)."""
    found = seen(uow, request_id, version)
    moved = move(uow, found, "accept")
    found.accepted_at = uow.now
    changed(uow, found, moved)
    return found


def verify(uow: Uow, request_id: UUID, *, version: int) -> ReliefRequest:
    """Begin to verify a request."""
    found = seen(uow, request_id, version)
    changed(uow, found, move(uow, found, "verify"))
    return found


def find_out(
    uow: Uow, request_id: UUID, *, version: int, finding: Finding, unrelated_fen: int | None, note: str
) -> ReliefRequest:
    """Enter what was found. Once money proves unrelated, the three days of article 247 begin.

    Raises :class:`WrongFinding` when ``unrelated_fen`` does not fit.
    """
    found = seen(uow, request_id, version)
    part = _unrelated(found, finding, unrelated_fen)
    moved = move(uow, found, "find")
    found.finding, found.unrelated_fen = finding, part
    found.found_by, found.found_name, found.found_at = uow.actor.user_id, uow.actor.name, uow.now
    found.findings = uow.vault.seal(note, FINDINGS.context_of(found.id))
    if part and not has_deadline(uow, subject=found.reference, rule_key=UNRELATED):
        _start(uow, found, UNRELATED)
    changed(uow, found, moved, after={"finding": finding, "unrelated_fen": part})
    return found


def decide(
    uow: Uow, request_id: UUID, *, version: int, outcome: Outcome, kept_fen: int | None, reason: str
) -> ReliefRequest:
    """Decide a request and have the bank release what is lifted, at once (article 32).

    ``kept_fen`` is what stays held when it is lifted in part; :class:`WrongKept` unless it lies between
    nothing and what is held. Where a capped freeze took the place of the stop, what the stop held beyond it counts
    as released, and it may be kept whole.
    """
    found = seen(uow, request_id, version)
    measure = None if outcome == "reject" else measure_of(uow, found.order_id)
    held = measure.held_fen if measure else found.held_fen
    instead = measure is not None and measure.order_id != found.order_id
    moved = move(uow, found, outcome, reason=reason)
    kept = _kept(found, outcome, kept_fen, most=held if instead else held - 1)
    found.kept_fen, found.released_fen = kept, max((found.held_fen if instead else held) - kept, 0)
    found.decided_by, found.decided_name, found.decided_at = uow.actor.user_id, uow.actor.name, uow.now
    found.decision_reason = reason.strip()
    changed(uow, found, moved, after={"kept_fen": kept, "released_fen": found.released_fen})
    if measure is not None and (held > kept or not kept):
        let_go(uow, measure.order_id, held - kept if kept else None, found.number, reason.strip())
    return found


def tell(uow: Uow, request_id: UUID, *, version: int) -> ReliefRequest:
    """Put on record that the applicant was told the decision."""
    found = seen(uow, request_id, version)
    found.told_at, found.told_name = uow.now, uow.actor.name
    found.version += 1
    uow.record("relief.tell", found.reference, unit_path=found.unit_path)
    uow.publish(TOPIC, found.reference, found.unit_path)
    return found


def find(uow: Uow, request_id: UUID) -> ReliefRequest:
    """Return a request; :class:`NotFound` outside the scope."""
    found = store.find(uow.session, uow.actor.scope, request_id)
    if found is None:
        raise NotFound
    return found


def seen(uow: Uow, request_id: UUID, version: int) -> ReliefRequest:
    """Return a request, locked; :class:`StaleVersion` when it is not the version the actor has seen."""
    found = store.lock(uow.session, uow.actor.scope, request_id)
    if found is None:
        raise NotFound
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    return found


def _row(uow: Uow, maker: UUID, measure: Measure, objection: Objection) -> ReliefRequest:
    found = ReliefRequest(
        id=new_id(),
        unit_path=measure.unit_path,
        unit_name=measure.unit_name,
        partner_path=measure.partner_path,
        case_id=measure.case_id,
        order_id=measure.order_id,
        order_number=measure.number,
        measure=measure.kind,
        institution_name=measure.institution_name,
        account=mask_account(measure.account),
        holder=mask_name(measure.holder) if measure.holder else "",
        applicant=objection.applicant,
        state="SUBMITTED",
        finding="",
        held_fen=measure.held_fen,
        held_since=measure.since,
        ordered_by=sorted(measure.ordered_by),
        claimed_fen=objection.claimed_fen,
        maker_id=maker,
        maker_name=uow.actor.name,
        created_at=uow.now,
        version=1,
    )
    details = Details(
        account=measure.account,
        holder=measure.holder,
        applicant_name=normalise_name(objection.applicant_name),
        phone=parse_phone(objection.phone).number if objection.phone else "",
        story=objection.story,
    )
    found.details = seal_details(uow.vault, found, details)
    return found


def _start(uow: Uow, found: ReliefRequest, rule_key: str) -> None:
    open_deadline(
        uow,
        rule_key=rule_key,
        subject=found.reference,
        unit_path=found.unit_path,
        partner_path=found.partner_path,
        case_id=found.case_id,
    )


def _unrelated(found: ReliefRequest, finding: Finding, unrelated_fen: int | None) -> int:
    if finding == "unrelated":
        return found.held_fen
    if finding == "related":
        return 0
    if unrelated_fen is None or not 0 < unrelated_fen < found.held_fen:
        raise WrongFinding
    return unrelated_fen


def _kept(found: ReliefRequest, outcome: Outcome, kept_fen: int | None, *, most: int) -> int:
    if outcome == "lift_full":
        return 0
    if outcome == "reject":
        return found.held_fen
    if kept_fen is None or not 0 < kept_fen <= min(most, found.held_fen - 1):
        raise WrongKept
    return kept_fen
