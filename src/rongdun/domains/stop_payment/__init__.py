"""Orders to banks: stops, queries and freezes, from the draft to the last answer."""

from rongdun.domains.stop_payment import reveal as reveal
from rongdun.domains.stop_payment.api import router
from rongdun.domains.stop_payment.api_acts import router as acts_router
from rongdun.domains.stop_payment.api_advice import router as advice_router
from rongdun.domains.stop_payment.api_earlier import router as earlier_router
from rongdun.domains.stop_payment.api_papers import router as papers_router
from rongdun.domains.stop_payment.drafting import (
    Draft,
    DraftFrom,
    Target,
    Transfer,
    draft_stops,
    make,
    missing_items,
)
from rongdun.domains.stop_payment.following import adopt, consume, release
from rongdun.domains.stop_payment.held import Held, held_by, held_of
from rongdun.domains.stop_payment.instructing import instructions_for
from rongdun.domains.stop_payment.jobs import JOBS
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.reading import Frozen, OrderSeen, frozen_of, orders_of
from rongdun.domains.stop_payment.receiving import receive
from rongdun.domains.stop_payment.rules import LIFECYCLES
from rongdun.domains.stop_payment.rules_freeze import FREEZE
from rongdun.domains.stop_payment.rules_query import QUERY
from rongdun.domains.stop_payment.rules_stop import STOP
from rongdun.domains.stop_payment.searcher import SEARCHER
from rongdun.domains.stop_payment.sending import send_order
from rongdun.domains.stop_payment.sweeping import case_filed

ROUTERS = (advice_router, papers_router, earlier_router, acts_router, router)
"""Paths of a single word (``review``) stand before those of one order."""

__all__ = [
    "FREEZE",
    "JOBS",
    "LIFECYCLES",
    "QUERY",
    "ROUTERS",
    "SEARCHER",
    "STOP",
    "Draft",
    "DraftFrom",
    "Frozen",
    "Held",
    "Order",
    "OrderSeen",
    "Target",
    "Transfer",
    "adopt",
    "case_filed",
    "consume",
    "draft_stops",
    "frozen_of",
    "held_by",
    "held_of",
    "instructions_for",
    "make",
    "missing_items",
    "orders_of",
    "receive",
    "release",
    "send_order",
]
