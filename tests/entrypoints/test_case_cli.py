"""``rongdun case run`` from the outside: a folder of statements in; trace, advice, drafts and the table out."""

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from rongdun.adapters.banks.profile import load_profile
from rongdun.adapters.banks.wire import read_instruction
from rongdun.domains.exchange import Kind
from rongdun.entrypoints.cli import app
from rongdun.kernel.clock import SHANGHAI
from tests.analytics.statements.making import REPLY, csv_bytes
from tests.entrypoints.tracing_city import FAR, FIRST_VICTIM, MULE, MULES, SECOND, SECONDS, SEEDS

TABLE = "资金流向表.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The statements of the two mules, with ``seeds.csv`` beside the folder."""
    files = tmp_path / "流水"
    files.mkdir()
    for at, rows in enumerate((MULES, SECONDS)):
        (files / f"演示银行交易明细信息{at}.csv").write_bytes(csv_bytes(REPLY, rows))
    (tmp_path / "seeds.csv").write_text(SEEDS, encoding="utf-8")
    return files


def run(folder: Path, *more: str) -> tuple[int, str]:
    base = folder.parent
    arguments = ["--files", folder, "--seeds", base / "seeds.csv", "--out", base / "out", *more]
    result = CliRunner().invoke(app, ["case", "run", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def told(folder: Path, *more: str, code: int = 0) -> dict[str, Any]:
    found, words = run(folder, *more, "--json")
    assert found == code, words
    value = json.loads(words)
    assert isinstance(value, dict)
    return value


def test_a_folder_and_seeds_become_a_trace_advice_orders_and_the_table(folder: Path) -> None:
    found = told(folder)
    assert list(found) == ["import", "trace", "advice", "orders", "documents"]
    assert found["import"]["transfers"] == 6, "five of the mule, two of the second; one is in both books"
    assert found["trace"]["left_fen"] == 4_500_00, "first in first out, by hand in test_trace_cli"
    out = folder.parent / "out"
    assert json.loads((out / "trace.json").read_text(encoding="utf-8")) == found["trace"]
    assert CalamineWorkbook.from_path(str(out / TABLE)).sheet_names
    assert {"trace.json", TABLE} < set(found["documents"])
    assert all((out / name).is_file() for name in found["documents"])


def test_what_the_statements_show_is_stopped_and_where_they_end_is_asked(folder: Path) -> None:
    found = told(folder)
    stops = {one["account"]: one["expected_fen"] for one in found["advice"] if one["action"] == "stop"}
    asks = {one["account"] for one in found["advice"] if one["action"] == "ask"}
    assert set(stops) >= {MULE, SECOND}
    assert 0 < stops[SECOND] <= 2_000_00
    assert FAR in asks
    assert not asks & {MULE, SECOND}, "their statements reach to the last moment"
    assert all(one["why"] and one["expected_fen"] >= 0 for one in found["advice"])


def test_an_order_names_the_transfer_that_brought_the_money(folder: Path) -> None:
    """The four items a bank matches: name, account, amount and time of the largest transfer of victims' money."""
    order = next(one for one in told(folder)["orders"] if one["account"] == MULE)
    assert (order["kind"], order["name"], order["amount_fen"]) == ("stop", "演示户", 10_000_00)
    assert order["transfer_time"] == "2025-03-01T12:00:00+08:00"
    read = read_instruction(load_profile("national"), (folder.parent / "out" / order["file"]).read_bytes())
    assert read.kind is Kind.STOP
    assert read.account.number == MULE and read.amount_fen == 10_000_00
    assert read.payer is not None and read.payer.number == FIRST_VICTIM
    assert read.transfer_time == datetime(2025, 3, 1, 12, 0, tzinfo=SHANGHAI)
    assert read.start is not None and read.end is not None
    assert (read.end - read.start).total_seconds() == 48 * 3600


def test_at_an_earlier_moment_later_rows_are_not_known(folder: Path) -> None:
    found = told(folder, "--as-of", "2025-03-01 12:07")
    assert found["trace"]["as_of"] == "2025-03-01T12:07:00+08:00"
    assert found["trace"]["seeds_fen"] == 10_000_00, "乙 pays at 12:10"
    assert all(one["account"] != FAR for one in found["advice"])
    second = next(one for one in found["advice"] if one["account"] == SECOND and one["action"] == "stop")
    later = next(
        one for one in told(folder)["advice"] if one["account"] == SECOND and one["action"] == "stop"
    )
    assert second["expected_fen"] > later["expected_fen"], "of 5,500 only 2,000 are left by two o'clock"


def test_the_same_case_again_drafts_the_same_orders(folder: Path) -> None:
    def orders() -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in sorted((folder.parent / "out" / "orders").iterdir())}

    first, before = told(folder), orders()
    again = told(folder)
    assert again["orders"] == first["orders"] and again["advice"] == first["advice"]
    assert orders() == before
    earlier = told(folder, "--as-of", "2025-03-01 12:07")
    assert {f"orders/{name}" for name in orders()} == {one["file"] for one in earlier["orders"]}


@pytest.mark.parametrize("rule", ["fifo", "lifo", "pro_rata", "window", "poison"])
def test_any_rule_can_be_asked_for(folder: Path, rule: str) -> None:
    assert told(folder, "--rule", rule)["trace"]["rule"] == rule


def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "说明.txt").write_text("这不是流水\n", encoding="utf-8")
    found = told(folder, code=3)
    assert [one["path"] for one in found["import"]["files"] if one["refused"]] == ["流水/说明.txt"]
    assert found["orders"]


