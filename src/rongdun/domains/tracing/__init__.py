"""Money: statements into the ledger, and what it tells of each account."""

from rongdun.domains.tracing import reveal as reveal
from rongdun.domains.tracing.accounts import account_address
from rongdun.domains.tracing.api import router
from rongdun.domains.tracing.api_layouts import router as layouts_router
from rongdun.domains.tracing.api_ledger import router as ledger_router
from rongdun.domains.tracing.behalf import (
    Begun,
    begin_trace,
    for_unit,
    give_to_case,
    import_content,
    import_state,
    recompute,
    traces_for,
)
from rongdun.domains.tracing.jobs import JOBS as IMPORT_JOBS
from rongdun.domains.tracing.rules import IMPORT
from rongdun.domains.tracing.searcher import SEARCHER
from rongdun.domains.tracing.traces import JOBS as TRACE_JOBS
from rongdun.domains.tracing.traces import TRACE, AccountEvidence, evidence_of
from rongdun.domains.tracing.traces import accounts_router as trace_accounts_router
from rongdun.domains.tracing.traces import exports_router as trace_exports_router
from rongdun.domains.tracing.traces import router as traces_router
from rongdun.domains.tracing.traces.arrivals import Arrived, arrivals_of
from rongdun.domains.tracing.traces.errors import WrongSeeds
from rongdun.domains.tracing.traces.knowing import TraceKnown, known_in
from rongdun.domains.tracing.traces.lessons import Found, Lesson, lesson_of
from rongdun.domains.tracing.traces.seeds import Written
from rongdun.domains.tracing.traces.service import Belongs
from rongdun.domains.tracing.traces.touching import TraceTouching, traces_touching

JOBS = (*IMPORT_JOBS, *TRACE_JOBS)

__all__ = [
    "IMPORT",
    "JOBS",
    "SEARCHER",
    "TRACE",
    "AccountEvidence",
    "Arrived",
    "Begun",
    "Belongs",
    "Found",
    "Lesson",
    "TraceKnown",
    "TraceTouching",
    "Written",
    "WrongSeeds",
    "account_address",
    "arrivals_of",
    "begin_trace",
    "evidence_of",
    "for_unit",
    "give_to_case",
    "import_content",
    "import_state",
    "known_in",
    "layouts_router",
    "ledger_router",
    "lesson_of",
    "recompute",
    "router",
    "trace_accounts_router",
    "trace_exports_router",
    "traces_for",
    "traces_router",
    "traces_touching",
]
