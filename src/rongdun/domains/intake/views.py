"""Reports as the API shows them: names, numbers and addresses masked, the story without long numbers in clear."""

from collections.abc import Mapping
from typing import Any

from rongdun.domains.cases import masked_phone, masked_story
from rongdun.domains.intake import store
from rongdun.domains.intake.content import Content, Named, TransferTold, VictimTold
from rongdun.domains.intake.hits import Hit, hits_of
from rongdun.domains.intake.lists import missing_out, named, names_of, words
from rongdun.domains.intake.model import Report
from rongdun.domains.intake.moves import offers
from rongdun.domains.intake.rules import ENDS, FRAUD, REPORT, missing_of
from rongdun.domains.intake.schemas import (
    ActionOut,
    DuplicateOut,
    FileOut,
    HitOut,
    NamedOut,
    PersonOut,
    ReportDetailOut,
    ReportOut,
    StopMadeOut,
    TransferOut,
    Words,
)
from rongdun.domains.intake.service import content_of, urgency_now
from rongdun.domains.intake.stops import UNDRAWN, Made
from rongdun.domains.intake.stops import missing_of as items_missing
from rongdun.kernel.account import mask_account
from rongdun.kernel.errors import Text
from rongdun.kernel.id_number import mask_id_number
from rongdun.kernel.lifecycle import Offer
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.uow import Uow

_SAME = [
    "id", "number", "receipt_number", "title", "state", "source", "classification", "fraud_type", "loss_fen",
    "transfers", "last_transfer_at", "on_call", "more_expected", "screen_shared", "hardship", "urgency",
    "unit_name", "unit_path", "maker_name", "case_id", "case_number", "received_at", "entered_at", "version",
]  # fmt: skip
_MORE = ["deceived_at", "referred_to", "end_reason", "ended_at"]
_ADDRESS_SHOWN = 6

Names = Mapping[str, Mapping[str, Text]]


def list_names(uow: Uow) -> Names:
    """Return the words for the codes that lists of reports show."""
    return {which: names_of(uow, which) for which in ("sources", "classifications", "fraud_types")}


def report_out(found: Report, names: Names) -> ReportOut:
    """Return a report as lists show it."""
    return ReportOut(**_fields(found, names))


def detail_out(uow: Uow, found: Report) -> ReportDetailOut:
    """Return a report's page."""
    content = content_of(uow, found)
    mine = uow.actor.may("report.write") and found.state not in ENDS
    channels, methods = names_of(uow, "channels"), names_of(uow, "methods")
    items = names_of(uow, "items")
    return ReportDetailOut(
        **_fields(found, list_names(uow)),
        **{name: getattr(found, name) for name in _MORE},
        story=masked_story(content.story, [content.victim.name, content.reporter.name]),
        reporter=_reporter(content),
        victim=_victim(uow, content.victim),
        channels=[named(code, channels) for code in found.channels],
        transfer_list=[
            _transfer(uow, place, one, methods, items) for place, one in enumerate(content.transfers)
        ],
        named=[_named(place, one) for place, one in enumerate(content.named)],
        files=[FileOut(sha256=one.sha256, name=one.name) for one in content.files],
        urgency_reasons=[words(reason) for reason in urgency_now(uow, found).reasons],
        missing=missing_out(missing_of(content, found.classification)),
        hits=[hit_out(one) for one in hits_of(uow, content, beside=found.id)],
        duplicate_of=_duplicate(uow, found),
        may_edit=mine,
        may_stop=mine and found.classification in FRAUD | {""} and uow.actor.may("order.draft"),
        actions=[action_out(one) for one in offers(uow, found) if one.action != "dispose"],
    )


def hit_out(one: Hit) -> HitOut:
    """Return something known already as the form shows it."""
    same = ("path", "what", "same", "id", "number", "title", "at", "duplicate")
    return HitOut(**{name: getattr(one, name) for name in same}, state_name=words(one.state_name))


def made_out(one: Made) -> StopMadeOut:
    """Return an order that was made of a report."""
    same = ("id", "number", "state", "account", "missing", "sent")
    refusal = words(one.refusal) if one.refusal else None
    return StopMadeOut(**{name: getattr(one, name) for name in same}, refusal=refusal)


def action_out(offer: Offer) -> ActionOut:
    """Return an offered step as the API shows it."""
    refusal = offer.refusal
    return ActionOut(
        action=offer.action,
        name=words(offer.name),
        needs_reason=offer.needs_reason,
        allowed=refusal is None,
        refusal=words(refusal.text) if refusal else None,
        remedy=words(refusal.remedy) if refusal else None,
    )


def masked_number(text: str) -> str:
    """Return an account number masked; one that was told partly masked stays as it is."""
    return text if "*" in text else mask_account(text)


def _fields(found: Report, names: Names) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": words(REPORT.state(found.state).name),
        "source_name": named(found.source, names["sources"]),
        "classification_name": named(found.classification, names["classifications"]),
        "fraud_type_name": named(found.fraud_type, names["fraud_types"]),
    }


def _reporter(content: Content) -> PersonOut:
    told = content.reporter
    return PersonOut(
        name=mask_name(told.name),
        id_number="",
        phone=masked_phone(told.phone) if told.phone else "",
        age=None,
        sex="",
        occupation="",
        address="",
        relation=told.relation,
        vulnerabilities=[],
    )


def _victim(uow: Uow, told: VictimTold) -> PersonOut:
    vulnerable = names_of(uow, "vulnerabilities")
    hidden = "*" * (len(told.address) - _ADDRESS_SHOWN)
    return PersonOut(
        name=mask_name(told.name),
        id_number=mask_id_number(told.id_number),
        phone=masked_phone(told.phone) if told.phone else "",
        age=told.age,
        sex=told.sex,
        occupation=told.occupation,
        address=told.address[:_ADDRESS_SHOWN] + hidden,
        relation="",
        vulnerabilities=[named(code, vulnerable) for code in told.vulnerabilities],
    )


def _transfer(
    uow: Uow, place: int, one: TransferTold, methods: Mapping[str, Text], items: Mapping[str, Text]
) -> TransferOut:
    same = ("out_institution", "institution", "kind", "amount_fen", "precision", "method", "serial")
    missing = [] if one.method in UNDRAWN else items_missing(uow, one)
    return TransferOut(
        **{name: getattr(one, name) for name in same},
        place=place,
        out_account=masked_number(one.out_account),
        out_name=mask_name(one.out_name),
        account=masked_number(one.account),
        name=mask_name(one.name),
        time=one.moment,
        method_name=named(one.method, methods),
        missing=missing,
        missing_names=missing_names(missing, items),
    )


def missing_names(missing: list[str], items: Mapping[str, Text]) -> list[Words]:
    """Return the missing items of an order in words."""
    return [named(code, items) for code in missing]


def _named(place: int, one: Named) -> NamedOut:
    if one.kind == "phone":
        return NamedOut(place=place, kind=one.kind, value=masked_phone(one.value))
    value = masked_number(one.value) if one.kind == "account" else one.value
    return NamedOut(place=place, kind=one.kind, value=value)


def _duplicate(uow: Uow, found: Report) -> DuplicateOut | None:
    first = (
        store.find_report(uow.session, uow.actor.scope, found.duplicate_of) if found.duplicate_of else None
    )
    return DuplicateOut(id=first.id, number=first.number) if first else None
