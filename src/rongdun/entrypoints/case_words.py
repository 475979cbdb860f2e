"""What ``rongdun case`` says on the terminal: Chinese first, English beside."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape

from rongdun.analytics.tracing.advice.model import Suggestion
from rongdun.entrypoints.console import say
from rongdun.kernel.money import format_yuan

if TYPE_CHECKING:
    from rongdun.entrypoints.case_run import Ran

_SHOWN: Final = 15
_ACTIONS: Final = {
    "stop": ("止付", "stop"),
    "ask": ("查流水", "ask"),
    "alert": ("告警", "alert"),
    "wait": ("等待", "wait"),
}
_SUMS: Final = (
    ("seeds_fen", "被骗", "taken"),
    ("left_fen", "在账", "left"),
    ("ended_fen", "已流出", "gone"),
    ("frontier_fen", "无流水", "no statement"),
    ("limit_fen", "超出范围", "beyond limits"),
)


def tell_case(ran: "Ran", out: Path) -> None:
    """Say what was read, where the money is, what to do next and what was written."""
    report, told = ran.report, ran.told
    say(
        f"导入 {len(report.files)} 个文件，台账 {report.transfers:,} 笔交易、{report.accounts:,} 个账户",
        f"{len(report.files)} files: {report.transfers:,} transfers, {report.accounts:,} accounts",
    )
    zh = ",".join(f"{name} {format_yuan(told[key])}" for key, name, _ in _SUMS)
    en = ", ".join(f"{name} {format_yuan(told[key])}" for key, _, name in _SUMS)
    say(f"追踪（{told['rule']}，截至 {told['as_of']}）:{zh}", f"  trace: {en}")
    for number, one in enumerate(ran.advice[:_SHOWN], 1):
        _tell(number, one)
    more = len(ran.advice) - _SHOWN
    if more > 0:
        say(f"另有 {more} 条建议，见 --json", f"{more} more with --json")
    say(
        f"✓ 文书草稿 {len(ran.orders)} 份（未签发，经办人核对后报批），与资金流向表同在 {escape(str(out))}",
        f"  {len(ran.orders)} orders drafted (not sent: officers check and sign), with the fund-flow table",
    )


def _tell(number: int, one: Suggestion) -> None:
    zh, en = _ACTIONS[one.action.value]
    who = escape(" ".join(filter(None, (one.institution, one.number))))
    out = Console(soft_wrap=True, highlight=False)
    out.print(f"{number:>3}. [bold]{zh}[/bold] {en}  {who}  {format_yuan(one.expected_fen)} 元")
    out.print(f"     {escape(one.why[0])}\n     [dim]{escape(one.why[1])}[/dim]")
