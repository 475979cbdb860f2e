"""The calibration page: what the twin shows beside published figures, what fits and what does not. From code.

Three worlds of other seeds than any experiment uses; the page holds their mean and their span.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Any, Final

import numpy as np

from rongdun.simulation.twin import measures
from rongdun.simulation.twin.measures import Seen, see
from rongdun.simulation.twin.params import Params, load_params
from rongdun.simulation.twin.scams import TYPES, type_names
from rongdun.simulation.twin.world import Order

SEEDS: Final = (101, 102, 103)
PEOPLE: Final = 15_000
DAYS: Final = 60
INTENSITY: Final = 600.0
"""So many times the real rate of scams, so that one world has about a thousand; rooms grow with them."""

_DRAWN: Final = 400_000

_GROUPS: Final = {
    "loss": ("损失分布", "Losses"),
    "delay": ("报警时延(时延不拉长的类型)", "Reporting delay (types without a long tail)"),
    "speed": ("转移速度", "Speed"),
    "stop": ("还能止付多少", "What could still be stopped"),
    "mule": ("列警前的涉案账户", "Mule accounts until they are listed"),
    "shape": ("资金形态", "Shape of the flows"),
}
_HEAD: Final = (
    "| 指标 Figure | 公开 Published | 模拟 Simulated | 三个世界 Three worlds | 相符 Fits | 说明 Note |",
    "|---|---|---|---|---|---|",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure; ``low`` and ``high`` say between which values a simulated one fits."""

    group: str
    key: str
    name: tuple[str, str]
    published: str
    source: str
    low: float
    high: float
    unit: str
    note: tuple[str, str] | None

    def fits(self, value: float) -> bool:
        """Tell whether a simulated value fits."""
        return self.low <= value <= self.high


@cache
def published() -> tuple[Figure, ...]:
    """Return the published figures, in the page's order."""
    text = files("rongdun.simulation.twin").joinpath("published.toml").read_text(encoding="utf-8")
    return tuple(map(_figure, tomllib.loads(text)["figure"]))


def _figure(row: Mapping[str, Any]) -> Figure:
    note = row.get("note")
    return Figure(
        row["group"], row["key"], (row["name"]["zh"], row["name"]["en"]), row["published"], row["source"],
        row["from"], row["to"], row.get("unit", "share"), (note["zh"], note["en"]) if note else None,
    )  # fmt: skip


def measured(seen: Seen, seed: int) -> dict[tuple[str, str], float]:
    """Return every figure of one world by group and key."""
    hours = ("hour_1", "hour_12", "hour_24", "later")
    groups: dict[str, dict[str, float]] = {
        "loss": measures.losses(seen.params, seed, _DRAWN),
        "delay": dict(zip(hours, measures.delays(seen, stretched=False), strict=True)),
        "speed": measures.emptied(seen),
        "stop": {
            **measures.at_report(seen),
            **measures.when_stopped(seen, seed),
            "there_30": measures.still_there(seen, 30),
        },
        "mule": {**measures.mule_activity(seen), "mobile_room": measures.mobile_share(seen)[0]},
        "shape": measures.shape(seen),
    }
    return {(group, key): value for group, found in groups.items() for key, value in found.items()}


def calibration_page(people: int = PEOPLE, seeds: Sequence[int] = SEEDS) -> str:
    """Return the page as Markdown; the same for the same program and parameters. Takes some ten seconds."""
    params = load_params(None, {"arrivals": {"intensity": INTENSITY}})
    worlds = [see(Order(people, DAYS, seed), params) for seed in seeds]
    values = [measured(seen, seed) for seen, seed in zip(worlds, seeds, strict=True)]
    parts = [_INTRO.format(worlds=len(seeds), people=people, days=DAYS, intensity=int(INTENSITY))]
    parts += [
        "\n".join((f"## {zh} {en}", "", *_HEAD, *_rows(group, values))) for group, (zh, en) in _GROUPS.items()
    ]
    parts += [_types(worlds, params), _physics(worlds), _verdict(values), _LIMITS]
    return "\n\n".join(parts) + "\n"


def _rows(group: str, values: Sequence[Mapping[tuple[str, str], float]]) -> list[str]:
    return [
        _row(figure, [each[group, figure.key] for each in values])
        for figure in published()
        if figure.group == group
    ]


def _row(figure: Figure, found: Sequence[float]) -> str:
    mean = fmean(found)
    cells = (
        f"{figure.name[0]}<br>{figure.name[1]}",
        f"{figure.published}<br>{figure.source}",
        _shown(mean, figure.unit),
        f"{_shown(min(found), figure.unit)} – {_shown(max(found), figure.unit)}",
        "✓" if figure.fits(mean) else "✗",
        "<br>".join(figure.note) if figure.note else "",
    )
    return "| " + " | ".join(cells) + " |"


