"""What a form says while it is typed: faults, readings, what is known already, the orders it would make."""

from uuid import UUID

from rongdun.analytics.reading import ToldTransfer, read_narrative
from rongdun.domains import exchange
from rongdun.domains.intake.forms import Hint, read_form
from rongdun.domains.intake.hits import hits_of
from rongdun.domains.intake.lists import missing_out, names_of, words
from rongdun.domains.intake.rules import missing_of
from rongdun.domains.intake.schemas import (
    CheckOut,
    ExtractOut,
    FaultOut,
    FoundOut,
    HintOut,
    StopPreviewOut,
    SuggestedTransferOut,
    UrgencyOut,
    Words,
)
from rongdun.domains.intake.schemas_in import CheckIn, ReportIn
from rongdun.domains.intake.service import code_faults
from rongdun.domains.intake.stops import Preview, previews_of
from rongdun.domains.intake.urgency import Facts, Urgency, urgency_of
from rongdun.domains.intake.views import hit_out, missing_names
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.money import format_yuan
from rongdun.runtime.uow import Uow


def check(uow: Uow, body: CheckIn) -> CheckOut:
    """Return what a form says so far; nothing is kept."""
    return checked(uow, body, beside=body.report_id)


def checked(uow: Uow, body: ReportIn, *, beside: UUID | None) -> CheckOut:
    """Return what ``body`` says; ``beside``: the report it belongs to, which is no hit of its own."""
    read = read_form(body, now=uow.now)
    content = read.content
    items = names_of(uow, "items")
    faults = [*code_faults(uow, body), *read.faults]
    urgency = urgency_of(
        Facts(
            on_call=body.on_call,
            more_expected=body.more_expected,
            screen_shared=body.screen_shared,
            hardship=body.hardship,
            loss_fen=content.loss_fen,
            last_at=content.last_at,
        ),
        now=uow.now,
    )
    return CheckOut(
        faults=[FaultOut(path=one.path, message=words(one.message)) for one in faults],
        hints=[_hint(one) for one in read.hints],
        hits=[hit_out(one) for one in hits_of(uow, content, beside=beside)],
        stops=[_preview(one, missing_names(one.missing, items)) for one in previews_of(uow, content)],
        missing=missing_out(missing_of(content, body.classification)),
        urgency=_urgency(urgency),
        loss_fen=content.loss_fen,
    )


def extract(uow: Uow, text: str) -> ExtractOut:
    """Return what a pasted narrative holds, as suggestions for the form."""
    names = [one.name for one in exchange.institutions(uow)]
    read = read_narrative(text, now=uow.now, institutions=names)
    return ExtractOut(
        found=[FoundOut(kind=one.kind, start=one.start, end=one.end, value=one.value) for one in read.found],
        transfers=[_suggested(one) for one in read.transfers],
    )


def _suggested(one: ToldTransfer) -> SuggestedTransferOut:
    moment = one.moment.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if one.moment else ""
    return SuggestedTransferOut(
        institution=one.institution,
        account=one.account,
        name=one.name,
        amount=format_yuan(one.amount_fen) if one.amount_fen else "",
        time=moment,
    )


def _hint(one: Hint) -> HintOut:
    return HintOut(path=one.path, kind="read" if one.kind == "read" else "doubt", message=words(one.message))


def _preview(one: Preview, names: list[Words]) -> StopPreviewOut:
    told = one.told
    return StopPreviewOut(
        place=one.place,
        institution=told.institution,
        account=told.account,
        name=told.name,
        amount_fen=told.amount_fen,
        time=told.moment,
        missing=one.missing,
        missing_names=names,
    )


def _urgency(urgency: Urgency) -> UrgencyOut:
    return UrgencyOut(
        score=urgency.score, urgent=urgency.urgent, reasons=[words(one) for one in urgency.reasons]
    )
