"""The board of orders: which drafts wait for the actor's eyes, and how many orders wait for whom."""

from collections.abc import Sequence

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Order
from rongdun.runtime.uow import Uow

_MOST = 40
"""Drafts one board shows, the most pressing first: each comes with everything sending it would mean."""

_APPROVE = ("freeze.approve_county", "freeze.approve_city")


def to_review(uow: Uow) -> Sequence[Order]:
    """Return what waits for somebody who may what the actor may: drafts, and what was urgent and went first."""
    kinds = [kind for kind, allowed in _kinds(uow).items() if allowed]
    return store.drafts(uow.session, uow.actor.scope, kinds, limit=_MOST)


def counts(uow: Uow) -> dict[str, int]:
    """Return how many orders wait: to be reviewed, to be approved, for a bank; those in force; those to look into."""
    return store.counted(uow.session, uow.actor.scope)


def _kinds(uow: Uow) -> dict[str, bool]:
    reviews = uow.actor.may("order.review")
    approves = any(uow.actor.may(each) for each in _APPROVE)
    return {"stop": reviews, "query": reviews or approves, "freeze": approves}
