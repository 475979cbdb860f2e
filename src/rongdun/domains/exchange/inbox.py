"""What comes in: stored whole with its hash before it is used, used once, and never lost for a fault of ours."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.exchange import store_inbox as store
from rongdun.domains.exchange.errors import Malformed
from rongdun.domains.exchange.messages import Reply
from rongdun.domains.exchange.model import RAW, InboxMessage, Institution
from rongdun.domains.exchange.rules import INBOX
from rongdun.kernel.errors import DomainError, NotFound, StaleVersion, Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.lifecycle import take
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.loops import wake_on_commit
from rongdun.runtime.tables import Page, TableQuery, run_table
from rongdun.runtime.uow import Uow

_log = get_logger("exchange")

LOOP = "inbox"
"""Name of the loop that works off what could not be used at once, as wakes call it."""

MOST_ATTEMPTS = 8
"""After so many faults of ours a message waits for a person."""

_FAULT = Text("处理出错，将自动重试", "A fault of ours; it is tried again")


_EFFECTS = {
    "unknown": Text("没有对应的指令，已留存备查", "No instruction of ours; kept for the record"),
    "foreign": Text(
        "答复机构不是被要求的机构，已留存备查", "Not the institution that was asked; kept for the record"
    ),
    "contradiction": Text(
        "与先前的反馈矛盾，已提请核实", "Contradicts an earlier answer; somebody looks into it"
    ),
    "late": Text("反馈迟到，已提请核实", "Came too late; somebody looks into it"),
}
"""What a desk may say of a reply that needs words; any other effect speaks for itself on the order."""


class Desk(NamedTuple):
    """What a message needs to be used: how its bytes are read, and who takes the reply and says what it did."""

    read: Callable[[bytes], Reply]
    receive: Callable[[Uow, Reply], str]


class Receipt(NamedTuple):
    """What became of a message: ``again``, it was known; ``contradicts``, its serial was, with other content."""

    row: InboxMessage
    again: bool = False
    contradicts: bool = False


def take_in(uow: Uow, sender: Institution, raw: bytes, *, proof: str, desk: Desk) -> Receipt:
    """Store what ``sender`` sent and use it; the same message again changes nothing.

    A message that cannot be read, or that the desk refuses, is kept with the reason. A fault of ours leaves it
    ``received`` for the worker. A known serial with other content is kept beside the first, and the desk is told.
    """
    digest = hashlib.sha256(raw).hexdigest()
    reply, fault = _read(desk, sender, raw)
    message_id = reply.message_id if reply else f"sha256:{digest}"
    row = _store(uow, sender, raw, digest=digest, message_id=message_id, proof=proof)
    known = _known(uow, sender, message_id) if row is None else None
    if known is not None and known.sha256 != digest:
        row = _store(uow, sender, raw, digest=digest, message_id=f"{message_id}#{digest[:12]}", proof=proof)
    if row is None:
        assert known is not None
        return Receipt(known, again=True)
    if reply is None:
        _refuse(uow, row, fault)
    else:
        _describe(row, reply)
        _use(uow, row, reply, desk)
    uow.publish("inbox", row.reference, row.unit_path)
    return Receipt(row, contradicts=known is not None)


def work_off(uow: Uow, desk_of: Callable[[Uow, str], Desk | None], *, limit: int) -> int:
    """Use messages that a fault had left; return how many were looked at. ``desk_of`` takes institution codes."""
    rows = store.waiting(uow.session, uow.actor.scope, limit=limit, most_attempts=MOST_ATTEMPTS)
    for row in rows:
        desk = desk_of(uow, row.institution)
        if desk is not None:
            _again(uow, row, desk)
    return len(rows)


def raw_of(uow: Uow, row: InboxMessage) -> bytes:
    """Return what came, byte for byte."""
    return uow.vault.open(row.raw, RAW.context_of(row.id)).encode("latin-1")


def search_inbox(uow: Uow, query: TableQuery) -> "Page[InboxMessage]":
    """Return the page of messages ``query`` asks for, inside the actor's scope."""
    return run_table(uow.session, store.inbox_in(uow.actor.scope), store.TABLE, query)


def retake(uow: Uow, message_id: UUID, *, version: int, reason: str) -> InboxMessage:
    """Let a message be used once more, as it was seen in ``version``; the worker does it at once."""
    row = store.lock_message(uow.session, uow.actor.scope, message_id)
    if row is None:
        raise NotFound
    if row.version != version:
        raise StaleVersion.between(current={"state": row.state}, yours={}, version=row.version)
    take(INBOX, state=row.state, action="retake", actor=uow.actor, facts={}, now=uow.now, reason=reason)
    before = {"state": row.state}
    row.state, row.settled_at, row.attempts = "received", None, 0
    row.version += 1
    uow.record("inbox.retake", row.reference, unit_path=row.unit_path, before=before, note=reason)
    wake_on_commit(uow.session, LOOP)
    return row


def _read(desk: Desk, sender: Institution, raw: bytes) -> tuple[Reply | None, Text]:
    try:
        reply = desk.read(raw)
    except DomainError as error:
        return None, error.message
    if reply.institution != sender.code:
        return None, Text(
            "报文机构与签名机构不符", "It names another institution than the one that signed it"
        )
    return reply, Text("", "")


def _store(
    uow: Uow, sender: Institution, raw: bytes, *, digest: str, message_id: str, proof: str
) -> InboxMessage | None:
    identity = new_id()
    values = {
        "id": identity,
        "institution": sender.code,
        "unit_path": sender.unit_path,
        "message_id": message_id,
        "received_at": uow.now,
        "size": len(raw),
        "sha256": digest,
        # Bytes as text one to one: what came need not be UTF-8.
        "raw": uow.vault.seal(raw.decode("latin-1"), RAW.context_of(identity)),
        "proof": proof,
    }
    return store.insert_message(uow.session, values)


def _known(uow: Uow, sender: Institution, message_id: str) -> InboxMessage:
    row = store.count_copy(uow.session, uow.actor.scope, sender.code, message_id)
    if row is None:
        raise NotFound
    return row


def _describe(row: InboxMessage, reply: Reply) -> None:
    row.application_id = reply.application_id
    row.kind = reply.kind.value
    row.outcome = reply.outcome.value
    row.held_fen = reply.held_fen


def _use(uow: Uow, row: InboxMessage, reply: Reply, desk: Desk) -> None:
    row.attempts += 1
    try:
        with uow.tried():
            effect = desk.receive(uow, reply)
    except DomainError as error:
        _refuse(uow, row, error.message)
    except Exception as error:  # noqa: BLE001 - the message is safe here; the worker tries again
        row.reason_zh, row.reason_en = _FAULT.zh, f"{_FAULT.en}: {describe(error)}"
        _log.error("reply_not_used", inbox_id=str(row.id), error=describe(error))
    else:
        row.state, row.settled_at = "taken", uow.now
        row.reason_zh, row.reason_en = _EFFECTS.get(effect, Text("", ""))


def _refuse(uow: Uow, row: InboxMessage, why: Text) -> None:
    row.state, row.settled_at = "refused", uow.now
    row.reason_zh, row.reason_en = why
    uow.record(
        "inbox.refuse", row.reference, unit_path=row.unit_path, after={"state": "refused"}, note=why.zh
    )


def _again(uow: Uow, row: InboxMessage, desk: Desk) -> None:
    try:
        reply = desk.read(raw_of(uow, row))
    except Malformed as error:
        _refuse(uow, row, error.message)
        return
    _describe(row, reply)
    _use(uow, row, reply, desk)
    row.version += 1
    uow.publish("inbox", row.reference, row.unit_path)
