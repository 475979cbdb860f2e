"""Errors as problem details (RFC 9457), in both languages, with what to do next."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import OperationalError as DriverError
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from rongdun.kernel.errors import (
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    Text,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"


class ProblemText(BaseModel):
    """A sentence in both languages."""

    zh: str
    en: str


class ProblemField(BaseModel):
    """What is wrong with one field of what was sent."""

    path: str
    message: ProblemText


class ProblemRule(BaseModel):
    """The rule a refusal rests on."""

    key: str
    text: ProblemText
    legal_basis: str


class ProblemOut(BaseModel):
    """Problem details (RFC 9457) with the product's extension: both languages, what to do, which fields."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message: ProblemText
    action: ProblemText
    fields: list[ProblemField] = []
    rule: ProblemRule | None = None
    extra: dict[str, Any] | None = None


_FIELD_TEXTS = {
    "missing": Text("必填", "Required"),
    "string_too_short": Text("太短", "Too short"),
    "string_too_long": Text("太长", "Too long"),
    "extra_forbidden": Text("没有这一项", "There is no such field"),
    "uuid_parsing": Text("编号格式不对", "Not a valid identifier"),
    "json_invalid": Text("内容不是有效的 JSON", "The body is not valid JSON"),
}


class MethodNotAllowed(DomainError):
    """The address exists, but not for this method."""

    status = 405
    code = "method_not_allowed"
    message = Text("该地址不支持这种操作", "This address does not support that method")
    action = Text("请核对接口文档", "See the API documentation")


class Fault(DomainError):
    """A fault of the product itself; the log has the rest under the same request id."""

    code = "fault"
    message = Text("系统内部出错，已记入日志", "A fault inside the system; it is in the log")
    action = Text(
        "已填写的内容会保留；请重试，仍不行请把请求编号告诉管理员",
        "What you entered is kept; try again, and give the request id to the administrator if it persists",
    )


class TooLarge(DomainError):
    """The request is larger than the centre accepts."""

    status = 413
    code = "too_large"
    message = Text("提交的内容过大", "The request is too large")
    action = Text("请拆分后再提交", "Split it and submit again")


def body_of(error: DomainError) -> dict[str, Any]:
    """Return the problem-details body of ``error``."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.message.zh,
        "status": error.status,
        "detail": f"{error.message.zh}。{error.action.zh}",
        "code": error.code,
        "message": _both(error.message),
        "action": _both(error.action),
        "fields": [{"path": item.path, "message": _both(item.message)} for item in error.fields],
    }
    if error.rule:
        body["rule"] = {
            "key": error.rule.key,
            "text": _both(error.rule.text),
            "legal_basis": error.rule.legal_basis,
        }
    if error.extra:
        body["extra"] = error.extra
    return body


def render(error: DomainError) -> JSONResponse:
    """Return the HTTP answer for ``error``."""
    return JSONResponse(body_of(error), status_code=error.status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error as problem details."""
    app.add_exception_handler(DomainError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(DriverError, _on_database)
    app.add_exception_handler(PoolTimeout, _on_database)
    app.add_exception_handler(Exception, _on_fault)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _on_domain_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)
    return render(error)


def _on_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return render(Invalid(fields=[_field(item) for item in error.errors()]))


def _field(item: dict[str, Any]) -> FieldError:
    path = ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0])
    known = _FIELD_TEXTS.get(item["type"])
    return FieldError(path, known or Text(f"格式或取值不对（{item['msg']}）", item["msg"]))


def _on_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kinds: dict[int, type[DomainError]] = {
        403: Forbidden,
        404: NotFound,
        405: MethodNotAllowed,
        413: TooLarge,
    }
    kind = kinds.get(error.status_code, Invalid)
    answer = render(kind())
    if error.headers:
        answer.headers.update(error.headers)
    return answer


def _on_database(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, DBAPIError) and not isinstance(error, OperationalError):
        raise error
    return render(Unavailable())


def _on_fault(_request: Request, _error: Exception) -> JSONResponse:
    # Starlette raises it again after the answer is sent, so that it reaches the log with its origin.
    return render(Fault())