def test_seeds_and_output_may_lie_in_the_folder_itself(folder: Path) -> None:
    (folder / "seeds.csv").write_text(SEEDS, encoding="utf-8")
    arguments = ["--files", folder, "--seeds", folder / "seeds.csv", "--out", folder / "out", "--json"]
    for _ in range(2):
        result = CliRunner().invoke(app, ["case", "run", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        assert len(json.loads(result.output)["import"]["files"]) == 2


def test_with_nothing_but_seeds_the_first_accounts_are_stopped_and_asked(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes("什么也不是\n".encode())
    found = told(folder, code=3)
    assert {one["account"] for one in found["orders"]} == {MULE}
    assert {one["kind"] for one in found["orders"]} == {"stop", "query_transactions"}


def test_what_is_said_on_the_terminal_is_in_both_languages(folder: Path) -> None:
    code, words = run(folder)
    assert code == 0
    assert "止付 stop" in words and "查流水 ask" in words and "drafted (not sent" in words


@pytest.mark.parametrize(
    ("more", "told_of"),
    [
        (("--rule", "guess"), "fifo"),
        (("--as-of", "half past"), "--as-of"),
        (("--prior", "{seeds}"), "prior.toml"),
        (("--labels", "{seeds}"), "kind"),
    ],
)
def test_a_wrong_option_is_a_wrong_call_told_in_words(
    folder: Path, more: tuple[str, str], told_of: str
) -> None:
    option, value = more
    code, words = run(folder, option, value.format(seeds=folder.parent / "seeds.csv"))
    assert code == 2
    assert told_of in words


def test_an_empty_folder_and_broken_seeds_are_wrong_calls(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "空"
    empty.mkdir()
    code, words = run(empty)
    assert code == 2 and "--files" in words
    (tmp_path / "seeds.csv").write_text("victim,account,amount,time\n甲,62,十块,昨天\n", encoding="utf-8")
    code, words = run(folder)
    assert code == 2 and "十块" in words


def test_whatever_is_put_in_ends_in_an_exit_code_and_never_in_a_crash(folder: Path, tmp_path: Path) -> None:
    """Bytes flipped, cut off and doubled in statements and seeds: read, refused in part, or a wrong call."""
    chance = random.Random(6)
    originals = {path: path.read_bytes() for path in [*folder.iterdir(), tmp_path / "seeds.csv"]}
    for _ in range(12):
        for path, content in originals.items():
            path.write_bytes(_spoilt(content, chance))
        code, words = run(folder, "--json")
        assert code in (0, 2, 3), words
        assert words.strip()


def _spoilt(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.4:
        return content
    at = chance.randrange(len(content))
    way = chance.choice(("flip", "cut", "double", "noise"))
    if way == "flip":
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    if way == "cut":
        return content[:at]
    return content[:at] + (content[at:] * 2 if way == "double" else chance.randbytes(20) + content[at:])
