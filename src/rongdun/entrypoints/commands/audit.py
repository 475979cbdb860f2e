"""The audit from the console: is the memory whole, and sign what is due."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from rongdun.entrypoints.commands.context import opened, reached
from rongdun.entrypoints.console import say
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text

if TYPE_CHECKING:
    from rongdun.runtime.audit import Fault

audit = typer.Typer(no_args_is_help=True, help="审计 / the audit")

_Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="北京时间日期 / day in Shanghai")]
_OPEN_START, _OPEN_END = date(1970, 1, 1), date(9998, 12, 31)


@audit.command()
def verify(
    since: _Day = None,
    until: _Day = None,
    key: Annotated[
        Path | None, typer.Option(help="另行保管的公钥 / public key kept elsewhere (audit-signing.pub)")
    ] = None,
    roots: Annotated[Path | None, typer.Option(help="另行保管的日根目录 / root files kept elsewhere")] = None,
) -> None:
    """逐条核对审计链和签名;有一处不符退出码即为 1。Check every entry and signature; exit 1 on any fault."""
    from rongdun.runtime.audit import Evidence, reader, trusted_key, trusted_keys, verify_all, verify_span

    with reached() as (settings, dsns):
        keys = trusted_key(key) if key else trusted_keys(settings.keys)
        evidence = Evidence(roots or settings.audit_roots, keys)
        with reader(dsns.app) as connection:
            if since is None and until is None:
                report = verify_all(connection, evidence)
            else:
                first = _start_of(since.date() if since else _OPEN_START)
                end = _start_of((until.date() if until else _OPEN_END) + timedelta(days=1))
                report = verify_span(connection, evidence, since=first, until=end)
    counted = (report.entries, report.chains, report.roots)
    if report.intact:
        say(
            "✓ 审计完整:{} 条记录、{} 条链、{} 个日根".format(*counted),
            "  The audit is whole: {} entries, {} chains, {} daily roots".format(*counted),
        )
        return
    _tell_faults(report.faults)
    say(
        f"✗ 发现 {len(report.faults)} 处不符（共读 {report.entries} 条记录）",
        f"  {len(report.faults)} faults found in {report.entries} entries",
    )
    raise typer.Exit(1)


@audit.command()
def sign() -> None:
    """为已结束而未签名的每一天签根。Sign the root of every finished day that has none."""
    from rongdun.domains.oversight import sign_roots

    with opened() as work, work.centre.transact() as uow:
        days = sign_roots(uow)
    if not days:
        say("没有待签的日根", "No root is due")
    for day in days:
        say(f"✓ 已签 {day}", f"  Signed {day}")


def _tell_faults(faults: "Iterable[Fault]") -> None:
    console = Console(soft_wrap=True, highlight=False)
    for fault in faults:
        here = (
            f"{fault.chain}-{fault.seq} ({fault.entry_id})"
            if fault.entry_id
            else f"{fault.chain}-{fault.seq}"
        )
        place = Text("", "") if fault.chain is None else Text(f"链上位置 {here}:", f"at {here}: ")
        console.print(f"✗ {place.zh}{fault.message.zh}\n  {place.en}{fault.message.en}", markup=False)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(audit, name="audit")
