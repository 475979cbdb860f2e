"""Prevents a command that an officer cannot follow: simulate, import, trace."""

import json
from pathlib import Path

from typer.testing import CliRunner

from rongdun.entrypoints.cli import app

MANY = "[arrivals]\nintensity = 1500.0\n"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_world_is_made_its_files_imported_and_its_money_traced(tmp_path: Path) -> None:
    (tmp_path / "many.toml").write_text(MANY, "utf-8")
    out, ledger = str(tmp_path / "w"), str(tmp_path / "ledger")
    code, told = run(
        "simulate", "--people", "400", "--days", "10", "--seed", "7", "--out", out,
        "--params", str(tmp_path / "many.toml"), "--files", "all-mules", "--json",
    )  # fmt: skip
    assert code == 0
    assert json.loads(told)["scams"] > 3
    code, told = run("ledger", "import", f"{out}/files", "--ledger", ledger, "--json")
    assert code == 0
    trace = tmp_path / "trace.json"
    code, told = run(
        "trace", "--ledger", ledger, "--seeds", f"{out}/seeds.csv", "--rule", "lifo", "--out", str(trace)
    )
    assert code == 0, told
    found = json.loads(trace.read_text("utf-8"))
    parts = ("left_fen", "ended_fen", "frontier_fen", "limit_fen")
    assert found["seeds_fen"] == sum(found[part] for part in parts) > 0
    assert max(row["tier"] for row in found["accounts"]) >= 3


def test_a_wrong_call_is_told_in_both_languages(tmp_path: Path) -> None:
    code, told = run("simulate", "--people", "20", "--out", str(tmp_path / "w"), "--files", "some")
    assert code == 2 and "all-mules" in told
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    code, told = run("simulate", "--people", "20", "--out", str(tmp_path / "full"))
    assert code == 2
    assert "目录不是空的" in told and "not empty" in told
