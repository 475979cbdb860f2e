"""What machines ask of a web process: is it alive, is the centre fit to work, and its figures."""

from ipaddress import ip_address

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from rongdun.kernel.errors import NotFound
from rongdun.runtime.health import readiness
from rongdun.runtime.metrics import exposition
from rongdun.runtime.uow import Services
from rongdun.runtime.web import PUBLIC, Router

router = Router(tags=["health"])


@router.get("/health/live", permission=PUBLIC, include_in_schema=False)
def live() -> dict[str, str]:
    """存活 / The process answers; nothing else is looked at."""
    return {"state": "good"}


@router.get("/health/ready", permission=PUBLIC, include_in_schema=False)
def ready(request: Request) -> JSONResponse:
    """就绪 / Database, schema, worker, clocks and disk, check by check; 503 when not fit to serve."""
    services = _services(request)
    report = readiness(services.database, services.clock, services.settings.data_dir)
    return JSONResponse(report.as_json(), status_code=report.status)


@router.get("/metrics", permission=PUBLIC, include_in_schema=False, response_class=Response)
def metrics(request: Request) -> Response:
    """指标 / Figures for Prometheus, to callers on this machine only."""
    if not _is_local(request):
        raise NotFound()
    services = _services(request)
    return Response(exposition(services.database, services.clock), media_type=CONTENT_TYPE_LATEST)


def _services(request: Request) -> Services:
    services: Services = request.app.state.gate.services
    return services


def _is_local(request: Request) -> bool:
    """Tell whether the caller sits on this machine; behind a proxy the forwarded address counts."""
    try:
        return ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
