"""``rongdun trace``: where each victim's yuan is now, from a ledger directory, without a database or a server.

Exit codes: 0 traced, 2 a wrong call (bad seeds, no ledger, a rule that does not exist), 1 anything else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from rongdun.entrypoints.console import say
from rongdun.entrypoints.ledger_cli import calls, print_json
from rongdun.entrypoints.written import written

if TYPE_CHECKING:
    from rongdun.analytics.tracing.trace import Asked
    from rongdun.entrypoints.trace_run import Order

trace = typer.Typer(help="资金追踪:每名受害人的钱在哪里 / where each victim's money is now")

Ledger = Annotated[
    Path | None, typer.Option("--ledger", help="台账目录 / directory of the ledger", file_okay=False)
]
Seeds = Annotated[
    Path | None,
    typer.Option(
        "--seeds",
        help="受害人转账,CSV:victim,institution,account,amount,time / the victims' transfers",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]
Window = Annotated[
    str, typer.Option("--window", help="最后一笔后追踪多久 / how long after a victim's last transfer")
]
Depth = Annotated[int, typer.Option("--depth", min=1, max=100, help="追踪层级 / tiers")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="截至时间,默认台账最后一笔 / default: the ledger's last transfer"),
]
Tolerance = Annotated[
    str, typer.Option("--tolerance", help="报案时间与银行时间的最大差 / how far a reported time may be off")
]
Hubs = Annotated[
    list[str] | None,
    typer.Option("--hub", help="本案对某账户停止或继续:机构:账号=stop|follow / stop at or follow an account"),
]
Degree = Annotated[
    int, typer.Option("--hub-degree", min=1, help="交易超过此数的账户不再追踪 / most transfers followed")
]
Labels = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        help="账户标签 CSV:institution,account,kind;存入台账,以后沿用 / kept with the ledger from now on",
        exists=True,
        dir_okay=False,
    ),
]


@trace.callback(invoke_without_command=True)
def forward(
    context: typer.Context,
    ledger: Ledger = None,
    seeds: Seeds = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help="fifo | lifo | pro_rata | window | poison")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="结果 / result (JSON)", dir_okay=False)] = None,
    window: Window = "72h",
    depth: Depth = 6,
    engine: Annotated[
        str | None,
        typer.Option("--engine", help="index | duckdb | spark;默认 RONGDUN_ENGINE / default: RONGDUN_ENGINE"),
    ] = None,
    as_of: AsOf = None,
    delta: Annotated[str, typer.Option("--delta", help="window 规则的 Δ / the Δ of the rule window")] = "60m",
    delta_of: Annotated[
        list[str] | None, typer.Option("--delta-of", help="某账户自己的 Δ:机构:账号=2h / an account's own Δ")
    ] = None,
    hub: Hubs = None,
    hub_degree: Degree = 2_000,
    labels: Labels = None,
    tolerance: Tolerance = "30m",
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="资金流向表 / the fund-flow table (.xlsx)", dir_okay=False)
    ] = None,
) -> None:
    """追踪受害人资金,结果为 JSON;--xlsx 另存资金流向表。Trace the victims' money; JSON, and the fund-flow table."""
    if context.invoked_subcommand is not None:
        return
    needed = {"--ledger": ledger, "--seeds": seeds, "--rule": rule, "--out": out}
    _require(needed)
    assert ledger is not None and seeds is not None and rule is not None and out is not None  # noqa: PT018
    with calls():
        asked = _asked(rule, depth, window, delta, as_of, tolerance, hub, hub_degree, delta_of)
        order = _order(ledger, seeds, asked, labels, engine)
        _trace(order, out, xlsx)


