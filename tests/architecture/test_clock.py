"""Prevents deadlines nobody can test: time read behind the clock's back, in whatever zone the machine has."""

import ast

import pytest

from tests.architecture.source import Module, modules

CLOCK = "kernel/clock.py"
ORDER_ONLY = {"kernel/ids.py"}
"""UUIDv7 carries the moment it was made, for order on disk; nobody reads it back."""

READS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.monotonic", "time.monotonic_ns", "time.localtime", "time.gmtime",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today",
}  # fmt: skip


def test_time_is_read_in_the_kernels_clock_alone() -> None:
    read = {module.path: _read(module) for module in modules() if _read(module)}
    assert read.pop(CLOCK)
    assert [path for path in ORDER_ONLY if not read.pop(path, None)] == []
    assert read == {}


@pytest.mark.parametrize(
    "code",
    ["datetime.now(UTC)", "date.today()", "time.time()", "from time import monotonic", "datetime.utcnow()"],
)
def test_a_reading_of_the_time_is_seen(code: str) -> None:
    assert _read(Module("domains/x/service.py", ast.parse(code)))


def _read(module: Module) -> list[str]:
    called = [module.at(call) for call in module.calls() if ast.unparse(call.func) in READS]
    taken = [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if f"time.{alias.name}" in READS
    ]
    return called + taken
