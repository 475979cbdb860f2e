"""Traces: where each victim's money went, kept by a unit, with what officers found added by hand."""

from rongdun.domains.tracing.traces import reveal as reveal
from rongdun.domains.tracing.traces.api import router
from rongdun.domains.tracing.traces.api_accounts import router as accounts_router
from rongdun.domains.tracing.traces.api_exports import router as exports_router
from rongdun.domains.tracing.traces.evidence import AccountEvidence, evidence_of
from rongdun.domains.tracing.traces.jobs import JOBS
from rongdun.domains.tracing.traces.rules import TRACE
from rongdun.domains.tracing.traces.touching import TraceTouching, traces_touching

__all__ = [
    "JOBS",
    "TRACE",
    "AccountEvidence",
    "TraceTouching",
    "accounts_router",
    "evidence_of",
    "exports_router",
    "router",
    "traces_touching",
]
