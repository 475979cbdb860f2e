"""Money: statements into the ledger, and what it tells of each account."""

from rongdun.domains.tracing import reveal as reveal
from rongdun.domains.tracing.api import router
from rongdun.domains.tracing.api_layouts import router as layouts_router
from rongdun.domains.tracing.api_ledger import router as ledger_router
from rongdun.domains.tracing.jobs import JOBS
from rongdun.domains.tracing.rules import IMPORT
from rongdun.domains.tracing.searcher import SEARCHER

__all__ = ["IMPORT", "JOBS", "SEARCHER", "layouts_router", "ledger_router", "router"]
