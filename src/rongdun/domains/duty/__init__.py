"""The duty desk: the board of everything that is about to expire, and acting on it."""

from rongdun.domains.duty.api import router
from rongdun.domains.duty.rules import DEADLINE
from rongdun.domains.duty.searcher import SEARCHER

__all__ = ["DEADLINE", "SEARCHER", "router"]
