"""One JSON object a line, from every library, without personal data."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
import structlog

from rongdun.kernel.clock import FixedClock
from rongdun.runtime import logs


@pytest.fixture
def stream() -> Iterator[StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    text = StringIO()
    logs.configure("info", stream=text, clock=FixedClock(datetime(2026, 7, 1, 4, tzinfo=UTC)))
    yield text
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def _lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_what_when_where_and_how_grave(stream: StringIO) -> None:
    logs.get_logger("sweeper").warning("outage", seconds=12.5)
    assert _lines(stream) == [
        {
            "event": "outage",
            "seconds": 12.5,
            "logger": "sweeper",
            "level": "warning",
            "at": "2026-07-01T04:00:00.000Z",
        }
    ]


def test_the_requests_id_is_on_every_line_of_its_work(stream: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logs.get_logger("a").info("one")
    logs.get_logger("a").info("two")
    assert [line.get("request_id") for line in _lines(stream)] == ["r-1", None]


def test_personal_data_does_not_get_through_ours_or_anybody_elses_logger(stream: StringIO) -> None:
    logs.get_logger("a").info("call 13912345678", victim_name="陈一", card="6222021234567890123")
    logging.getLogger("some.library").warning("refused %s", "350102199001011234")
    text = stream.getvalue()
    for secret in ("13912345678", "陈一", "6222021234567890123", "350102199001011234"):
        assert secret not in text
    assert len(_lines(stream)) == 2


def test_a_traceback_is_masked_too(stream: StringIO) -> None:
    try:
        raise ValueError("card 6222021234567890123")
    except ValueError:
        logs.get_logger("a").exception("failed")
    (line,) = _lines(stream)
    assert "ValueError: card <card>" in str(line["exception"])


def test_access_lines_that_would_show_query_strings_are_silenced(stream: StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET /api/search?q=陈一")
    assert stream.getvalue() == ""


def test_an_error_is_described_in_one_masked_line_that_fits_a_column() -> None:
    error = ValueError("phone 13912345678 " + "x" * 500 + "\nsecond line")
    described = logs.describe(error)
    assert described.startswith("ValueError: phone <phone> xxx")
    assert "second" not in described
    assert len(described) == 300
