"""What ``rongdun trace`` says on the terminal: Chinese first, English beside."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rongdun.analytics.tracing.flow_words import ENDS, RULES
from rongdun.entrypoints.console import say
from rongdun.kernel.money import format_yuan

if TYPE_CHECKING:
    from rongdun.analytics.tracing.trace import Trace
    from rongdun.entrypoints.trace_run import Order

_SHOWN: Final = 15
_SUMS: Final = (
    ("seeds_fen", "被骗金额 taken"),
    ("left_fen", "在账余额 left"),
    ("ended_fen", "已流出 gone"),
    ("frontier_fen", "无流水 no statement"),
    ("limit_fen", "超出范围 beyond limits"),
)


def tell_trace(found: "Trace", order: "Order", told: dict[str, Any]) -> None:
    """Show the sums, the accounts with most of the victims' money, and what the trace could not match or follow."""
    out = Console(highlight=False)
    rule = RULES[told["rule"]]
    say(f"规则：{rule.zh}  截至 {told['as_of']}  台账版本 {found.version}", f"rule: {rule.en}")
    sums = Table(show_header=False)
    for name, title in _SUMS:
        sums.add_row(title, format_yuan(told[name]))
    out.print(sums)
    _tell_accounts(out, told)
    _tell_doubts(found, order)


def tell_backward(told: dict[str, Any], top: int) -> None:
    """Show payers by falling score with their reasons, and how many accounts feed pools."""
    say(f"付款方 {len(told['payers']):,} 个", f"{len(told['payers']):,} payers")
    for one in told["payers"][:top]:
        who = escape(" ".join(filter(None, (one["institution"], one["number"], one["name"]))))
        why = ";".join(reason["zh"] for reason in one["reasons"])
        why_en = "; ".join(reason["en"] for reason in one["reasons"])
        paid = f"{format_yuan(one['fen'])} 元 / {one['payments']} 笔"
        say(f"\n{one['score']:.2f}  {who}  {paid}\n      {why}", f"      {why_en}")
    say(f"\n汇入资金池的账户关系 {len(told['feeds']):,} 条", f"{len(told['feeds']):,} accounts feed a pool")


def _tell_accounts(out: Console, told: dict[str, Any]) -> None:
    rows = sorted(told["accounts"], key=lambda one: -one["left_fen"])
    table = Table("层级", "受害人", "账户", "转入", "余留", "去向")
    for one in rows[:_SHOWN]:
        who = escape(" ".join(filter(None, (one["institution"], one["account"]))))
        table.add_row(
            str(one["tier"]),
            escape(one["victim"]),
            who,
            format_yuan(one["in_fen"]),
            format_yuan(one["left_fen"]),
            ENDS[one["end"]].zh,
        )
    out.print(table)
    if len(rows) > _SHOWN:
        say(f"另有 {len(rows) - _SHOWN:,} 行见结果文件", f"{len(rows) - _SHOWN:,} more rows in the result")


def _tell_doubts(found: "Trace", order: "Order") -> None:
    assumed = int(np.count_nonzero(found.arrivals.assumed))
    if assumed:
        say(
            f"! {assumed} 笔受害人转账在流水中没有对应，按报案所述计入",
            f"  {assumed} of the victims' transfers match no statement; taken as reported",
        )
    later = len(order.seeds) - len(found.arrivals.transfer)
    if later:
        say(
            f"! {later} 笔受害人转账晚于截至时间，未计入",
            f"  {later} of the victims' transfers are later than --as-of",
        )
    if found.stops:
        say(
            f"! 按规则止于 {len(found.stops)} 个公共账户（用 --hub 调整）",
            f"  stopped at {len(found.stops)} shared accounts by policy (see --hub)",
        )
