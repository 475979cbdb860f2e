"""Orders to banks: stops, queries and freezes, from the draft to the last answer."""

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
from rongdun.domains.stop_payment.instructing import instruction_for
from rongdun.domains.stop_payment.jobs import JOBS
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.reading import Frozen, OrderSeen, frozen_of, orders_of
from rongdun.domains.stop_payment.receiving import receive
from rongdun.domains.stop_payment.rules import LIFECYCLES
from rongdun.domains.stop_payment.sending import send_order
from rongdun.domains.stop_payment.sweeping import case_filed

__all__ = [
    "JOBS",
    "LIFECYCLES",
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
    "instruction_for",
    "make",
    "missing_items",
    "orders_of",
    "receive",
    "release",
    "send_order",
]
