"""Where the parameters of advice come from, and what learning them from other worlds changes. From results."""

from dataclasses import dataclass
from typing import Final

from rongdun.simulation.twin.experiment.aims import multiple, of_policy, percent, yuan
from rongdun.simulation.twin.experiment.run import Plan
from rongdun.simulation.twin.experiment.sums import Line, Sums
from rongdun.simulation.twin.experiment.worlds import OURS


@dataclass(frozen=True, slots=True)
class Learnt:
    """What advice did in the same worlds with a prior that learnt from ``worlds`` others, of the seeds from 0 on."""

    worlds: int
    sums: Sums


def parameters(plan: Plan, sums: Sums, learnt: Learnt | None) -> str:
    """Return where the parameters of advice are from, and what learning them from other worlds changes."""
    first, last = plan.seed, plan.seed + plan.worlds - 1
    lines = [
        "## 建议的参数从何而来 Where the parameters of advice come from",
        "",
        _JUDGED,
    ]
    if learnt is None:
        return "\n".join([*lines, "", _NOT_LEARNT])
    ours = learnt.sums.part(OURS)
    times = sums.share(ours, "saved", sums.part(OURS), "saved")
    words = _LEARNT.format(fitted=learnt.worlds - 1, worlds=learnt.worlds, first=first, last=last)
    return "\n".join([
        *lines, "", words, "",
        "| 参数 Parameters | 挽回占可挽回 Saved of stealable | 民警分钟/案 Minutes | 误止/百案 Innocents per 100 "
        "| 其资金/案 Their money |",
        "|---|---|---|---|---|",
        _with("人定(随产品发布)", "judged, as shipped", of_policy(sums, OURS)),
        _with("学得", "learnt", of_policy(learnt.sums, OURS)),
        "", f"学得的∶人定的 Learnt to judged: {multiple(times)}",
    ])  # fmt: skip


def _with(zh: str, en: str, line: Line) -> str:
    cells = (
        f"{zh}<br>{en}", percent(line.saved_share), f"{line.minutes:.1f}", f"{100 * line.innocents:.1f}",
        yuan(line.innocents_fen),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


_JUDGED: Final = """随产品发布的参数(`advice/prior.toml`,每项注明来源)是人定的:取自公开数字,没有的由设计给出。
一分钟警力值多少([worth])在种子 600 以下的世界里试过几个值后选定。
止付会押住多少无辜者的资金,早先按中位数、且不分账户种类估计;种子 2000–2029 的报告显示误止资金过多,
原因在种子 500–599 上查出并改正。没有用种子 600 以上的世界选任何参数。
The parameters that ship (`advice/prior.toml`, each with its source) are judged: from published figures, or by design.
What a minute of an officer is worth was chosen among a few values in worlds of seeds below 600. How much of innocents'
own money a stop holds was once taken as a median, whatever the kind of account. That too much was held showed in an
earlier report on seeds 2000–2029; why was found and mended on seeds 500–599. No world of seed 600 or above chose a
parameter."""

_NOT_LEARNT: Final = """学得的参数与人定的相比如何,用 `--fit N` 另行测量;本页没有测。
What parameters learnt from closed cases change is measured with `--fit N`; it was not for this page."""

_LEARNT: Final = """学得的参数:从种子 0–{fitted} 的 {worlds} 个世界里按层级办结的案件学来(`advice/fit.py`),
向人定的值收缩;在同样的种子 {first}–{last} 上重做,只换参数。
Learnt: from the cases of {worlds} worlds (seeds 0–{fitted}), worked in tier order and closed, shrunk to the judged
values; tried in the same worlds of seeds {first}–{last}, nothing else changed."""
