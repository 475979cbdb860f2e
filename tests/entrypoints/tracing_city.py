"""Statement files of two mule accounts, made by hand and visibly synthetic, imported by command; sums in whole yuan.

The mule has 500. It gets 10,000 from 甲 (12:00), pays 6,000 to the second (12:05), gets 2,000 from 乙 (12:10), takes
3,000 in cash (12:20) and pays 1,000 to an account without a statement (14:00). The second pays 4,000 on to the same
account (12:30).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from typer.testing import CliRunner

from rongdun.entrypoints.cli import app
from tests.analytics.statements.making import REPLY, csv_bytes, row

MULE, SECOND = "6299990000000000011", "6299990000000000029"
FAR, FIRST_VICTIM, SECOND_VICTIM = "6299991000000000036", "6299992000000000015", "6299992000000000023"
BANK = "演示银行"
SEEDS = f"""victim,institution,account,amount,time
演示甲,,{MULE},"10,000.00",2025-03-01 12:00:00
演示乙,{BANK},{MULE},0.2万,2025/3/1 12:11
"""

Run = Callable[..., tuple[int, str]]


def line(own: str, peer: str, clock: str, yuan: int, left: int, way: str, **more: str) -> dict[str, str]:
    """One row of the bank's reply; ``left`` is the balance after it."""
    told = {
        "交易卡号": own, "交易账号": "", "交易户名": "演示户", "交易时间": f"20250301{clock}", "交易金额": f"{yuan}.00",
        "交易余额": f"{left}.00", "收付标志": way, "交易对手账卡号": peer, "对手户名": "演示对手", "对手开户银行": "",
        "交易流水号": f"S{own[-3:]}{clock}",
    }  # fmt: skip
    return row(**told | more)


MULES = [
    line(MULE, FIRST_VICTIM, "120000", 10_000, 10_500, "进"),
    line(MULE, SECOND, "120500", 6_000, 4_500, "出", 交易流水号="P1"),
    line(MULE, SECOND_VICTIM, "121000", 2_000, 6_500, "进"),
    line(MULE, "", "122000", 3_000, 3_500, "出", 现金标志="现金", 摘要说明="ATM取款", 交易类型="ATM取款"),
    line(MULE, FAR, "140000", 1_000, 2_500, "出"),
]
SECONDS = [
    line(SECOND, MULE, "120500", 6_000, 6_000, "进", 交易流水号="P1"),
    line(SECOND, FAR, "123000", 4_000, 2_000, "出"),
]


def imported(folder: Path, books: Sequence[Sequence[dict[str, str]]] = (MULES, SECONDS)) -> Path:
    """Write the statements as GB18030 CSV files and import them; return the ledger's directory."""
    files = []
    for at, rows in enumerate(books):
        file = folder / f"演示银行交易明细信息{at}.csv"
        file.write_bytes(csv_bytes(REPLY, rows))
        files.append(str(file))
    result = CliRunner().invoke(app, ["ledger", "import", *files, "--ledger", str(folder / "台账"), "--json"])
    assert result.exit_code == 0, result.output
    return folder / "台账"
