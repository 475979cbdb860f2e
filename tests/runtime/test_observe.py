"""Requests: an id for each, a time for each, and no trace of what was asked for."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from rongdun.runtime import logs
from rongdun.runtime.metrics import REQUEST_SECONDS
from rongdun.runtime.observe import Observe


@pytest.fixture
def lines() -> Iterator[StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    text = StringIO()
    logs.configure("info", stream=text)
    yield text
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def client() -> Iterator[TestClient]:
    app, router = FastAPI(), APIRouter(prefix="/api/people")

    @router.get("/{number}")
    def read(number: str) -> str:
        logs.get_logger("people").info("read")
        if number == "boom":
            raise ValueError("call 13912345678")
        return "ok"

    app.include_router(router)
    app.add_middleware(Observe)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def _count(route: str, status: str) -> float:
    return sum(
        sample.value
        for family in REQUEST_SECONDS.collect()
        for sample in family.samples
        if sample.name.endswith("_count")
        and (sample.labels["route"], sample.labels["status"]) == (route, status)
    )


def test_a_request_is_counted_by_template_and_its_address_appears_nowhere(
    client: TestClient, lines: StringIO
) -> None:
    before = _count("/api/people/{number}", "200")
    client.get("/api/people/13912345678", params={"q": "陈一"})
    assert _count("/api/people/{number}", "200") == before + 1
    assert "13912345678" not in lines.getvalue()
    assert "陈一" not in lines.getvalue()


def test_every_line_of_a_request_carries_its_id_and_so_does_the_answer(
    client: TestClient, lines: StringIO
) -> None:
    answer = client.get("/api/people/1")
    request_id = answer.headers["x-request-id"]
    mine = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {line["request_id"] for line in mine if line["logger"] in ("people", "http")} == {request_id}


@pytest.mark.parametrize(
    ("sent", "kept"), [("trace-0001", True), ("short", False), ("a" * 65, False), ("a b c d e f", False)]
)
def test_a_callers_id_is_kept_when_it_looks_like_one(sent: str, kept: bool, client: TestClient) -> None:
    answer = client.get("/api/people/1", headers={"X-Request-ID": sent})
    assert (answer.headers["x-request-id"] == sent) is kept


def test_addresses_that_do_not_exist_share_one_label(client: TestClient) -> None:
    before = _count("unmatched", "404")
    for path in ("/wp-admin", "/.env"):
        client.get(path)
    assert _count("unmatched", "404") == before + 2


def test_a_request_that_breaks_is_counted_as_an_error(client: TestClient, lines: StringIO) -> None:
    before = _count("/api/people/{number}", "500")
    client.get("/api/people/boom")
    assert _count("/api/people/{number}", "500") == before + 1
