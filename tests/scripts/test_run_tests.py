"""Where ``CI`` counts, a browser test that was not run is not taken for one that passed."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import node  # noqa: E402
import run_tests  # noqa: E402

REPORT = """<testsuites><testsuite>
<testcase classname="tests.journeys.test_login" name="test_a"><skipped message="no Chromium"/></testcase>
<testcase classname="tests.journeys.test_login" name="test_b"/>
<testcase classname="tests.runtime.test_c" name="test_c"><skipped message="only root may do this"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run in which every group passed, and one browser test was skipped."""
    (tmp_path / "pytest-journeys.xml").write_text(REPORT)
    monkeypatch.setattr(run_tests, "STAMPS", tmp_path)
    monkeypatch.setattr(run_tests, "_pytest", lambda group, own, asked: 0)
    monkeypatch.setattr(node, "main", lambda where, script: 0)
    return tmp_path


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_browser_test_fails_where_ci_counts(
    ran: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    monkeypatch.setenv("CI", ci)
    assert run_tests.main([]) == code
    assert ("tests.journeys.test_login::test_a" in capsys.readouterr().err) is bool(ci)


def test_one_failed_group_fails_the_whole_and_is_named(
    ran: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "")
    monkeypatch.setattr(node, "main", lambda where, script: 1)
    assert run_tests.main([]) == 1
    assert "tests failed: web" in capsys.readouterr().err


def test_what_needs_the_machine_alone_is_there() -> None:
    assert [path for path in run_tests.ALONE if not (ROOT / path).exists()] == []
