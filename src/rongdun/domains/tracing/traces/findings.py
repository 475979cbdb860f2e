"""What officers add to a trace: marks, notes, decisions on single accounts, transfers no statement shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.errors import WrongTransfer
from rongdun.domains.tracing.traces.model import (
    CHOICES,
    MARKS,
    NOTE,
    PARTIES,
    HandTransfer,
    Trace,
    TraceMark,
    TraceNote,
    open_json,
    seal_json,
)
from rongdun.domains.tracing.traces.moves import changed
from rongdun.domains.tracing.traces.results import account_at
from rongdun.domains.tracing.traces.seeds import field_of, read_moment
from rongdun.domains.tracing.traces.service import to_change
from rongdun.domains.tracing.traces.told import ToldAccount
from rongdun.kernel.account import parse_account
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import FieldError, NotFound, Text, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.money import parse_fen
from rongdun.kernel.person_name import normalise_name
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a transfer added by hand: an account of the trace by its address, or written out."""

    account_id: str = ""
    institution: str = ""
    account: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class WrittenTransfer:
    """A transfer as an officer writes it."""

    payer: Party
    payee: Party
    amount: str
    time: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision on one account; None leaves it to the policy and to the trace's own delta."""

    institution: str
    number: str
    hub: str | None
    delta_minutes: int | None


@dataclass(frozen=True, slots=True)
class ByHand:
    """A transfer added by hand, in clear. Accounts are institution, number and name."""

    id: UUID
    payer: tuple[str, str, str]
    payee: tuple[str, str, str]
    amount_fen: int
    time: datetime
    reason: str


def set_marks(uow: Uow, trace_id: UUID, account: str, marks: Sequence[str]) -> Trace:
    """Let exactly ``marks`` stand on an account of the trace; what changed goes on record."""
    found, _ = _at(uow, trace_id, account)
    rows = store.marks_of(uow.session, uow.actor.scope, found.id)
    before = [row.mark for row in rows if row.account == account]
    wanted = [mark for mark in MARKS if mark in marks]
    store.drop_marks(uow.session, uow.actor.scope, found.id, account, set(before) - set(wanted))
    uow.session.add_all(_mark(uow, found, account, mark) for mark in wanted if mark not in before)
    after: dict[str, object] = {"marks": sorted(wanted), "account_id": account}
    changed(uow, found, "trace.mark", before={"marks": sorted(before)}, after=after)
    return found


def add_note(uow: Uow, trace_id: UUID, account: str, text: str) -> Trace:
    """Add a note to an account of the trace; it cannot be altered afterwards."""
    found, _ = _at(uow, trace_id, account)
    maker = _maker(uow)
    note = TraceNote(id=new_id(), trace_id=found.id, unit_path=found.unit_path, account=account)
    note.text = uow.vault.seal(text, NOTE.context_of(note.id))
    note.maker_id, note.maker_name, note.made_at = maker, uow.actor.name, uow.now
    uow.session.add(note)
    changed(uow, found, "trace.note", after={"account_id": account, "length": len(text)})
    return found


def choose(uow: Uow, trace_id: UUID, account: str, *, hub: str | None, delta_minutes: int | None) -> Trace:
    """Decide on one account whether money is followed through it, and its own delta; for the next computation."""
    found, one_account = _at(uow, trace_id, account)
    institution, number = one_account.institution, one_account.number
    others = [one for one in choices_of(uow, found) if (one.institution, one.number) != (institution, number)]
    own = Choice(institution, number, hub, delta_minutes)
    every = [*others, own] if hub or delta_minutes else others
    data = [_choice_data(one) for one in every]
    found.choices = seal_json(uow.vault, data, CHOICES.context_of(found.id)) if data else None
    found.changed = True
    after: dict[str, object] = {"account_id": account, "hub": hub, "delta_minutes": delta_minutes}
    changed(uow, found, "trace.choose", after=after)
    return found


def choices_of(uow: Uow, found: Trace) -> list[Choice]:
    """Return the decisions on single accounts of a trace, in clear."""
    if found.choices is None:
        return []
    return [Choice(**one) for one in open_json(uow.vault, found.choices, CHOICES.context_of(found.id))]


