"""What a query needs of an engine, and how to ask an engine whether it has it. Pure."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from rongdun.kernel.errors import Text


class Feature(NamedTuple):
    """One thing an engine may lack: its name in words, and the smallest statement that uses it."""

    words: Text
    probe: str


FEATURES: Final[Mapping[str, Feature]] = {
    "joins": Feature(
        Text("外连接", "outer joins"),
        "select a.x from (select 1 as x) a left join (select 2 as x) b on b.x = a.x and b.x >= a.x",
    ),
    "grouping": Feature(
        Text("分组汇总", "grouping"), "select x, min(x) as y from (select 1 as x) a group by x"
    ),
    "union all": Feature(Text("合并结果", "union all"), "select 1 as x union all select 2 as x"),
    "common table expressions": Feature(
        Text("公用表表达式（with）", "common table expressions (with)"),
        "with a as (select 1 as x) select x from a",
    ),
    "running sums": Feature(
        Text("累计（窗口函数）", "running sums (window functions)"),
        "select sum(x) over (partition by x order by x) as y from (select 1 as x) a",
    ),
}
"""By the name that stands after ``-- needs:`` in a query's file."""
