"""Every router of the product, in the order its documentation shows them."""

from fastapi import APIRouter

from rongdun.adapters import banks
from rongdun.domains import (
    cases,
    desk,
    duty,
    exchange,
    intake,
    oversight,
    people,
    policy,
    restitution,
    stop_payment,
    tracing,
)
from rongdun.entrypoints import health_api
from rongdun.simulation import whatif
from rongdun.simulation.drill import api as drill

ROUTERS: tuple[APIRouter, ...] = (
    people.auth_router,
    people.router,
    desk.router,
    duty.router,
    intake.router,
    cases.router,
    *stop_payment.ROUTERS,
    tracing.router,
    tracing.layouts_router,
    tracing.ledger_router,
    tracing.traces_router,
    tracing.trace_accounts_router,
    tracing.trace_exports_router,
    restitution.relief_router,
    restitution.returns_router,
    restitution.return_claims_router,
    restitution.return_papers_router,
    policy.router,
    oversight.router,
    exchange.router,
    exchange.partners_router,
    banks.router,
    drill.router,
    whatif.router,
    health_api.router,
)
