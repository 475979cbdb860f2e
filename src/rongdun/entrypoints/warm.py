"""Compiles the loops of the analytics into their cache on disk, so that nobody's first import waits for it.

``make setup`` runs ``python -m rongdun.entrypoints.warm`` beside its other steps; an installation may. Each step uses
one part as people do, on a few made-up rows in a scratch folder: what is compiled then is what they will call.
A part with loops of its own adds a function to :data:`STEPS`.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

_OWN, _PEER = "6299990000000000011", "6299990000000000029"
_REPLY: Final = (
    "交易卡号,交易账号,查询反馈结果原因,交易户名,交易证件号码,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,"
    "现金标志,对手户名,对手身份证号,对手开户银行,摘要说明,交易币种,交易网点名称,交易发生地,交易是否成功,IP地址,MAC地址,"
    "交易流水号,日志号,交易类型"
)
_PARTIES: Final = (
    "交易号,商户订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,用户信息,交易对方信息,消费名称,金额(元),"
    "收/支,交易状态,备注"
)
_CALLS: Final = (
    "本机号码,对方号码,呼叫类型,起始时间,通话时长(秒)\n13900000011,13900000029,主叫,2025-03-01 09:00:00,65\n"
)
_ROWS: Final = 300
"""Enough for files with more than one row of everything."""


def _row(number: int, *, at_other: bool = False) -> str:
    """Return one movement as either book has it, every third amount dirty."""
    own, peer, way = (_PEER, _OWN, "进") if at_other else (_OWN, _PEER, "出")
    amount = ("100.00", "¥1234.5", "一百元")[number % 3]
    time = f"2025030112{number // 60 % 60:02d}{number % 60:02d}"
    return (
        f"{own},'90000000011,成功,演示甲,,{time},{amount},{10_000 - number}.00,{way},{peer}_1,"
        f"转账,演示乙,,演示银行,转账,CNY,,演示市,1,10.0.0.{number % 250},aa-bb-cc-00-11-{number % 90 + 10},"
        f"S{number:06d},L{number},网银转账"
    )


def _texts() -> dict[str, str]:
    parties = (
        f"P1,,2025-03-01 08:00:00,,,,转账,{_OWN}(演示甲),演示乙(演示银行)({_PEER}),,1.00,支出,交易成功,\n"
        f"P2,,2025-03-01 08:00:01,,,,转账,{_OWN}(演示甲),2088000000000029(演示丙),,2.00,收入,交易成功,\n"
    )
    own, other = ([_row(n, at_other=side) for n in range(_ROWS)] for side in (False, True))
    return {
        "演示银行交易明细信息": "\n".join([_REPLY, *own, "", own[0], own[0][:40]]) + "\n",
        "演示农商银行交易明细信息": "\n".join([_REPLY, *other]) + "\n",
        "账户明细": f"{_PARTIES}\n{parties}",
        "话单": _CALLS,
    }


def statements(folder: Path) -> None:
    """Import made-up replies in every encoding and container, twice, compact, and look at an account."""
    from rongdun.analytics.ledger.ledger import Ledger

    files = folder / "演示回函"
    files.mkdir()
    for name, text in _texts().items():
        (files / f"{name}.csv").write_bytes(text.encode("gb18030"))
        (files / f"{name}-8.csv").write_bytes(text.encode("utf-8-sig"))
        (files / f"{name}-16.csv").write_bytes(text.encode("utf-16"))
        _workbook(files / f"{name}.xlsx", text)
    ledger = Ledger(folder / "台账")
    ledger.import_paths([files / "演示银行交易明细信息.csv"])
    ledger.import_paths([files])
    ledger.compact()
    ledger.account_sums()
    ledger.balance_breaks()
    ledger.undo(1)


def _workbook(place: Path, text: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(place) as book:
        sheet = book.add_worksheet("明细")
        for number, line in enumerate(text.splitlines()):
            sheet.write_row(number, 0, line.split(","))
        sheet.write_number(1, 6, 100.5)


def archives(_: Path) -> None:
    """Decrypt a few bytes as those of a locked archive."""
    from rongdun.analytics.statements.kernels import zip_cipher

    keys, table = np.zeros(3, np.int64), zip_cipher.crc_table()
    zip_cipher.start(np.frombuffer(b"demo", np.uint8).copy(), keys, table)
    zip_cipher.decrypt(np.zeros(zip_cipher.HEADER, np.uint8), keys, table)


def books(_: Path) -> None:
    """Pair two small books on their own."""
    import polars as pl

    from rongdun.analytics.ledger.pairing import Columns, pair_books

    columns = Columns("id", "amount", "time", "text")
    day = pl.date_range(pl.date(2025, 1, 1), pl.date(2025, 3, 1), eager=True)
    book = pl.DataFrame({"id": range(len(day)), "amount": [100.5 + n for n in range(len(day))], "time": day})
    named = book.with_columns(text=pl.format("演示{} 货款", "id"))
    pair_books(named, named.sample(fraction=1, shuffle=True, seed=7), columns)


def traces(folder: Path) -> None:
    """Trace made-up money by every rule, look back from it, score its accounts and count their patterns."""
    from rongdun.analytics.ledger.ledger import Ledger
    from rongdun.analytics.tracing import trace as tracing
    from rongdun.analytics.tracing.backward import look_back
    from rongdun.analytics.tracing.model import Rule, Seed
    from rongdun.analytics.tracing.signs.ledger_scores import score_ledger

    seed = Seed("演示受害人", "演示农商银行", _PEER, 10_000, 1_740_801_600_000_000)
    for name in ("演示银行交易明细信息", "演示农商银行交易明细信息"):
        (folder / f"{name}.csv").write_bytes(_texts()[name].encode("gb18030"))
    ledger = Ledger(folder / "台账")
    ledger.import_paths([folder])
    for rule in Rule:
        tracing.trace(folder / "台账", [seed], rule)
    look_back(folder / "台账", [seed])
    score_ledger(ledger.view())
    _count_patterns()


def _count_patterns() -> None:
    from rongdun.analytics.tracing.model import HOUR
    from rongdun.analytics.tracing.patterns import cycles, fan, flows, pass_through, scatter_gather

    payer = np.array([0, 1, 2, 0, 0, 3, 4], np.int32)
    payee = np.array([1, 2, 0, 3, 4, 5, 5], np.int32)
    amount, time = np.full(7, 10_000, np.int64), np.arange(7, dtype=np.int64) * 60_000_000
    made = flows.flows_of(payer, payee, amount, time, 6)
    hub = flows.hubs(made, 1_000)
    fan.fan_in(made, HOUR, 2, hub)
    fan.fan_out(made, HOUR, 2, hub)
    pass_through.pass_through(made, HOUR, 90, hub)
    cycles.temporal_cycles(made, HOUR, hub)
    scatter_gather.scatter_gather(made, HOUR, 2, hub)


def worlds(folder: Path) -> None:
    """Make a world of a few people, with more scams than any city has; let it happen once more, to be acted on."""
    from rongdun.simulation.twin.live import live_world
    from rongdun.simulation.twin.params import load_params
    from rongdun.simulation.twin.world import Order, make_world, start_of

    order, params = Order(60, 2, 7), load_params(None, {"arrivals": {"intensity": 9000.0}})
    make_world(folder / "世界", order, params)
    live_world(order, params)[1].until(start_of(params) + 86_400_000_000)


STEPS: Final[tuple[Callable[[Path], None], ...]] = (statements, archives, books, traces, worlds)
"""What is run; each gets an empty folder of its own."""


def warm() -> None:
    """Run every step; what was compiled before is loaded only."""
    for step in STEPS:
        with tempfile.TemporaryDirectory(prefix="rongdun-warm-") as folder:
            step(Path(folder))


if __name__ == "__main__":
    warm()
