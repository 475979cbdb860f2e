"""Return: frozen money paid back to victims, from candidate to the bank's receipt."""

from rongdun.domains.restitution.returns import reveal as reveal
from rongdun.domains.restitution.returns.api import router
from rongdun.domains.restitution.returns.api_claims import router as claims_router
from rongdun.domains.restitution.returns.api_papers import router as papers_router
from rongdun.domains.restitution.returns.jobs import JOBS
from rongdun.domains.restitution.returns.known import ReturnSeen, returns_of
from rongdun.domains.restitution.returns.rules import RETURN
from rongdun.domains.restitution.returns.searcher import SEARCHER

__all__ = [
    "JOBS",
    "RETURN",
    "SEARCHER",
    "ReturnSeen",
    "claims_router",
    "papers_router",
    "returns_of",
    "router",
]
