"""``rongdun ledger score-accounts`` from the outside, over a statement imported with ``rongdun ledger import``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rongdun.entrypoints.cli import app
from tests.entrypoints.test_ledger_cli import HEADINGS, PAYEE, PAYER, line

SHIPPED = Path(__file__).parents[2] / "src/rongdun/analytics/tracing/signs/signs.toml"
ROWS = [
    line(PAYEE, PAYER, "2024-05-06 23:10:00", "1.00", "1.00", "进", "SN0000011"),
    line(PAYEE, PAYER, "2024-05-06 23:20:00", "50000.00", "50001.00", "进", "SN0000012"),
    line(PAYEE, "6222000000000000037", "2024-05-06 23:30:00", "49990.00", "11.00", "出", "SN0000013"),
    line(PAYER, "6222000000000000045", "2024-05-07 12:00:00", "20.00", "980.00", "出", "SN0000014"),
]


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    statement = tmp_path / "statement.csv"
    statement.write_text("\n".join([HEADINGS, *ROWS]), encoding="gb18030")
    where = str(tmp_path / "ledger")
    assert CliRunner().invoke(app, ["ledger", "import", str(statement), "--ledger", where]).exit_code == 0
    return where


def call(ledger: str, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["ledger", "score-accounts", "--ledger", ledger, *more])
    return result.exit_code, result.stdout


def test_the_account_that_passes_money_on_stands_first_with_reasons(ledger: str) -> None:
    code, printed = call(ledger, "--json")
    told = json.loads(printed)
    assert code == 0
    assert (told["version"], told["scored"]) == (1, 2)
    assert [account["number"] for account in told["accounts"]] == [PAYEE, PAYER]
    first = told["accounts"][0]["signs"][0]
    assert (first["sign"], first["points"], first["weight"]) == ("pass_through", 25, 25)
    assert "24 小时内转出" in first["reason_zh"]
    assert len(told["accounts"][0]["signs"]) == 9


def test_people_read_scores_and_reasons(ledger: str) -> None:
    code, printed = call(ledger, "--top", "1")
    assert code == 0
    assert PAYEE in printed
    assert PAYER not in printed
    assert "进账的 100% 在 24 小时内转出" in printed
    assert "100% of what came in left within 24 hours" in printed


def test_own_weights_count_and_bad_ones_are_a_wrong_call(ledger: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SHIPPED.read_text("utf-8").replace("weight = 25", "weight = 0"), encoding="utf-8")
    signs = json.loads(call(ledger, "--json", "--weights", str(own))[1])["accounts"][0]["signs"]
    assert {sign["sign"]: sign["points"] for sign in signs}["pass_through"] == 0
    own.write_text("[limits]", encoding="utf-8")
    assert call(ledger, "--weights", str(own))[0] == 2


def test_without_a_ledger_it_is_a_wrong_call(tmp_path: Path) -> None:
    assert call(str(tmp_path / "nothing"))[0] == 2
