"""Prevents banks' files that are cleaner than real ones, or that an institution would not write."""

from collections import Counter
from pathlib import Path

from rongdun.analytics.statements.reader import read_path
from tests.simulation.twin.worlds import world

BIG = {"people": 1500, "days": 10}


def files(suffix: str) -> list[Path]:
    return sorted((world(**BIG) / "files").glob(f"*{suffix}"))


def cells(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_bytes().decode("gb18030").split("\r\n") if line]


def column(rows: list[list[str]], heading: str) -> list[str]:
    place = [name.strip('"') for name in rows[0]].index(heading)
    return [row[place] for row in rows[1:] if len(row) == len(rows[0])]


def test_every_layout_of_the_ledger_is_met() -> None:
    layouts: Counter[str | None] = Counter()
    for path in files(""):
        for reading in read_path(path):
            for _ in reading:
                pass
            layouts[reading.layout] += 1
    assert set(layouts) == {
        "control_transactions", "control_accounts", "control_people", "payment_a", "payment_b",
    }  # fmt: skip
    assert files("明细信息.xlsx") and files("明细信息.csv")


def test_the_dirt_of_practice_is_there() -> None:
    banks = [cells(path) for path in files("银行交易明细信息.csv")]
    names = [name for rows in banks for name in column(rows, "对手户名")]
    numbers = [number for rows in banks for number in column(rows, "交易对手账卡号")]
    assert {"-", "null", ""} <= set(names)
    assert any(name.endswith("\u3000") for name in names)
    assert any("*" in number for number in numbers) and any("E+" in number for number in numbers)
    assert any(rows[0][0].startswith('"') for rows in banks) and not all(
        rows[0][0].startswith('"') for rows in banks
    )
    assert len({tuple(sorted(set(column(rows, "收付标志")))) for rows in banks}) > 1
    assert any("\t" in serial for rows in banks for serial in column(rows, "交易流水号"))
    assert any("0" in set(column(rows, "交易是否成功")) for rows in banks)
    macs = {len(mac) for rows in banks for mac in column(rows, "MAC地址") if mac}
    assert macs == {12, 17}


def test_some_rows_are_sent_twice_and_count_once() -> None:
    sent = sum(len(cells(path)) - 1 for path in files("银行交易明细信息.csv"))
    different = sum(
        len({line.replace("\t", "").replace("null", "").replace("-", "") for line in _lines(path)})
        for path in files("银行交易明细信息.csv")
    )
    assert 0 < sent - different < sent / 20


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_bytes().decode("gb18030").split("\r\n")[1:] if line]
