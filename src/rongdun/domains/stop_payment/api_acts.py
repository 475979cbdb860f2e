"""The endpoints that move orders: reviewing, sending, extending, lifting, answering by form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rongdun.domains.stop_payment import finding, following, sending
from rongdun.domains.stop_payment.answering import answer
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.schemas import (
    ActIn,
    Action,
    AnswerIn,
    OrderDetailOut,
    ReviewIn,
    SentOut,
)
from rongdun.domains.stop_payment.sending import Chosen
from rongdun.domains.stop_payment.views import detail_out, order_out, refused_out
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/orders", tags=["stop_payment"])


@router.post("/review", permission="order.review", response_model=SentOut)
def review_orders(uow: UowDep, body: ReviewIn) -> Any:
    """审核并发出 / Review and send several orders in one act; each that a rule refuses says why."""
    done, refused = sending.review_and_send(uow, [Chosen(one.id, one.version) for one in body.orders])
    return SentOut(done=[order_out(uow, one) for one in done], refused=[refused_out(one) for one in refused])


@router.post("/{order_id}/answer", permission="order.answer", response_model=OrderDetailOut)
def answer_order(uow: UowDep, order_id: UUID, body: AnswerIn) -> Any:
    """银行反馈 / A bank's answer by form."""
    return detail_out(uow, answer(uow, finding.find(uow, order_id), body))


@router.post("/{order_id}/{action}", permission="order.read", response_model=OrderDetailOut)
def act_on_order(uow: UowDep, order_id: UUID, action: Action, body: ActIn) -> Any:
    """办理一步 / Take a step; its own table says who may, and names the rule where it is refused."""
    return detail_out(uow, _ACTS[action](uow, order_id, body))


_Act = Callable[[Uow, UUID, ActIn], Order]

_ACTS: dict[str, _Act] = {
    "review": lambda uow, order, body: sending.review(uow, order, version=body.version, note=body.reason),
    "return": lambda uow, order, body: sending.send_back(
        uow, order, version=body.version, reason=body.reason
    ),
    "send": lambda uow, order, body: sending.send_order(uow, order, version=body.version),
    "countersign": lambda uow, order, body: sending.countersign(
        uow, order, version=body.version, note=body.reason
    ),
    "withdraw": lambda uow, order, body: sending.withdraw(
        uow, order, version=body.version, reason=body.reason
    ),
    "override": lambda uow, order, body: sending.override(
        uow, order, version=body.version, reason=body.reason
    ),
    "resend": lambda uow, order, body: sending.resend(uow, order, version=body.version),
    "extend": lambda uow, order, body: following.extend(uow, order, version=body.version, note=body.reason),
    "lift": lambda uow, order, body: following.lift(uow, order, version=body.version, reason=body.reason),
    "approve_county": lambda uow, order, body: sending.approve(
        uow, order, level="county", version=body.version, note=body.reason
    ),
    "approve_city": lambda uow, order, body: sending.approve(
        uow, order, level="city", version=body.version, note=body.reason
    ),
    "renew_county": lambda uow, order, body: following.renew(
        uow, order, level="county", months=body.months or 6, version=body.version, note=body.reason
    ),
    "renew_city": lambda uow, order, body: following.renew(
        uow, order, level="city", months=body.months or 12, version=body.version, note=body.reason
    ),
    "unrelated": lambda uow, order, body: following.unrelated(
        uow, order, version=body.version, reason=body.reason
    ),
    "end_watch": lambda uow, order, body: following.end_watch(uow, order, version=body.version),
    "look_into": lambda uow, order, body: following.look_into(
        uow, order, version=body.version, reason=body.reason
    ),
}
