"""Runs every test: Python's on two workers, those against the clock with nothing beside them, browsers, the pages'.

``python scripts/run_tests.py [arguments for pytest]``. With ``CI=true`` a browser test that was skipped is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import node
from say import Stopped, say, stop
from steps import ROOT, STAMPS

ALONE = (
    "tests/entrypoints/test_up.py",
    "tests/entrypoints/test_worker.py",
    "tests/runtime/localpg/test_killed.py",
)
"""Tests of whole centres against the clock: they get the machine for themselves."""

JOURNEYS = "tests/journeys"
"""Browser tests: a centre and a browser for each of two workers, file by file."""

NOTHING_SELECTED = 5
"""What pytest answers when none of a group was asked for (``-k``)."""

BROWSER = "tests.journeys"
"""Where browser tests stand; they need Chromium."""


def main(arguments: list[str]) -> int:
    """Run the groups, each whatever became of the others; return 0 when all passed."""
    ignored = [f"--ignore={path}" for path in (*ALONE, JOURNEYS)]
    codes = {
        "parallel": _pytest("parallel", ["-n", "2", "--dist", "worksteal", *ignored], arguments),
        "alone": _pytest("alone", ALONE, arguments),
        "journeys": _pytest("journeys", [JOURNEYS, "-n", "2", "--dist", "loadfile"], arguments),
    }
    say("网页测试", "tests of the web pages")
    codes["web"] = node.main("web", "test")
    skipped = _skipped_browser_tests() if os.environ.get("CI") == "true" else []
    for name in skipped:
        say(f"浏览器测试被跳过:{name}", f"a browser test was skipped: {name}")
    failed = [name for name, code in codes.items() if code]
    if failed or skipped:
        say(f"测试未通过:{'、'.join(failed) or 'skipped'}", f"tests failed: {', '.join(failed) or 'skipped'}")
        return 1
    say("全部测试通过", "every test passed")
    return 0


def _pytest(group: str, own: Sequence[str], asked: Sequence[str]) -> int:
    say(f"Python 测试({group})", f"tests of Python ({group})")
    _report(group).unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-rfEs", f"--junitxml={_report(group)}", *own, *asked]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return 0 if asked and code == NOTHING_SELECTED else code


def _report(group: str) -> Path:
    return STAMPS / f"pytest-{group}.xml"


def _skipped_browser_tests() -> list[str]:
    report = _report("journeys")
    cases = ElementTree.parse(report).iter("testcase") if report.is_file() else iter(())
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if (case.get("classname") or "").startswith(BROWSER) and case.find("skipped") is not None
    ]


if __name__ == "__main__":
    STAMPS.mkdir(exist_ok=True)
    try:
        sys.exit(main(sys.argv[1:]))
    except Stopped as stopped:
        stop(stopped)
