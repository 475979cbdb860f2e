"""The exchange with partners: messages on their way out, and those that could not be delivered."""

from rongdun.domains.exchange.api import router
from rongdun.domains.exchange.rules import MESSAGE

__all__ = ["MESSAGE", "router"]