@trace.command()
def backward(
    ledger: Ledger = None,
    seeds: Seeds = None,
    out: Annotated[Path | None, typer.Option("--out", help="结果 / result (JSON)", dir_okay=False)] = None,
    window: Window = "72h",
    depth: Depth = 6,
    as_of: AsOf = None,
    hub: Hubs = None,
    hub_degree: Degree = 2_000,
    labels: Labels = None,
    tolerance: Tolerance = "30m",
    top: Annotated[int, typer.Option("--top", min=1, help="显示前几个付款人 / how many payers to show")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON / print JSON only")] = False,
) -> None:
    """反向追踪:还有谁付款进来、像未报案的受害人;哪些账户汇入同一资金池。Who else paid in, and who feeds the pool."""
    _require({"--ledger": ledger, "--seeds": seeds})
    assert ledger is not None and seeds is not None  # noqa: PT018
    with calls():
        asked = _asked("fifo", depth, window, "60m", as_of, tolerance, hub, hub_degree, None)
        told = _looked_back(_order(ledger, seeds, asked, labels, "index"))
        if out is not None:
            written(out, _text(told).encode())
    if as_json:
        print_json(told)
        return
    from rongdun.entrypoints.trace_words import tell_backward

    tell_backward(told, top)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(trace, name="trace")


def _require(options: Mapping[str, object]) -> None:
    missing = [name for name, value in options.items() if value is None]
    if missing:
        names = "、".join(missing)
        raise typer.BadParameter(f"缺少选项 {names} / missing: {', '.join(missing)}")


def _asked(
    rule: str,
    depth: int,
    window: str,
    delta: str,
    as_of: str | None,
    tolerance: str,
    hub: list[str] | None,
    hub_degree: int,
    delta_of: list[str] | None,
) -> "Asked":
    from rongdun.analytics.tracing.index.hubs import HubPolicy
    from rongdun.analytics.tracing.model import Bounds
    from rongdun.analytics.tracing.trace import Asked
    from rongdun.entrypoints.trace_options import accounts_of, follows_of, moment_of, rule_of, span_of

    own = accounts_of("--delta-of", delta_of or [])
    return Asked(
        rule_of(rule),
        Bounds(depth, span_of("--window", window), span_of("--delta", delta)),
        HubPolicy(degree=hub_degree, follow=follows_of("--hub", hub or [])),
        0 if as_of is None else moment_of("--as-of", as_of),
        {key: span_of("--delta-of", word) for key, word in own.items()},
        span_of("--tolerance", tolerance),
    )


def _order(ledger: Path, seeds: Path, asked: "Asked", labels: Path | None, engine: str | None) -> "Order":
    from rongdun.analytics.ledger.manifest import Manifests
    from rongdun.analytics.tracing.index.store import LABELS_FILE
    from rongdun.entrypoints.trace_files import read_seeds, store_labels
    from rongdun.entrypoints.trace_options import engine_of
    from rongdun.entrypoints.trace_run import Order
    from rongdun.runtime.settings import Settings

    settings = Settings.from_env()
    chosen = engine_of(engine or settings.engine)
    told = read_seeds(seeds)
    Manifests(ledger).newest()
    if labels is not None:
        store_labels(labels, ledger / LABELS_FILE)
    return Order(ledger, told, asked, chosen, settings.spark)


def _trace(order: "Order", out: Path, xlsx: Path | None) -> None:
    from rongdun.analytics.tracing.result import as_json
    from rongdun.entrypoints.trace_run import traced

    found = traced(order)
    told = as_json(found.subledger, found.arrivals, found.attribution)
    written(out, _text(told).encode())
    if xlsx is not None:
        from rongdun.entrypoints.trace_table import workbook_of
        from rongdun.kernel.clock import SystemClock

        written(xlsx, workbook_of(found, order.ledger.resolve().name, SystemClock()))
    from rongdun.entrypoints.trace_words import tell_trace

    tell_trace(found, order, told)
    told_of = escape("、".join(str(path) for path in (out, xlsx) if path))
    say(f"✓ 已写入 {told_of}", f"  written: {told_of}")


def _looked_back(order: "Order") -> dict[str, Any]:
    from rongdun.entrypoints.trace_back import looked_back

    return looked_back(order)


def _text(told: dict[str, Any]) -> str:
    import json

    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
