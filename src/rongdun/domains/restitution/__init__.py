"""Restitution: relief for those whose money is held wrongly, return to those it was taken from."""

from rongdun.domains.restitution.relief import RELIEF
from rongdun.domains.restitution.relief import router as relief_router
from rongdun.domains.restitution.returns import JOBS, RETURN, ReturnSeen, returns_of
from rongdun.domains.restitution.returns import claims_router as return_claims_router
from rongdun.domains.restitution.returns import papers_router as return_papers_router
from rongdun.domains.restitution.returns import router as returns_router

__all__ = [
    "JOBS",
    "RELIEF",
    "RETURN",
    "ReturnSeen",
    "relief_router",
    "return_claims_router",
    "return_papers_router",
    "returns_of",
    "returns_router",
]
