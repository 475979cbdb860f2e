"""Cases as the API shows them: names and numbers masked, the story without numbers in clear."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rongdun.domains.cases.model import STORY, Case
from rongdun.domains.cases.moves import DECISIONS, ENDS, offers
from rongdun.domains.cases.persons import Person, Victim, victims_of
from rongdun.domains.cases.rules import CASE, FILED_STATES
from rongdun.domains.cases.schemas import (
    ActionOut,
    CaseDetailOut,
    CaseOut,
    CaseVictimOut,
    ProposalOut,
    Words,
)
from rongdun.kernel.account import mask_account
from rongdun.kernel.errors import DomainError, Text
from rongdun.kernel.id_number import mask_id_number
from rongdun.kernel.lifecycle import Offer
from rongdun.kernel.person_name import mask_name
from rongdun.kernel.phone import mask_phone, parse_phone
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import codes
from rongdun.runtime.uow import Uow

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){6,33}[Xx]?(?![0-9A-Za-z])")
_SAME = [
    "id", "number", "title", "state", "fraud_type", "loss_fen", "victims", "unit_name", "unit_path", "source",
    "accepted_at", "accepted_name", "filed_at", "filing_number", "version",
]  # fmt: skip
_MORE = ["jurisdiction", "review", "decided_name", "decided_at", "notice_served_at", "end_reason", "ended_at"]

PROPOSED = {
    "file": (
        Text("呈请立案", "Proposes filing"),
        Text(
            "批准后即为立案，可以冻结涉案财产，审查时限办结",
            "Once approved the case is filed, property may be frozen, and the review's clock ends",
        ),
    ),
    "refuse": (
        Text("呈请不予立案", "Proposes not filing"),
        Text(
            "批准后须在3日内将不予立案通知送达控告人；已止付的账户到期即恢复",
            "Once approved the complainant must have the notice within 3 days; stopped accounts lapse when due",
        ),
    ),
    "transfer": (
        Text("呈请移送", "Proposes a transfer"),
        Text(
            "批准后案件移送，须自认定之时起24小时内完成；本单位不再办理",
            "Once approved the case leaves, within 24 hours of the finding; this unit no longer handles it",
        ),
    ),
}
"""What each proposal is called, and what follows when it is approved."""


def words(text: Text) -> Words:
    """Return a text as the API shows it."""
    return Words(zh=text.zh, en=text.en)


def fraud_types(uow: Uow) -> dict[str, Text]:
    """Return the names of the types of fraud in force, by code."""
    entries = codes(uow.session, "fraud.types", on=civil_date(uow.now))
    return {entry.code: entry.name for entry in entries}


def case_out(found: Case, kinds: Mapping[str, Text]) -> CaseOut:
    """Return a case as lists show it."""
    return CaseOut(**_fields(found, kinds))


def detail_out(uow: Uow, found: Case) -> CaseDetailOut:
    """Return a case's page."""
    people = victims_of(uow, found.id)
    handles = uow.actor.user_id in found.handler_ids
    return CaseDetailOut(
        **_fields(found, fraud_types(uow)),
        **{name: getattr(found, name) for name in _MORE},
        story=masked_story(
            uow.vault.open(found.story, STORY.context_of(found.id)), [one.person.name for one in people]
        ),
        people=[_victim(one) for one in people],
        proposal=_proposal(found),
        handles=handles,
        may_handle=uow.actor.may("case.write") and found.state not in ENDS,
        filed=found.state in FILED_STATES,
        actions=[action_out(offer) for offer in offers(uow, found)],
    )


def masked_story(story: str, names: Iterable[str]) -> str:
    """Return a story with long numbers and the ``names`` of people masked."""
    masked = _NUMBER.sub(lambda found: mask_account(re.sub(r"[ -]", "", found[0])), story)
    for name in names:
        if len(name) > 1:
            masked = masked.replace(name, mask_name(name))
    return masked


def masked_phone(text: str) -> str:
    """Return a telephone number masked; what cannot be read as one is hidden whole."""
    try:
        return mask_phone(parse_phone(text))
    except DomainError:
        return "*" * len(text)


def action_out(offer: Offer) -> ActionOut:
    """Return an offered step as the API shows it."""
    refusal = offer.refusal
    return ActionOut(
        action=offer.action,
        name=words(offer.name),
        to_state_name=words(CASE.state(offer.to_state).name),
        needs_reason=offer.needs_reason,
        allowed=refusal is None,
        refusal=words(refusal.text) if refusal else None,
        remedy=words(refusal.remedy) if refusal else None,
    )


def _fields(found: Case, kinds: Mapping[str, Text]) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": words(CASE.state(found.state).name),
        "fraud_type_name": words(kinds.get(found.fraud_type, Text(found.fraud_type, found.fraud_type))),
        "handlers": found.handler_names,
    }


def _victim(one: Victim) -> CaseVictimOut:
    assert one.id is not None, "a stored victim has an id"
    shown = _masked(one.person)
    return CaseVictimOut(id=one.id, loss_fen=one.loss_fen, report_id=one.report_id, **shown)


def _masked(person: Person) -> dict[str, str]:
    return {
        "name": mask_name(person.name),
        "id_number": mask_id_number(person.id_number),
        "phone": masked_phone(person.phone) if person.phone else "",
        "institution": person.institution,
        "account": mask_account(person.account) if person.account else "",
    }


def _proposal(found: Case) -> ProposalOut | None:
    if found.proposal not in DECISIONS or found.proposed_at is None:
        return None
    name, consequence = PROPOSED[found.proposal]
    return ProposalOut(
        kind=found.proposal,
        name=words(name),
        consequence=words(consequence),
        reason=found.proposal_reason,
        transfer_to=found.transfer_to,
        by=found.proposed_name,
        at=found.proposed_at,
    )
