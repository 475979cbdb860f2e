"""What the commands of the ledger say on the terminal: Chinese first, English beside."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from rongdun.analytics.ledger.balance import Break
from rongdun.analytics.ledger.rejects_book import reason_text
from rongdun.analytics.ledger.report import FileReport, ImportReport, VacuumReport, VersionReport
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.money import format_yuan

_REJECTS_SHOWN: Final = 10
_BREAKS_SHOWN: Final = 50
_COUNTS: Final = ("rows", "taken", "duplicates", "rejected", "blank")
_COUNT_TITLES: Final = ("行数 rows", "入账 taken", "重复 repeated", "拒收 refused", "空行 blank")

BREAK_WORDS: Final = {
    "gap": "缺行 rows missing",
    "missing_page": "缺页 page missing",
    "odd_balance": "余额有误 odd balance",
    "disorder": "同时刻乱序 out of order",
    "reversed": "倒序 newest first",
}


def tell_file(report: FileReport) -> None:
    """Say that a file is read."""
    mark = "[red]✗[/red]" if report.refused else "[green]✓[/green]"
    words = reason_text(report.refused).zh if report.refused else report.layout or "—"
    out = Console(soft_wrap=True, highlight=False)
    out.print(f"{mark} {report.path}  [dim]{words} · {report.rows:,} 行 rows[/dim]")


def tell_import(report: ImportReport) -> None:
    """Show an import: each file with its counts, the first refused rows, the totals."""
    out = Console(highlight=False)
    table = Table(title=f"导入版本 {report.version} / import", title_justify="left")
    table.add_column("文件 file", overflow="fold")
    table.add_column("格式 layout")
    for title in _COUNT_TITLES:
        table.add_column(title, justify="right")
    for file in report.files:
        layout = reason_text(file.refused).zh if file.refused else file.layout or ""
        table.add_row(file.path, layout, *(f"{getattr(file, name):,}" for name in _COUNTS))
    out.print(table)
    _tell_rejects(out, report)
    _tell_totals(out, report)


def tell_version(report: VersionReport) -> None:
    """Show a version: its imports and totals."""
    out = Console(highlight=False)
    table = Table(title=f"台账版本 {report.version} / ledger version ({report.kind})", title_justify="left")
    for title in ("版本 version", "时间 at", "文件 files", *_COUNT_TITLES):
        table.add_column(title, justify="right")
    for line in report.imports:
        numbers = (f"{line[name]:,}" for name in ("files", *_COUNTS))
        table.add_row(str(line["version"]), str(line["at"])[:19], *numbers)
    out.print(table)
    _tell_totals(out, report)
    if report.dropped:
        out.print(f"已清理、不能再查看的版本 / versions cleared away: {ranges(report.dropped)}")


def tell_vacuum(report: VacuumReport) -> None:
    """Show what was cleared away."""
    out = Console(highlight=False)
    size = f"{report.bytes / 2**20:,.1f} MiB"
    out.print(f"[green]✓[/green] 删除 {report.files:,} 个文件,{size}  {report.files:,} files removed, {size}")
    if report.dropped_now:
        told = ranges(report.dropped_now)
        out.print(f"  不能再查看的版本 {told}(导入仍可撤销)  no longer readable; imports can still be undone")
    out.print(f"  保留的版本 / versions kept: {ranges(report.kept)}")


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as runs: ``1–4, 7``."""
    starts = [n for n in numbers if n - 1 not in set(numbers)]
    ends = [n for n in numbers if n + 1 not in set(numbers)]
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True))


def tell_breaks(breaks: Iterable[Break]) -> None:
    """Show the findings of a balance check."""
    found = list(breaks)
    out = Console(highlight=False)
    if not found:
        out.print("[green]✓[/green] 余额逐笔相符  every balance follows from the one before")
        return
    table = Table(title=f"余额核对 {len(found)} 处 / findings", title_justify="left")
    for title in ("账号 account", "发现 finding", "前行 after row", "后行 before row", "时间 time"):
        table.add_column(title)
    for title in ("应有 expected", "实有 found", "缺 missing"):
        table.add_column(title, justify="right")
    for one in found[:_BREAKS_SHOWN]:
        table.add_row(*_break_cells(one))
    out.print(table)


def _break_cells(one: Break) -> list[str]:
    money = [format_yuan(fen) for fen in (one.expected_fen, one.found_fen, one.missing_fen)]
    when = one.after.time.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    rows = [f"{place.sheet or ''}#{place.row}" for place in (one.before, one.after)]
    return [one.account, BREAK_WORDS[one.kind], *rows, when, *money]


def _tell_rejects(out: Console, report: ImportReport) -> None:
    rejects = [(file.path, told) for file in report.files for told in file.rejects]
    for path, told in rejects[:_REJECTS_SHOWN]:
        reason = reason_text(told["reason"])
        line = f"第{told['row']}行" if told["row"] else ""
        where = " ".join(part for part in (path, told["sheet"], line, told["column"]) if part)
        out.print(f"  [yellow]![/yellow] {where}: {reason.zh} [dim]{reason.en}[/dim]", soft_wrap=True)
    more = len(rejects) + report.rejects_omitted - _REJECTS_SHOWN
    if more > 0:
        out.print(f"  … 另有 {more:,} 行,见 --rejects 工作簿 / more in the workbook (--rejects out.xlsx)")


def _tell_totals(out: Console, report: ImportReport | VersionReport) -> None:
    out.print(
        f"账号 {report.accounts:,} · 交易 {report.transfers:,} · "
        f"观测 {report.observations:,} · 两账配对 {report.paired:,}"
    )
    out.print(
        f"[dim]{report.accounts:,} accounts, {report.transfers:,} transfers, "
        f"{report.observations:,} observations, {report.paired:,} seen in both books[/dim]"
    )
