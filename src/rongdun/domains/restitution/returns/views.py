"""Returns as the API shows them: personal data masked."""

from datetime import datetime
from typing import Any

from rongdun.domains.restitution.measures import Measure
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import (
    ReturnClaim,
    ReturnObjection,
    ReturnOrder,
    claimant,
    objector,
    payee_of,
)
from rongdun.domains.restitution.returns.moves import free_fen, offers
from rongdun.domains.restitution.returns.paper_kinds import papers_of
from rongdun.domains.restitution.returns.rules import BANK, RETURN
from rongdun.domains.restitution.returns.schemas import (
    CandidateOut,
    ClaimOut,
    MaterialOut,
    ObjectionOut,
    ReckoningOut,
    ReturnDetailOut,
    ReturnOut,
    ShareOut,
)
from rongdun.domains.restitution.returns.words import MODES
from rongdun.domains.restitution.shapes import action_out, said
from rongdun.domains.restitution.terms import due_of
from rongdun.kernel.account import mask_account
from rongdun.kernel.id_number import mask_id_number
from rongdun.kernel.person_name import mask_name
from rongdun.kernel.phone import mask_phone, parse_phone
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.policies import CodeEntry
from rongdun.runtime.uow import Uow

_SAME = [
    "id", "number", "state", "mode", "case_id", "case_number", "order_id", "order_number", "institution_name",
    "account", "holder", "frozen_fen", "share_fen", "paid_fen", "leftover_fen", "notice_place", "notice_from",
    "notice_until", "decision_number", "approver_name", "approved_at", "officer_names", "bank_noticed_at",
    "receipt_number", "receipt_clerk", "receipt_by", "paid_at", "receipt_filed_at", "end_reason", "unit_name",
    "unit_path", "maker_name", "created_at", "version",
]  # fmt: skip
_OF_CLAIM = [
    "id", "name", "account", "loss_fen", "returned_fen", "notified_at", "applied_at", "materials", "verified_at",
    "verified_name", "set_aside", "other_account_reason", "paid_fen",
]  # fmt: skip


def candidate_out(measure: Measure, free: int) -> CandidateOut:
    """Return a frozen account of a case, masked."""
    return CandidateOut(
        order_id=measure.order_id,
        order_number=measure.number,
        institution_name=measure.institution_name,
        account=mask_account(measure.account),
        holder=mask_name(measure.holder) if measure.holder else "",
        held_fen=measure.held_fen,
        free_fen=free,
        ends_at=measure.ends_at,
    )


def return_out(uow: Uow, found: ReturnOrder) -> ReturnOut:
    """Return a return as the API shows it."""
    return ReturnOut(**_fields(uow, found))


def detail_out(uow: Uow, found: ReturnOrder) -> ReturnDetailOut:
    """Return a return with its claims, its arithmetic and its objections."""
    scope = uow.actor.scope
    claims = store.claims_of(uow.session, scope, found.id)
    needed = policies.codes(uow.session, "return.transfer_materials", on=civil_date(uow.now))
    shares = _shares(found)
    mine = scope.covers(found.unit_path)
    return ReturnDetailOut(
        **_fields(uow, found),
        claims=[_claim(uow, one, needed, shares.get(str(one.id))) for one in claims],
        reckoning=_reckoning(found),
        objections=[_objection(uow, one) for one in store.objections_of(uow.session, scope, found.id)],
        materials=[MaterialOut(code=entry.code, name=said(entry.name)) for entry in needed],
        free_fen=free_fen(uow, found) if mine else None,
        trace_id=found.trace_id if mine else None,
        papers=papers_of(found, uow.actor),
    )


def _claim(uow: Uow, one: ReturnClaim, needed: tuple[CodeEntry, ...], share: ShareOut | None) -> ClaimOut:
    person, payee = claimant(uow.vault, one), payee_of(uow.vault, one)
    account = mask_account(payee.account) if payee.account else ""
    return ClaimOut(
        **{name: getattr(one, name) for name in _OF_CLAIM},
        id_number=mask_id_number(person.id_number) if person.id_number else "",
        phone=mask_phone(parse_phone(person.phone)) if person.phone else "",
        institution=person.institution,
        missing=[said(entry.name) for entry in needed if entry.code not in one.materials],
        original=one.other_account is None,
        pays_to=f"{payee.institution} {account}".strip(),
        share=share,
    )


def _shares(found: ReturnOrder) -> dict[str, ShareOut]:
    if found.reckoned_at is None or found.reckoning is None:
        return {}
    return {
        share["claim"]: ShareOut(**{name: share[name] for name in ShareOut.model_fields})
        for share in found.reckoning["shares"]
    }


def _reckoning(found: ReturnOrder) -> ReckoningOut | None:
    if found.reckoned_at is None or found.reckoning is None:
        return None
    kept = {name: value for name, value in found.reckoning.items() if name in ReckoningOut.model_fields}
    return ReckoningOut(**kept, reckoned_at=found.reckoned_at)


def _objection(uow: Uow, row: ReturnObjection) -> ObjectionOut:
    same = ("id", "name", "raised_at", "outcome", "settlement", "settled_name", "settled_at")
    return ObjectionOut(**{name: getattr(row, name) for name in same}, text=objector(uow.vault, row).text)


def _fields(uow: Uow, found: ReturnOrder) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": said(RETURN.state(found.state).name),
        "mode_name": said(MODES[found.mode]) if found.mode else None,
        "bank_due": _bank_due(uow, found.bank_noticed_at),
        "actions": [action_out(offer) for offer in offers(uow, found) if offer.action not in _OWN],
    }


_OWN = ("edit",)
"""Steps that have no button of their own."""


def _bank_due(uow: Uow, begun: datetime | None) -> datetime | None:
    return due_of(uow, BANK, begun) if begun else None
