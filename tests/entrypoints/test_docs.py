"""Printed documents say what the program says."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rongdun.entrypoints.cli import app
from rongdun.entrypoints.docs import pages, stale

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_printed_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "run: rongdun docs"


def test_every_workflow_page_belongs_to_a_table() -> None:
    printed = {f"workflows/{path.name}" for path in (DOCS / "workflows").glob("*.md")}
    assert printed == {name for name in pages() if name.startswith("workflows/")}


def test_the_rule_table_prints_every_version_with_its_dates() -> None:
    lines = [line for line in pages()["policy.md"].splitlines() if "`discipline.rule_version`" in line]
    assert len(lines) == 3
    assert "| 261-2016 | 2017-01-01 | 2019-04-01 |" in lines[0]
    assert "| JOINT-2024 | 2024-12-01 |  |" in lines[2]


def test_the_command_writes_what_is_missing_and_then_finds_nothing_to_do(tmp_path: Path) -> None:
    runner = CliRunner()
    checked = runner.invoke(app, ["docs", str(tmp_path), "--check"])
    assert checked.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert runner.invoke(app, ["docs", str(tmp_path)]).exit_code == 0
    assert stale(tmp_path) == []
    (tmp_path / "policy.md").write_text("手改", encoding="utf-8")
    assert stale(tmp_path) == ["policy.md"]
