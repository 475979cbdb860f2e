"""Moving a return from state to state: judged by its table, put on record, told to open screens."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from rongdun.domains.restitution.errors import NoSuchMeasure
from rongdun.domains.restitution.measures import measure_of
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import ReturnClaim, ReturnOrder, payee_of
from rongdun.domains.restitution.returns.rules import RETURN, Standing, facts_of
from rongdun.kernel.lifecycle import Facts, Moved, Offer, available, take
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.deadlines import NoSuchDeadline, close_deadline, open_deadline
from rongdun.runtime.uow import Uow

TOPIC = "return"
"""The live topic of returns."""


def move(
    uow: Uow,
    found: ReturnOrder,
    action: str,
    *,
    reason: str = "",
    paid_exactly: bool = True,
    write: Callable[[], None] = lambda: None,
    after: Mapping[str, object] | None = None,
) -> Moved:
    """Take ``action`` on a return; raise the refusal of its table, by name. Clocks begin and end with the move.

    ``write`` fills in what the step brings, once it is allowed and before anything reaches the database.
    """
    verdict = take(
        RETURN,
        state=found.state,
        action=action,
        actor=uow.actor,
        facts=_facts(uow, found, paid_exactly=paid_exactly),
        now=uow.now,
        reason=reason,
    )
    with uow.session.no_autoflush:
        write()
        found.state = verdict.to_state
    uow.session.flush()
    for rule_key in verdict.closes:
        _end(uow, found, rule_key, reason=reason)
    for rule_key in verdict.opens:
        _begin(uow, found, rule_key)
    before = {"state": verdict.from_state}
    changed(
        uow,
        found,
        f"return.{action}",
        before=before,
        after={"state": found.state, **(after or {})},
        note=reason,
    )
    return verdict


def changed(
    uow: Uow,
    found: ReturnOrder,
    action: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    note: str = "",
) -> None:
    """Put a change of a return on record and tell open screens; whoever drafts becomes one of its makers."""
    found.version += 1
    actor = uow.actor.user_id
    if actor is not None and action in _WRITING and actor not in found.editors:
        found.editors = [*found.editors, actor]
    uow.session.flush()
    uow.record(
        action, found.reference, unit_path=found.unit_path, before=before, after=after, note=note.strip()
    )
    uow.publish(TOPIC, found.reference, found.unit_path)
    if found.partner_path and found.state in store.BANKS_SEE:
        uow.publish(TOPIC, found.reference, found.partner_path)


_WRITING = frozenset({"return.edit", "return.reckon", "return.complete", "return.publish"})


def offers(uow: Uow, found: ReturnOrder) -> tuple[Offer, ...]:
    """Return what may be done to a return now, each with why not, if not; who goes to the bank its form asks for."""
    facts = dict(_facts(uow, found))
    facts["officers"] = facts["officers_needed"]
    return available(RETURN, state=found.state, actor=uow.actor, facts=facts, now=uow.now)


def free_fen(uow: Uow, found: ReturnOrder) -> int:
    """Return what of the freeze is free for this return: held now, less what others were decided to take; 0 if over."""
    try:
        held = measure_of(uow, found.order_id).held_fen
    except NoSuchMeasure:
        return 0
    return max(held - store.reserved(uow.session, uow.actor.scope, found.order_id, beside=found.id), 0)


def earlier(uow: Uow, found: ReturnOrder, claims: Sequence[ReturnClaim]) -> dict[UUID, int]:
    """Return what other returns give to the victims of ``claims``, in fen by victim."""
    victims = [one.victim_id for one in claims if one.victim_id is not None]
    return store.returned_to(uow.session, uow.actor.scope, victims, beside=found.id)


def active(claims: Sequence[ReturnClaim]) -> list[ReturnClaim]:
    """Return the claims that take part: those not set aside."""
    return [one for one in claims if not one.set_aside]


def _facts(uow: Uow, found: ReturnOrder, *, paid_exactly: bool = True) -> Facts:
    claims = store.claims_of(uow.session, uow.actor.scope, found.id)
    taking = active(claims)
    needed = {entry.code for entry in policies.codes(uow.session, "return.transfer_materials", on=_day(uow))}
    paid = [one for one in taking if one.share_fen]
    objections = store.objections_of(uow.session, uow.actor.scope, found.id)
    decided = found.state in store.DECIDED or found.share_fen > 0
    standing = Standing(
        makers=(found.maker_id, *found.editors),
        claims=len(taking),
        unnotified=sum(one.notified_at is None for one in taking),
        applied=sum(one.applied_at is not None for one in taking),
        incomplete=sum(not _complete(one, needed) for one in taking),
        verified=sum(one.verified_at is not None for one in taking),
        mode=found.mode,
        notice_until=found.notice_until,
        open_objections=sum(not one.outcome for one in objections),
        enough_frozen=not decided or found.paid_at is not None or free_fen(uow, found) >= found.share_fen,
        within_losses=_within(uow, found, paid),
        accounts_known=all(payee_of(uow.vault, one).account for one in paid),
        officers=len(set(found.officer_ids)),
        officers_needed=policies.integer(uow.session, "return.officers_at_bank", on=_day(uow)),
        paid_exactly=paid_exactly,
        receipt=bool(found.receipt_number),
    )
    return facts_of(standing)


def _complete(claim: ReturnClaim, needed: set[str]) -> bool:
    return claim.applied_at is not None and claim.verified_at is not None and needed <= set(claim.materials)


def _within(uow: Uow, found: ReturnOrder, paid: Sequence[ReturnClaim]) -> bool:
    others = earlier(uow, found, paid)
    return all(
        (one.share_fen or 0) + (others.get(one.victim_id, 0) if one.victim_id else 0) <= one.loss_fen
        for one in paid
    )


def _begin(uow: Uow, found: ReturnOrder, rule_key: str) -> None:
    open_deadline(
        uow,
        rule_key=rule_key,
        subject=found.reference,
        unit_path=found.unit_path,
        owner_path=found.partner_path if rule_key == "return.bank_execution" else None,
        partner_path=found.partner_path,
        case_id=found.case_id,
    )


def _end(uow: Uow, found: ReturnOrder, rule_key: str, *, reason: str) -> None:
    try:
        close_deadline(uow, subject=found.reference, rule_key=rule_key, reason=reason)
    except NoSuchDeadline:
        return


def _day(uow: Uow) -> date:
    return civil_date(uow.now)
