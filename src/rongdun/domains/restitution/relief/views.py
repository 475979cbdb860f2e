"""Relief requests as the API shows them: personal data masked."""

from typing import Any

from rongdun.domains.restitution.errors import NoSuchMeasure
from rongdun.domains.restitution.measures import measure_of
from rongdun.domains.restitution.relief.model import ReliefRequest, details_of, findings_of
from rongdun.domains.restitution.relief.moves import freeze_instead, offers
from rongdun.domains.restitution.relief.rules import RELIEF, REPLY, TARGET, UNRELATED
from rongdun.domains.restitution.relief.schemas import FreezeOut, ReliefDetailOut, ReliefOut
from rongdun.domains.restitution.relief.words import APPLICANTS, DOCUMENTS, FINDINGS, MEASURES
from rongdun.domains.restitution.shapes import action_out, said
from rongdun.domains.restitution.terms import due_of
from rongdun.kernel.person_name import mask_name
from rongdun.kernel.phone import mask_phone, parse_phone
from rongdun.runtime.uow import Uow

_SAME = [
    "id", "number", "state", "applicant", "measure", "order_id", "order_number", "case_id", "institution_name",
    "account", "holder", "held_fen", "held_since", "claimed_fen", "finding", "unrelated_fen", "found_name",
    "found_at", "kept_fen", "released_fen", "decided_name", "decided_at", "decision_reason", "told_at",
    "told_name", "unit_name", "unit_path", "maker_name", "created_at", "accepted_at", "version",
]  # fmt: skip


def relief_out(uow: Uow, found: ReliefRequest) -> ReliefOut:
    """Return a request as the API shows it."""
    return ReliefOut(**_fields(uow, found))


def detail_out(uow: Uow, found: ReliefRequest) -> ReliefDetailOut:
    """Return a request with what it says."""
    details = details_of(uow.vault, found)
    return ReliefDetailOut(
        **_fields(uow, found),
        applicant_name=mask_name(details.applicant_name) if details.applicant_name else "",
        phone=mask_phone(parse_phone(details.phone)) if details.phone else "",
        story=details.story,
        findings=findings_of(uow.vault, found),
        held_now_fen=_held_now(uow, found),
        freeze=_freeze(uow, found),
        documents=[said(each) for each in DOCUMENTS],
    )


def _freeze(uow: Uow, found: ReliefRequest) -> FreezeOut | None:
    freeze = freeze_instead(uow, found)
    return FreezeOut(order_id=freeze.order_id, number=freeze.number) if freeze else None


def _held_now(uow: Uow, found: ReliefRequest) -> int | None:
    try:
        return measure_of(uow, found.order_id).held_fen
    except NoSuchMeasure:
        return None


def _fields(uow: Uow, found: ReliefRequest) -> dict[str, Any]:
    unrelated_since = found.found_at if found.unrelated_fen else None
    release_due = due_of(uow, UNRELATED, unrelated_since) if unrelated_since else None
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": said(RELIEF.state(found.state).name),
        "applicant_kind": said(APPLICANTS[found.applicant]),
        "measure_name": said(MEASURES[found.measure]),
        "finding_name": said(FINDINGS[found.finding]) if found.finding else None,
        "reply_due": due_of(uow, REPLY, found.created_at),
        "target_due": due_of(uow, TARGET, found.created_at),
        "release_due": release_due,
        "late": release_due is not None and (found.decided_at or uow.now) > release_due,
        "actions": [action_out(offer) for offer in offers(uow, found)],
    }
