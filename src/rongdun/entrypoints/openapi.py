"""The API's own description: what FastAPI finds, plus how every endpoint refuses."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from rongdun.runtime.problems import MEDIA_TYPE, ProblemOut
from rongdun.runtime.web import PUBLIC

_SCHEMAS = "#/components/schemas/"
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_GENERATED = ("HTTPValidationError", "ValidationError")
"""FastAPI's shapes of a refused body; ours is a problem like every other refusal."""

_REFUSED = {
    "description": "问题说明 / problem details (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}ProblemOut"}}},
}
_SESSION = {"type": "apiKey", "in": "cookie", "name": "rongdun"}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of ``app``; every operation says who may call it and how it refuses."""
    document = FastAPI.openapi(app)
    components = document.setdefault("components", {})
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    schemas |= _problem_shapes()
    for name in _GENERATED:
        schemas.pop(name, None)
    components["securitySchemes"] = {"session": _SESSION}
    for operation in _operations(document):
        operation["responses"].pop("422", None)
        operation["responses"] |= {"4XX": _REFUSED, "5XX": _REFUSED}
        if operation.get("x-permission") != PUBLIC:
            operation["security"] = [{"session": []}]
    return document


def as_text(app: FastAPI) -> str:
    """Return the document of ``app`` as it is kept in ``docs/api``: the same bytes for the same API."""
    return json.dumps(describe(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _problem_shapes() -> dict[str, Any]:
    """Return the shapes of a problem; their names begin with ``Problem``, as no endpoint's shape does."""
    shape = ProblemOut.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    return {**shape.pop("$defs"), "ProblemOut": shape}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for method, operation in path.items() if method in _METHODS)
