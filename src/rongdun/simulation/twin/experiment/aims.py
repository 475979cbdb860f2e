"""Whether the aim of advice is met, part by part, and what the bound says of the parts that are not. From results."""

from typing import Final

from rongdun.simulation.twin.experiment.sums import Interval, Line, Sums
from rongdun.simulation.twin.experiment.worlds import BOUND, OURS

_OF_ORACLE: Final = 0.85
_TIMES: Final = 1.5


def aim(sums: Sums) -> list[tuple[str, str, bool, str]]:
    """Return the aim's three parts: words in two languages, whether it is met over all settings, the figure."""
    ours, best = of_policy(sums, OURS), of_policy(sums, sums.best_simple())
    times = sums.ours_to_best()
    return [
        (
            "不低于全知上界的 85 %",
            "at least 85 % of the oracle",
            ours.of_oracle.value >= _OF_ORACLE,
            percent(ours.of_oracle),
        ),
        (
            "不低于最好的简单做法的 1.5 倍",
            "at least 1.5 times the best simple policy",
            times.value >= _TIMES,
            multiple(times),
        ),
        (
            "误止无辜者的资金不多于最好的简单做法",
            "innocents' money held at most that of the best simple policy",
            ours.innocents_fen <= best.innocents_fen,
            f"{yuan(ours.innocents_fen)} : {yuan(best.innocents_fen)}"
            f"(共 {_stopped(ours)} : {_stopped(best)} 户 accounts)",
        ),
    ]


def aims(sums: Sums) -> str:
    """Return the section: a table of the parts, in words which are met, and what nobody could reach."""
    lines = ["## 目标是否达到 Is the aim met", "", "| 目标 Aim | 达到 Met | 测得 Measured |", "|---|---|---|"]
    lines += [f"| {zh}<br>{en} | {'✓' if met else '✗'} | {figure} |" for zh, en, met, figure in aim(sums)]
    return "\n".join([*lines, "", *_in_words(sums), "", *_bound(sums)])


def of_policy(sums: Sums, name: str) -> Line:
    """Return the line of a policy over all settings."""
    return next(line for line in sums.lines() if line.policy == name and line.delay is None)


def _stopped(line: Line) -> int:
    """Return how many innocents' accounts were stopped in all."""
    return round(line.innocents * line.cases)


def _in_words(sums: Sums) -> list[str]:
    met = [one[2] for one in aim(sums)]
    zh, en = _listed(met, "、", ("第一", "第二", "第三")), _listed(met, ", ", ("first", "second", "third"))
    return [
        f"三项目标中,达到的:{zh[0] or '无'};未达到的:{zh[1] or '无'}。",
        f"Of the three parts of the aim, met: {en[0] or 'none'}; not met: {en[1] or 'none'}.",
    ]


def _listed(met: list[bool], between: str, names: tuple[str, ...]) -> tuple[str, str]:
    told = list(zip(names, met, strict=True))
    return between.join(name for name, is_met in told if is_met), between.join(
        name for name, is_met in told if not is_met
    )


def _bound(sums: Sums) -> list[str]:
    """Return what the told oracle says: how far anybody could come who stops only accounts he was told of."""
    told, ours = of_policy(sums, BOUND), of_policy(sums, OURS)
    best = sums.part(sums.best_simple())
    times = sums.share(sums.part(BOUND), "saved", best, "saved")
    out = [
        f"知情上界(看得见真相,但只能止付被害人或流水说出的账户)是全知上界的 {percent(told.of_oracle)},"
        f"相当于最好的简单做法的 {multiple(times)} 倍:账户未被查知之前,谁也不能止付。"
        f"本系统建议是知情上界的 {percent(ours.of_bound)}。",
        f"The told oracle sees the truth but may stop only accounts that a victim or a statement named; it saves "
        f"{percent(told.of_oracle)} of what the oracle does and {multiple(times)} times what the best simple policy "
        f"does. Advice saves {percent(ours.of_bound)} of the told oracle.",
    ]
    return [*out, *_out_of_reach(told.of_oracle.high < _OF_ORACLE, times.high < _TIMES)]


def _out_of_reach(first: bool, second: bool) -> list[str]:
    """Return in words which of the first two parts the bound shows to be out of reach: its whole interval is below."""
    if not (first or second):
        return []
    zh, en = (
        _listed([first, second], "、", ("第一", "第二")),
        _listed([first, second], " and ", ("first", "second")),
    )
    return [
        "",
        f"因此{zh[0]}项目标在这些世界里达不到:看得见真相、只是须先查知账户的做法也达不到,连其区间的上端也不到"
        "(此上界是贪心的,见下,不是证明)。",
        f"So the {en[0]} part of the aim is out of reach in these worlds: who sees the truth, but must be told of an "
        "account before it is stopped, does not reach it either, not with the upper end of the interval (that bound is "
        "greedy, see below, and no proof).",
    ]


def percent(one: Interval) -> str:
    """Return a share and its interval."""
    return "—" if one.value != one.value else f"{one.value:.1%}({one.low:.0%}–{one.high:.0%})"


def multiple(one: Interval) -> str:
    """Return a ratio and its interval."""
    return "—" if one.value != one.value else f"{one.value:.2f}({one.low:.2f}–{one.high:.2f})"


def yuan(fen: float) -> str:
    """Return fen as whole yuan."""
    return f"{fen / 100:,.0f} 元"
