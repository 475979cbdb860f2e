"""Prevents a checkout that only works where it was made: registries' addresses and machine paths in tracked files."""

import re

import pytest

from tests.architecture.source import ROOT, tracked

TRACES = re.compile(
    r"""(?x)
    (?:https?|file)://[^\s"'<>)]*(?:pypi|npmjs|/simple\b|registry|artifactory|nexus)   # a registry
    | "resolved":                                                                    # npm's lock with addresses
    | --(?:index|extra-index|find-links|trusted-host)                                # pip's options for one
    | (?<![\w.~$}/-])/(?:home|work|root|Users|mnt|opt)/[\w.-]+                       # somebody's machine
    """
)
BINARY = {".png", ".ico", ".woff2", ".ttf", ".pdf", ".xlsx", ".gz", ".zip", ".webp", ".jpg", ".parquet"}


def test_tracked_files_name_no_registry_and_no_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {hit.group(0)}"
        for path in tracked()
        if path.suffix not in BINARY and path.resolve() != ROOT / "tests/architecture/test_local_traces.py"
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if (hit := TRACES.search(line))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        '"resolved": "x"',
        "--extra-index-url x",
        "see https://registry.example/simple/x",
        "cd /home/somebody/rongdun",
        'open("/mnt/a")',
    ],
)
def test_a_trace_is_seen(line: str) -> None:
    assert TRACES.search(line)


@pytest.mark.parametrize(
    "line", ["/opt", "src/mnt/a.py", "https://docs.python.org/3/", "$HOME/mnt/x", "/var/lib/x"]
)
def test_what_is_no_trace_is_not(line: str) -> None:
    assert not TRACES.search(line)
