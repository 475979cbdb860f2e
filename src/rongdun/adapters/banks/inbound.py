"""Where institutions deliver: the signature is checked at the door, then the message is stored, read and used."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import Depends, Request, Response

from rongdun.adapters.banks.books import their_lines
from rongdun.adapters.banks.dialects import Dialect, dialect_named
from rongdun.adapters.banks.orders import Orders, the_orders
from rongdun.adapters.banks.signing import fault_of, proof_of, verifier_of
from rongdun.adapters.banks.wire import Acknowledged
from rongdun.adapters.banks.xml import MOST_BYTES
from rongdun.domains import exchange
from rongdun.domains.exchange import (
    Desk,
    Institution,
    MessageTooLarge,
    Receipt,
    ReconcileIn,
    ReconciliationOut,
    Turned,
)
from rongdun.kernel.errors import NotFound, Text
from rongdun.kernel.scope import SYSTEM
from rongdun.runtime.logs import get_logger
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import PUBLIC, Router, UowDep

_log = get_logger("exchange")

router = Router(prefix="/api/exchange", tags=["exchange"])

OrdersDep = Annotated[Orders, Depends(the_orders)]


async def _whole(request: Request) -> bytes:
    return await request.body()


@router.post(
    "/inbound/{code}",
    permission=PUBLIC,
    response_class=Response,
    openapi_extra={"requestBody": {"content": {"application/xml": {"schema": {"type": "string"}}}}},
)
def receive_message(
    request: Request, uow: UowDep, code: str, body: Annotated[bytes, Depends(_whole)], orders: OrdersDep
) -> Response:
    """接收机构报文 / Take a signed message of an institution; the same message again has no second effect."""
    sender = exchange.institution(uow, code)
    if sender is None or not sender.active:
        raise NotFound
    uow.act_as(SYSTEM)
    if len(body) > MOST_BYTES:
        raise MessageTooLarge()
    _check(uow, sender, request.headers, request.url.path, body)
    dialect = dialect_of(uow, sender)
    desk = desk_of(uow, sender, orders)
    receipt = exchange.take_in(uow, sender, body, proof=proof_of(request.headers), desk=desk)
    return Response(dialect.write_ack(ack_of(receipt)), media_type="application/xml")


@router.post("/reconciliations", permission="outbox.act")
def reconcile_day(uow: UowDep, body: ReconcileIn) -> ReconciliationOut:
    """对账 / Ask an institution for its book of a day, compare it with ours, and keep what differs."""
    actor, settings = uow.actor, uow.settings
    sender = exchange.institution(uow, body.institution)
    if sender is None:
        raise NotFound
    now = uow.now
    uow.release()  # the institution may take seconds
    theirs = their_lines(settings, sender, body.day, now)
    uow.act_as(actor)
    row = exchange.reconcile(uow, sender, body.day, theirs)
    uow.session.flush()
    return ReconciliationOut.model_validate(row, from_attributes=True)


def desk_of(uow: Uow, sender: Institution, orders: Orders) -> Desk:
    """Return how messages of ``sender`` are read and who takes the replies."""
    read = partial(dialect_of(uow, sender).read_reply, received_at=uow.now)
    return Desk(read=read, receive=orders.receive)


def dialect_of(uow: Uow, sender: Institution) -> Dialect:
    """Return the wire profile an institution is spoken to in."""
    return dialect_named(sender.profile, uow.settings.data_dir / "profiles")


def ack_of(receipt: Receipt) -> Acknowledged:
    """Return what the institution is answered: taken, known already, or what is wrong."""
    row = receipt.row
    if receipt.again:
        return Acknowledged("200003", "重复报文", row.message_id)
    if receipt.contradicts or (row.state == "refused" and not row.application_id):
        return Acknowledged("200001", row.reason_zh[:200] or "流水号重复而内容不同", row.message_id)
    return Acknowledged("100000", "成功", row.message_id)


def _check(uow: Uow, sender: Institution, headers: Mapping[str, str], path: str, body: bytes) -> None:
    verifier = verifier_of(sender.public_key)
    fault = (
        Text("没有登记公钥", "its public key is not known here")
        if verifier is None
        else fault_of(verifier, headers, "POST", path, body, uow.now)
    )
    if fault is not None:
        exchange.turn_away(uow, sender, fault)
        raise Turned(Text(f"报文未通过身份核验：{fault.zh}", f"The message is not authentic: {fault.en}"))
