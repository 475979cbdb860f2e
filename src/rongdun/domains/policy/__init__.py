"""The rule table on screen: changes by maker and checker, never in place."""

from rongdun.domains.policy.api import router
from rongdun.domains.policy.rules import CHANGE
from rongdun.domains.policy.searcher import SEARCHER

__all__ = ["CHANGE", "SEARCHER", "router"]
