"""The page of an experiment: what each policy saved, whether the aim is met, and what bounds it. From results."""

from collections.abc import Mapping, Sequence
from typing import Final

from rongdun.simulation.twin.experiment.desk import Setting
from rongdun.simulation.twin.experiment.run import LEAST_LOSS, Plan
from rongdun.simulation.twin.experiment.sums import Interval, Line, Sums
from rongdun.simulation.twin.experiment.worlds import BOUND, ORACLE, OURS

NAMES: Final[dict[str, tuple[str, str]]] = {
    "none": ("不处置", "nobody acts"),
    "tier": ("按层级、到账先后", "tier order as received"),
    "balance": ("余额大的先", "biggest balance first"),
    "newest": ("最新到账的先", "newest first"),
    OURS: ("本系统建议", "advice"),
    BOUND: ("知情上界", "told oracle"),
    ORACLE: ("全知上界", "oracle"),
}
_SHIFTS: Final[dict[str, tuple[str, str]]] = {
    "none": ("未变", "as fitted"),
    "faster_mules": ("转移快一倍", "mules twice as fast"),
    "slower_banks": ("银行慢一倍", "banks twice as slow"),
    "era_2018": ("2018 年的出口构成", "exits of 2018"),
    "more_parking": ("更多资金停留", "more money parked"),
}
_OF_ORACLE: Final = 0.85
_TIMES: Final = 1.5