def _shown(value: float, unit: str) -> str:
    match unit:
        case "share":
            return f"{value:.1%}"
        case "yuan":
            return f"{value:,.0f}"
        case "minutes":
            return f"{value:.1f}"
        case _:
            return f"{value:.0f}"


def _types(worlds: Sequence[Seen], params: Params) -> str:
    found = [measures.type_shares(seen) for seen in worlds]
    lines = ["## 类型构成 Types", "", "| 类型 Type | 公开 CCL-2023 | 模拟 Simulated |", "|---|---|---|"]
    for name in type_names(params):
        mean = fmean(each[name] for each in found)
        lines.append(f"| {TYPES[name][0]} {TYPES[name][1]} | {params.scams.share[name]:.1%} | {mean:.1%} |")
    return "\n".join(lines)


def _physics(worlds: Sequence[Seen]) -> str:
    """Return how fast money leaves the accounts: the bound of any advice."""
    lines = [
        "## 钱还在账户里多久 How long money stays in accounts", "",
        "| 最后一次付款后 After the last payment | 仍在任一级账户 Still in any account |", "|---|---|",
    ]  # fmt: skip
    for minutes, words in (
        (5, "5 min"),
        (10, "10 min"),
        (30, "30 min"),
        (60, "1 h"),
        (120, "2 h"),
        (720, "12 h"),
        (1440, "24 h"),
    ):
        lines.append(f"| {words} | {fmean(measures.still_there(seen, minutes) for seen in worlds):.1%} |")
    return "\n".join(lines)


def _verdict(values: Sequence[Mapping[tuple[str, str], float]]) -> str:
    fits: list[Figure] = []
    fails: list[Figure] = []
    for figure in published():
        mean = float(np.mean([each[figure.group, figure.key] for each in values]))
        (fits if figure.fits(mean) else fails).append(figure)
    named = "".join(f"\n- {figure.name[0]}:{figure.published} · {figure.name[1]}" for figure in fails)
    return (
        f"## 结论 Verdict\n\n{len(fits)} 项相符,{len(fails)} 项不符。{len(fits)} figures fit, {len(fails)} do not."
        f"\n\n不符 Do not fit:\n{named}"
    )


_INTRO: Final = """# 城市孪生与公开数据对照 The city twin beside published figures

> 本页由 `rongdun twin calibrate` 生成,请勿手改。 Generated by `rongdun twin calibrate`; do not edit it by hand.

{worlds} 个世界,每个 {people:,} 人、{days} 天,诈骗按实际发案率的 {intensity:,} 倍生成,以便一个世界里有上千起;
损失分布另按同一参数抽 40 万起。
“相符”的上下限与来源在 `simulation/twin/published.toml`,参数及其来源在 `simulation/twin/params.toml`。
{worlds} worlds of {people:,} people and {days} days with {intensity:,} times the real rate of scams, so that one holds
about a thousand; losses are drawn 400,000 times from the same parameters. What fits lies between the limits of
`published.toml`."""

_LIMITS: Final = """## 没有比较的 Not compared

- 2015 年要跑银行、交纸面手续,没有公开的时延;止付生效按今天的联网反馈算。金额仍高于当年,是不是因此没有验证。
  In 2015 officers went to the bank with papers, and nobody published how long that took; a stop is reckoned to take
  what it takes online today. The amount stopped is above that year's; whether for this reason is not verified.
- 一级卡停留“10 % 超过 30 分钟”与“中位数 4 分钟、σ = 1.0”不能同时成立(后者为 2.2 %;前者须 σ = 1.57),
  取后者。
  "10 % above 30 min" and "median 4 min, σ 1.0" cannot both hold (2.2 %; the former needs σ = 1.57); the latter is used.
- 类型内 σ 取 2.15,《参数表》写 1.2–1.6:类型之间的差别只给总体 σ 添 0.1 左右,要到公开的 2.338,
  只能在类型之内。
  σ within a type is 2.15 where the notes say 1.2–1.6: types differ too little to bring the whole to 2.338.
- 报警量按实际的若干倍生成,水房也随之变大,同一账户里混的被害人比真实的多。
  Scams are many times the real rate and rooms grow with them, so accounts mix more victims than real ones do.
- 水房先转哪名被害人的钱(新、旧、按比例)没有公开数据,是假设;水房付款不动户主自己的钱,也是定义。
  两者都有利于后进先出和时间窗规则:不能用孪生证明哪条归属规则最准。
  Which victim's money a room passes on first has no published figure and is assumed; that a room's payments leave the
  holder's own money alone is a definition. Both favour LIFO and the time window: the twin proves no rule right."""
