"""How the one search finds orders: by number, or by the account's whole number."""

from collections.abc import Sequence

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import ACCOUNT_KEY, Order
from rongdun.domains.stop_payment.rules import KINDS, state_name
from rongdun.kernel.account import parse_account
from rongdun.kernel.errors import DomainError, Text
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return the newest orders whose number begins with ``q`` or whose account has that whole number."""
    found = store.orders_like(uow.session, uow.actor.scope, q.strip().upper(), _key(uow, q), limit)
    return [_hit(order) for order in found]


def _key(uow: Uow, q: str) -> bytes | None:
    try:
        return uow.vault.blind(parse_account(q).message_form, ACCOUNT_KEY)
    except DomainError:
        return None


def _hit(order: Order) -> Hit:
    kind, state = KINDS[order.kind], state_name(order.kind, order.state)
    return Hit(
        id=str(order.id),
        label=Text(f"{kind.zh} {order.number}", f"{kind.en} {order.number}"),
        sub=Text(f"{order.institution_name} · {state.zh}", f"{order.institution_name} · {state.en}"),
        route=f"/orders/{order.id}",
    )


SEARCHER = register_searcher(Searcher(kind="order", permission="order.read", order=12, find=find))