def page(plan: Plan, sums: Sums, shifted: Mapping[str, Sums], command: str) -> str:
    """Return the page as Markdown; ``shifted`` holds the same experiment in worlds of other parameters by name."""
    cases = sums.part(OURS).select("world", "scam").unique().height
    parts = [
        _INTRO.format(
            command=command, worlds=plan.worlds, cases=cases, each=plan.cases, people=plan.people, days=plan.days,
            first=plan.seed, last=plan.seed + plan.worlds - 1, least=round(LEAST_LOSS),
        ),
        _aim(sums),
        _policies(sums),
        _settings(sums),
        *([_shifted(sums, shifted)] if shifted else []),
        _LIMITS,
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def aim(sums: Sums) -> list[tuple[str, str, bool, str]]:
    """Return the aim's three parts: words in two languages, whether it is met over all settings, the figure."""
    ours, best = _of(sums, OURS), _of(sums, sums.best_simple())
    times = sums.ours_to_best()
    return [
        (
            "不低于全知上界的 85 %",
            "at least 85 % of the oracle",
            ours.of_oracle.value >= _OF_ORACLE,
            _interval(ours.of_oracle),
        ),
        (
            "不低于最好的简单做法的 1.5 倍",
            "at least 1.5 times the best simple policy",
            times.value >= _TIMES,
            _times(times),
        ),
        (
            "误止无辜者的资金不多于最好的简单做法",
            "innocents' money held at most that of the best simple policy",
            ours.innocents_fen <= best.innocents_fen,
            f"{_yuan(ours.innocents_fen)} : {_yuan(best.innocents_fen)}",
        ),
    ]


def _of(sums: Sums, name: str) -> Line:
    return next(line for line in sums.lines() if line.policy == name and line.delay is None)


def _aim(sums: Sums) -> str:
    lines = ["## 目标是否达到 Is the aim met", "", "| 目标 Aim | 达到 Met | 测得 Measured |", "|---|---|---|"]
    lines += [f"| {zh}<br>{en} | {'✓' if met else '✗'} | {figure} |" for zh, en, met, figure in aim(sums)]
    told, bound = _of(sums, BOUND), _of(sums, OURS)
    lines += [
        "",
        f"知情上界(看得见真相,但只能止付被害人或流水说出的账户)是全知上界的 {_interval(told.of_oracle)}:"
        f"账户未被查知之前,谁也不能止付。本系统建议是知情上界的 {_interval(bound.of_bound)}。",
        f"The told oracle sees the truth but may stop only accounts that a victim or a statement named; it saves "
        f"{_interval(told.of_oracle)} of what the oracle does. Advice saves {_interval(bound.of_bound)} of the told "
        "oracle.",
    ]
    return "\n".join(lines)


def _policies(sums: Sums) -> str:
    head = (
        "## 各种做法,全部情形合计 Policies over all settings", "",
        "| 做法 Policy | 挽回占可挽回 Saved of stealable | 占全知上界 Of oracle | 占知情上界 Of told oracle | "
        "止付/案 Stops | 查询/案 Asks | 民警分钟/案 Minutes | 误止/百案 Innocents per 100 | 其资金/案 Their money |",
        "|---|---|---|---|---|---|---|---|---|",
    )  # fmt: skip
    return "\n".join([*head, *(_policy(line) for line in sums.lines() if line.delay is None)])


def _policy(line: Line) -> str:
    cells = (
        "<br>".join(NAMES[line.policy]), _interval(line.saved_share), _interval(line.of_oracle),
        _interval(line.of_bound), f"{line.stops:.1f}", f"{line.asks:.1f}", f"{line.minutes:.1f}",
        f"{100 * line.innocents:.1f}", _yuan(line.innocents_fen),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _settings(sums: Sums) -> str:
    names = [name for name in NAMES if name != "none" and sums.part(name).height]
    head = " | ".join("<br>".join(NAMES[name]) for name in names)
    lines = [
        "## 各情形:挽回占可挽回 Each setting: saved of stealable", "",
        "民警由同一小时里报警的全部案件共用。Officers are shared by all cases of the hour.", "",
        f"| 报警时延中位数 Delay | 民警 Officers | {head} | 建议∶最好简单 Advice to best simple |",
        "|---|---|" + "---|" * (len(names) + 1),
    ]  # fmt: skip
    return "\n".join(lines + [_setting(sums, setting, names) for setting in sums.settings()])


def _setting(sums: Sums, setting: Setting, names: Sequence[str]) -> str:
    shares = []
    for name in names:
        part = sums.part(name, setting)
        shares.append(f"{sums.share(part, 'saved', part, 'stealable').value:.1%}")
    cells = (
        f"{setting.delay:g} min",
        str(setting.officers),
        *shares,
        _times(sums.ours_to_best(setting)),
    )
    return "| " + " | ".join(cells) + " |"


def _shifted(sums: Sums, shifted: Mapping[str, Sums]) -> str:
    lines = [
        "## 换一个世界 Other worlds", "",
        "建议的参数不变,世界变了。Advice keeps its parameters, the world is another one.", "",
        "| 世界 World | 挽回占可挽回 Saved | 占全知上界 Of oracle | 占知情上界 Of told oracle "
        "| 建议∶最好简单 To best simple |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    for name, one in {"none": sums, **shifted}.items():
        ours = _of(one, OURS)
        told = (ours.saved_share, ours.of_oracle, ours.of_bound)
        cells = ("<br>".join(_SHIFTS[name]), *map(_interval, told), _times(one.ours_to_best()))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _interval(one: Interval) -> str:
    return "—" if one.value != one.value else f"{one.value:.1%}({one.low:.0%}–{one.high:.0%})"


def _times(one: Interval) -> str:
    return "—" if one.value != one.value else f"{one.value:.2f}({one.low:.2f}–{one.high:.2f})"


def _yuan(fen: float) -> str:
    return f"{fen / 100:,.0f} 元"


_INTRO: Final = """# 处置建议实验 What advice saves

> 本页由下面的命令生成,请勿手改。 Generated by the command below; do not edit it by hand.
>
> `{command}`

{worlds} 个模拟世界(种子 {first}–{last}),每个 {people:,} 人、{days} 天,诈骗密度同校准页;
每个世界取一个忙时:最多 {each} 起损失 {least:,} 元以上、钱款走账户的案件在一小时内先后报警,共用民警;共 {cases} 起。
案件从报警那一刻用各种做法重演:世界、银行答复、民警都相同,只有“下一步做什么”不同。
银行止付、查询的时延和差错、每步所需民警分钟数见 `simulation/twin/params.toml` 的 `[replies]`、`[desk]`。
“可挽回”是报警时仍在涉案账户里的本案被骗款;“挽回”是报警后 48 小时仍被止付的那部分,按真相计。
括号里是 95 % 区间(按世界自助抽样)。
{worlds} worlds (seeds {first}–{last}) of {people:,} people and {days} days, with scams as dense as in the calibration;
each gives one busy hour, in which up to {each} cases of {least:,} yuan and more are reported one after the other and
share the officers; {cases} cases in all. They are replayed under every policy from the report on: the same world,
the same answers of banks, the same officers; only what is done next differs. "Stealable" is what of the
case's money lay in rooms' accounts at the report; "saved" is what of it is held 48 hours later, by the truth. In
brackets: 95 % intervals, bootstrap over worlds."""

_LIMITS: Final = """## 说明与限度 Limits

- 水房的付款被拒,即知此卡已被止付:此后原定转入该卡的钱改去其换币人账户,不再能追。
  真实水房怎样反应没有公开数据,这里取对追赃不利的一种。
  A room whose payment is refused knows; what was meant for that card goes to its trader, out of reach. What real rooms
  do is not published; this is the harder case.
- 两个上界都是贪心选择:每一步取使结局最好的一步(含水房的反应),不保证最优;个别情形有别的做法胜过知情上界。
  Both oracles are greedy: each step is the one that makes the end best, the room's answer included. They are bounds in
  practice; now and then another policy beats the told oracle.
- 同一小时的案件共用民警,但各在自己那份世界里:别案的止付不影响本案。
  Cases of an hour share the officers, each in its own copy of the world: a stop in one does not change another.
- 换币人账户里的钱视为已走;止付它不算挽回,也不算误止。
  Money that reached a trader counts as gone; stopping him saves nothing and harms no innocent.
- 先转哪名被害人的钱是假设(见孪生说明),规则的好坏不能由此断定。
  Whose money a room passes on first is assumed; the experiment proves no rule of attribution right."""
