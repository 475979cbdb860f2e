"""Logs: one JSON object a line, with the request's id, and without personal data.

Everything that writes a log line passes through here, also libraries that use :mod:`logging`, so the
masking cannot be gone around.
"""

import json
import logging
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from rongdun.kernel.clock import Clock, SystemClock
from rongdun.runtime.masking import HIDDEN, is_sensitive, mask_text, mask_value

_QUIET = {"uvicorn.access": logging.CRITICAL, "procrastinate": logging.WARNING, "httpx": logging.WARNING}
"""Libraries whose ordinary lines are noise; uvicorn's access lines would also show query strings."""


def configure(level: str = "info", *, stream: TextIO | None = None, clock: Clock | None = None) -> None:
    """Send every log line of this process to ``stream`` (default: standard error) as masked JSON.

    ``level`` is ``debug``, ``info``, ``warning`` or ``error``.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _stamper(clock or SystemClock()),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _route_standard_logging(level, shared, stream or sys.stderr)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of the part called ``name``; say what happened in a word, and facts as keys."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def mask_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace personal data in a log line: by key, and by shape anywhere in its values."""
    return {key: HIDDEN if is_sensitive(key) else mask_value(value) for key, value in event.items()}


def describe(error: BaseException) -> str:
    """Return the kind and masked message of ``error``, at most 300 characters, fit to be stored."""
    message = mask_text(str(error)).splitlines()
    return f"{type(error).__name__}: {message[0] if message else ''}"[:300]


def _stamper(clock: Clock) -> Callable[[WrappedLogger, str, EventDict], EventDict]:
    def stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["at"] = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    return stamp


def _route_standard_logging(level: str, shared: list[Processor], stream: TextIO) -> None:
    to_json: Callable[..., Any] = partial(json.dumps, ensure_ascii=False, default=str)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask_event,
                structlog.processors.JSONRenderer(serializer=to_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, quiet_level in _QUIET.items():
        logging.getLogger(name).setLevel(quiet_level)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
