"""HTTP glue: routes that must declare a permission, and the transaction each request runs in."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Depends, Request

from rongdun.kernel.errors import Forbidden, Text, Unauthenticated
from rongdun.kernel.scope import Actor
from rongdun.runtime.uow import Transact, Uow

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

PUBLIC = "public"
"""Anybody may call it, signed in or not."""

SIGNED_IN = "signed_in"
"""Anybody who is signed in may call it."""


class Authenticator(Protocol):
    """Finds out who is calling; raises when a forged or expired credential must be refused."""

    def __call__(self, request: Request, uow: Uow) -> Actor:
        """Return the actor behind ``request``, or ``NOBODY``."""
        ...


class Gate(Protocol):
    """What the application hangs on ``app.state.gate``."""

    transact: Transact
    authenticate: Authenticator


def get_uow(request: Request) -> Iterator[Uow]:
    """Open the request's transaction as whoever is calling; it commits before the answer is sent."""
    gate: Gate = request.app.state.gate
    with gate.transact() as uow:
        uow.act_as(gate.authenticate(request, uow))
        yield uow


UowDep = Annotated[Uow, Depends(get_uow, scope="function")]
"""The request's unit of work."""


def _require(permission: str) -> Callable[..., None]:
    def check(uow: UowDep) -> None:
        if uow.actor.user_id is None:
            raise Unauthenticated()
        if permission != SIGNED_IN and not uow.actor.may(permission):
            raise Forbidden(
                action=Text(
                    f"需要权限“{permission}”；如工作需要，请联系本单位管理员",
                    f"This needs the permission {permission!r}; ask your unit's administrator",
                ),
                extra={"permission": permission},
            )

    return check


class Router(APIRouter):
    """A router on which no route can stand without saying who may call it."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Register a route; ``openapi_extra['x-permission']`` must have been declared."""
        extra = options.get("openapi_extra") or {}
        if not extra.get("x-permission"):
            raise TypeError(f"{path}: declare permission= for this route")
        super().add_api_route(path, endpoint, **options)

    def _declare(
        self, method: str, path: str, permission: str, options: dict[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        extra = {
            **(options.pop("openapi_extra", None) or {}),
            "x-permission": permission,
        }
        dependencies = list(options.pop("dependencies", None) or [])
        if permission != PUBLIC:
            dependencies.insert(0, Depends(_require(permission), scope="function"))
        return self.api_route(
            path,
            methods=[method],
            openapi_extra=extra,
            dependencies=dependencies,
            **options,
        )

    def get(self, path: str, *, permission: str, **options: Any) -> Callable[[Endpoint], Endpoint]:  # type: ignore[override]
        """Declare a GET route that ``permission`` opens."""
        return self._declare("GET", path, permission, options)

    def post(self, path: str, *, permission: str, **options: Any) -> Callable[[Endpoint], Endpoint]:  # type: ignore[override]
        """Declare a POST route that ``permission`` opens."""
        return self._declare("POST", path, permission, options)

    def put(self, path: str, *, permission: str, **options: Any) -> Callable[[Endpoint], Endpoint]:  # type: ignore[override]
        """Declare a PUT route that ``permission`` opens."""
        return self._declare("PUT", path, permission, options)

    def patch(self, path: str, *, permission: str, **options: Any) -> Callable[[Endpoint], Endpoint]:  # type: ignore[override]
        """Declare a PATCH route that ``permission`` opens."""
        return self._declare("PATCH", path, permission, options)

    def delete(self, path: str, *, permission: str, **options: Any) -> Callable[[Endpoint], Endpoint]:  # type: ignore[override]
        """Declare a DELETE route that ``permission`` opens."""
        return self._declare("DELETE", path, permission, options)
