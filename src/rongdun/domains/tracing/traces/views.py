"""Traces as the API shows them: personal data masked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rongdun.domains.tracing.schemas import ActionOut, Words
from rongdun.domains.tracing.traces import service, store
from rongdun.domains.tracing.traces.findings import by_hand
from rongdun.domains.tracing.traces.model import HandTransfer, Trace
from rongdun.domains.tracing.traces.moves import offers
from rongdun.domains.tracing.traces.results import Opened
from rongdun.domains.tracing.traces.rules import TRACE
from rongdun.domains.tracing.traces.schemas import (
    HandTransferOut,
    HoldingOut,
    ResultAccountOut,
    ResultOut,
    ResultTransferOut,
    SeedOut,
    StopOut,
    TotalsOut,
    TraceDetailOut,
    TraceOut,
)
from rongdun.domains.tracing.traces.seeds import Seed
from rongdun.domains.tracing.traces.told import ToldHolding, ToldTransfer, tiers_of
from rongdun.domains.tracing.views import words
from rongdun.kernel.account import mask_account
from rongdun.kernel.lifecycle import Offer
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.uow import Uow

_SAME = [
    "id", "number", "title", "state", "rule", "depth", "window_hours", "delta_minutes", "as_of", "seed_count",
    "accounts", "transfers", "maker_name", "unit_name", "unit_path", "computed_at", "computed_as_of",
    "created_at", "archive_reason", "case_id", "report_id", "version", "seeds_fen", "left_fen", "ended_fen",
    "frontier_fen", "limit_fen",
]  # fmt: skip
"""Fields of a trace that are shown as they are."""


def trace_out(uow: Uow, found: Trace) -> TraceOut:
    """Return a trace as the API shows it."""
    return TraceOut(**_fields(uow, found))


def detail_out(uow: Uow, found: Trace) -> TraceDetailOut:
    """Return a trace with what it starts from."""
    scope = uow.actor.scope
    rows = store.hand_transfers_of(uow.session, scope, found.id)
    return TraceDetailOut(
        **_fields(uow, found),
        seeds=[seed_out(place, one) for place, one in enumerate(service.seeds_of(uow, found))],
        hand_transfers=[_hand(uow, row) for row in rows],
        rules=sorted(store.digests_of(uow.session, scope, found.id)),
        moved_on=service.ledger_moved_on(uow, found),
        changed=found.changed,
        mine=uow.actor.unit_path in found.units and uow.actor.may("trace.run"),
    )


def seed_out(place: int, one: Seed) -> SeedOut:
    """Return a victim's transfer, masked."""
    return SeedOut(
        place=place,
        victim=mask_name(one.victim),
        institution=one.institution,
        account=mask_account(one.account),
        amount_fen=one.amount_fen,
        time=one.moment,
    )


def result_out(uow: Uow, found: Trace, opened: Opened) -> ResultOut:
    """Return what a rule says, masked, with the marks and notes that stand on its accounts."""
    told = opened.told
    return ResultOut(
        rule=told.rule,
        as_of=_moment(told.as_of),
        totals=TotalsOut(**asdict(told.totals)),
        victims=victim_labels(told.victims),
        accounts=_accounts(uow, found, opened),
        transfers=[_transfer(one) for one in told.transfers],
        stops=[StopOut(account=one.account, reason=one.reason) for one in told.stops],
        digest=opened.digest,
    )


def victim_labels(victims: Sequence[str]) -> list[str]:
    """Return masked names; two that would look the same are numbered."""
    masked = [mask_name(victim) for victim in victims]
    often = Counter(masked)
    so_far: Counter[str] = Counter()
    labels = []
    for name in masked:
        so_far[name] += 1
        labels.append(f"{name} {so_far[name]}" if often[name] > 1 else name)
    return labels


def _accounts(uow: Uow, found: Trace, opened: Opened) -> list[ResultAccountOut]:
    session, scope = uow.session, uow.actor.scope
    marks: dict[str, list[Any]] = {}
    for row in store.marks_of(session, scope, found.id):
        marks.setdefault(row.account, []).append(row.mark)
    notes = Counter(row.account for row in store.notes_of(session, scope, found.id))
    others = store.shared_accounts(session, scope, found.id)
    tiers, holdings = tiers_of(opened.told), _holdings(opened)
    return [
        ResultAccountOut(
            id=address,
            institution=one.institution,
            account=mask_account(one.number),
            name=mask_name(one.name) if one.name else "",
            tier=tiers.get(place, 0),
            observed=one.observed,
            opening=one.opening,
            observed_until=_moment(one.observed_until) if one.observed_until else None,
            hub=one.hub,
            holdings=holdings.get(place, []),
            marks=marks.get(address, []),
            notes=notes[address],
            others=others.get(address, 0),
        )
        for place, (one, address) in enumerate(zip(opened.told.accounts, opened.addresses, strict=True))
    ]


def _holdings(opened: Opened) -> dict[int, list[HoldingOut]]:
    found: dict[int, list[HoldingOut]] = {}
    for one in opened.told.holdings:
        found.setdefault(one.account, []).append(_holding(one))
    return found


def _holding(one: ToldHolding) -> HoldingOut:
    same = ("victim", "tier", "in_fen", "out_fen", "left_fen", "end", "dwell_s", "confidence")
    return HoldingOut(
        **{name: getattr(one, name) for name in same},
        first_in=_moment(one.first_in) if one.first_in else None,
        last_out=_moment(one.last_out) if one.last_out else None,
    )


def _transfer(one: ToldTransfer) -> ResultTransferOut:
    same = ("payer", "payee", "amount_fen", "end", "books", "hand", "shares", "ends")
    return ResultTransferOut(**{name: getattr(one, name) for name in same}, time=_moment(one.time))


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def _hand(uow: Uow, row: HandTransfer) -> HandTransferOut:
    clear = by_hand(uow, row)
    same = ("id", "amount_fen", "time", "reason", "maker_name", "made_at")
    gone = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
    return HandTransferOut(
        **{name: getattr(row, name) for name in (*same, *gone)},
        payer=_party(clear.payer),
        payee=_party(clear.payee),
    )


def _party(party: tuple[str, str, str]) -> str:
    institution, number, name = party
    parts = [mask_name(name) if name else "", institution, mask_account(number)]
    return " ".join(part for part in parts if part)


def _fields(uow: Uow, found: Trace) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in _SAME},
        "state_name": words(TRACE.state(found.state).name),
        "error": Words(zh=found.error_zh, en=found.error_en) if found.error_zh else None,
        "actions": [_action(offer) for offer in offers(uow, found)],
    }


def _action(offer: Offer) -> ActionOut:
    return ActionOut(
        action=offer.action,
        name=words(offer.name),
        needs_reason=offer.needs_reason,
        allowed=offer.refusal is None,
        refusal=words(offer.refusal.text) if offer.refusal else None,
    )
