"""Returns on the desk: candidates out of a case's frozen accounts, and finding them."""

from uuid import UUID

from rongdun.domains import cases
from rongdun.domains.restitution.errors import NoSuchMeasure, NothingFrozen
from rongdun.domains.restitution.measures import Measure, frozen_in, measure_of
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import (
    DETAILS,
    PERSON,
    Claimant,
    Frozen,
    ReturnClaim,
    ReturnOrder,
    seal_fields,
)
from rongdun.domains.restitution.returns.moves import TOPIC, move
from rongdun.kernel.account import mask_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import NotFound, StaleVersion, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.uow import Uow


def candidates(uow: Uow, case_id: UUID) -> list[tuple[Measure, int]]:
    """Return the frozen accounts of a case with what of each is free for a return, in fen."""
    found = frozen_in(uow, case_id)
    nobody = new_id()
    taken = {
        one.order_id: store.reserved(uow.session, uow.actor.scope, one.order_id, beside=nobody)
        for one in found
    }
    return [(one, max(one.held_fen - taken[one.order_id], 0)) for one in found]


def draft(uow: Uow, order_id: UUID) -> ReturnOrder:
    """Begin a return out of a freeze: the victims of its case become its claims.

    Raises :class:`NoSuchMeasure` for anything but a freeze of a case, :class:`NothingFrozen` when nothing is free.
    """
    if uow.actor.user_id is None:
        raise Unauthenticated()
    measure = measure_of(uow, order_id)
    if measure.kind != "freeze" or measure.case_id is None:
        raise NoSuchMeasure
    case = cases.case_of(uow, measure.case_id)
    found = _row(uow, uow.actor.user_id, measure, case)
    taken = store.reserved(uow.session, uow.actor.scope, order_id, beside=found.id)
    found.frozen_fen = measure.held_fen - taken
    if found.frozen_fen <= 0:
        raise NothingFrozen
    uow.session.add(found)
    uow.session.flush()
    found.number = f"FH{uow.now.astimezone(SHANGHAI):%Y}-{found.serial:06d}"
    uow.session.add_all(_claims(uow, found))
    after = {"order": found.order_number, "case": found.case_number, "frozen_fen": found.frozen_fen}
    uow.record("return.draft", found.reference, unit_path=found.unit_path, after=after)
    uow.publish(TOPIC, found.reference, found.unit_path)
    uow.session.flush()
    return found


def step(uow: Uow, return_id: UUID, action: str, *, version: int, reason: str = "") -> ReturnOrder:
    """Take a step that carries nothing but its reason: notify, apply, complete, reopen, close or withdraw."""
    found = seen(uow, return_id, version)

    def write() -> None:
        if action == "reopen":
            _forget(uow, found)
        if action == "withdraw":
            found.end_reason = reason.strip()

    move(uow, found, action, reason=reason, write=write)
    return found


def find(uow: Uow, return_id: UUID) -> ReturnOrder:
    """Return a return; :class:`NotFound` outside the scope."""
    found = store.find(uow.session, uow.actor.scope, return_id)
    if found is None:
        raise NotFound
    return found


def seen(uow: Uow, return_id: UUID, version: int) -> ReturnOrder:
    """Return a return, locked; :class:`StaleVersion` when it is not the version the actor has seen."""
    found = store.lock(uow.session, uow.actor.scope, return_id)
    if found is None:
        raise NotFound
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    return found


def claim_row(uow: Uow, found: ReturnOrder, place: int, person: Claimant, loss_fen: int) -> ReturnClaim:
    """Return a new claim of a return, sealed."""
    claim = ReturnClaim(
        id=new_id(),
        return_id=found.id,
        unit_path=found.unit_path,
        partner_path=found.partner_path,
        place=place,
        name=mask_name(person.name),
        account=mask_account(person.account) if person.account else "",
        loss_fen=loss_fen,
        returned_fen=0,
        materials=[],
        set_aside="",
        other_account_masked="",
        other_account_reason="",
        verified_name="",
        paid_fen=0,
    )
    claim.person = seal_fields(uow.vault, person, PERSON.context_of(claim.id))
    return claim


def _forget(uow: Uow, found: ReturnOrder) -> None:
    """Take the reckoning back, and with it the notice of it: both are made anew."""
    found.notice_from = found.notice_until = found.reckoned_at = None
    found.share_fen, found.leftover_fen = 0, None
    for claim in store.claims_of(uow.session, uow.actor.scope, found.id):
        claim.share_fen = None


def _row(uow: Uow, maker: UUID, measure: Measure, case: cases.CaseRef) -> ReturnOrder:
    found = ReturnOrder(
        id=new_id(),
        unit_path=case.unit_path,
        unit_name=case.unit_name,
        partner_path=measure.partner_path,
        case_id=case.id,
        case_number=case.number,
        order_id=measure.order_id,
        order_number=measure.number,
        institution_name=measure.institution_name,
        account=mask_account(measure.account),
        holder=mask_name(measure.holder) if measure.holder else "",
        state="CANDIDATE",
        share_fen=0,
        paid_fen=0,
        maker_id=maker,
        maker_name=uow.actor.name,
        editors=[maker],
        officer_ids=[],
        officer_names=[],
        created_at=uow.now,
        version=1,
    )
    clear = Frozen(account=measure.account, holder=measure.holder)
    found.details = seal_fields(uow.vault, clear, DETAILS.context_of(found.id))
    return found


def _claims(uow: Uow, found: ReturnOrder) -> list[ReturnClaim]:
    rows: list[ReturnClaim] = []
    for victim in cases.victims_of(uow, found.case_id):
        if victim.loss_fen <= 0:
            continue
        one = victim.person
        person = Claimant(
            name=one.name,
            id_number=one.id_number,
            phone=one.phone,
            institution=one.institution,
            account=one.account,
        )
        claim = claim_row(uow, found, len(rows), person, victim.loss_fen)
        claim.victim_id = victim.id
        rows.append(claim)
    return rows