def add_transfer(uow: Uow, trace_id: UUID, written: WrittenTransfer) -> Trace:
    """Add a transfer no statement shows, with a reason; :class:`WrongTransfer` names what is wrong."""
    found = to_change(uow, trace_id)
    parties, fen, moment = _read(uow, found, written)
    row = HandTransfer(id=new_id(), trace_id=found.id, unit_path=found.unit_path)
    row.parties = seal_json(uow.vault, parties, PARTIES.context_of(row.id))
    row.amount_fen, row.time, row.reason = fen, moment, written.reason
    row.maker_id, row.maker_name, row.made_at = _maker(uow), uow.actor.name, uow.now
    uow.session.add(row)
    found.changed = True
    after: dict[str, object] = {"transfer_id": str(row.id), "amount_fen": fen}
    changed(uow, found, "trace.add_transfer", after=after, note=written.reason)
    return found


def withdraw_transfer(uow: Uow, trace_id: UUID, transfer_id: UUID, *, reason: str) -> Trace:
    """Leave a transfer added by hand out of later computations; it stays on record."""
    found = to_change(uow, trace_id)
    rows = store.hand_transfers_of(uow.session, uow.actor.scope, found.id)
    row = next((one for one in rows if one.id == transfer_id and one.withdrawn_at is None), None)
    if row is None:
        raise NotFound
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = uow.now, uow.actor.name, reason
    found.changed = True
    changed(uow, found, "trace.withdraw_transfer", after={"transfer_id": str(row.id)}, note=reason)
    return found


def by_hand(uow: Uow, row: HandTransfer) -> ByHand:
    """Return a transfer added by hand, in clear."""
    data = open_json(uow.vault, row.parties, PARTIES.context_of(row.id))
    payer, payee = tuple(data["payer"]), tuple(data["payee"])
    return ByHand(row.id, payer, payee, row.amount_fen, row.time, row.reason)


def _at(uow: Uow, trace_id: UUID, account: str) -> tuple[Trace, ToldAccount]:
    found = to_change(uow, trace_id)
    return found, account_at(uow, found, account)


def _mark(uow: Uow, found: Trace, account: str, mark: str) -> TraceMark:
    return TraceMark(
        id=new_id(),
        trace_id=found.id,
        unit_path=found.unit_path,
        account=account,
        mark=mark,
        maker_id=_maker(uow),
        maker_name=uow.actor.name,
        made_at=uow.now,
    )


def _choice_data(one: Choice) -> dict[str, Any]:
    return {
        "institution": one.institution,
        "number": one.number,
        "hub": one.hub,
        "delta_minutes": one.delta_minutes,
    }


def _maker(uow: Uow) -> UUID:
    if uow.actor.user_id is None:
        raise Unauthenticated()
    return uow.actor.user_id


def _read(uow: Uow, found: Trace, written: WrittenTransfer) -> tuple[dict[str, Any], int, datetime]:
    faults: list[FieldError] = []
    payer = _party(uow, found, written.payer, "payer", faults)
    payee = _party(uow, found, written.payee, "payee", faults)
    fen = field_of(lambda: parse_fen(written.amount), "amount", faults)
    moment = field_of(lambda: read_moment(written.time, now=uow.now), "time", faults)
    if fen == 0:
        faults.append(FieldError("amount", Text("金额应大于零", "The amount must be more than zero")))
    if payer and payee and payer[:2] == payee[:2]:
        same = Text("付款方与收款方是同一账户", "Payer and payee are the same account")
        faults.append(FieldError("payee.account", same))
    if faults or fen is None or moment is None:
        raise WrongTransfer(fields=faults)
    return {"payer": payer, "payee": payee}, fen, moment


def _party(
    uow: Uow, found: Trace, party: Party, path: str, faults: list[FieldError]
) -> tuple[str, str, str] | None:
    if party.account_id:
        one = account_at(uow, found, party.account_id)
        return one.institution, one.number, one.name
    number = field_of(lambda: parse_account(party.account).message_form, f"{path}.account", faults)
    if number is None:
        return None
    return half_width(party.institution), number, normalise_name(party.name)
