"""``rongdun twin experiment``: what advice saves, beside simple policies and oracles, in paired worlds."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from rongdun.entrypoints.console import say
from rongdun.entrypoints.ledger_cli import Json, calls, print_json
from rongdun.kernel.errors import Invalid, Text

if TYPE_CHECKING:
    from rongdun.simulation.twin.experiment.learnt import Learnt
    from rongdun.simulation.twin.experiment.run import Plan
    from rongdun.simulation.twin.experiment.sums import Sums

_MOST: Final = 10_000


class WrongNumbers(Invalid):
    """A list of numbers on the command line is none."""

    code = "wrong_experiment_numbers"
    message = Text("应为以逗号分隔的正数", "Positive numbers, separated by commas, are wanted")
    action = Text("例如 --delays 10,30,120", "For instance --delays 10,30,120")


class FitApart(Invalid):
    """What is learnt must come from worlds that are not reported."""

    code = "fit_apart"
    message = Text(
        "学习用的世界（种子从 0 起）不能同时用来报告",
        "Worlds learnt from (seeds from 0 on) cannot be reported too",
    )
    action = Text("例如 --fit 20 --seed 2000", "For instance --fit 20 --seed 2000")


class NoSuchShift(Invalid):
    """``--shifts`` names a world that is not there."""

    code = "no_such_twin_shift"
    message = Text("没有这个名称的世界", "There is no world of this name")


def experiment(
    worlds: Annotated[int, typer.Option(min=1, max=_MOST, help="世界数 / worlds")] = 30,
    people: Annotated[int, typer.Option(min=300, max=1_000_000, help="每个世界人口 / people")] = 8000,
    days: Annotated[int, typer.Option(min=3, max=60, help="天数 / days")] = 7,
    seed: Annotated[int, typer.Option(min=0, max=2**30, help="第一个种子 / the first seed")] = 2000,
    delays: Annotated[str, typer.Option(help="报警时延中位数,分钟 / delays")] = "10,30,120",
    officers: Annotated[str, typer.Option(help="民警数 / officers")] = "1,2,4",
    cases: Annotated[int, typer.Option(min=1, max=_MOST, help="一小时最多案件 / cases of a busy hour")] = 6,
    shifts: Annotated[
        str, typer.Option(help="另在这些变样的世界里重做,逗号分隔 / worlds of other parameters")
    ] = "",
    prior: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="建议的先验(TOML) / prior of advice")
    ] = None,
    fit: Annotated[
        int,
        typer.Option(
            min=0,
            max=_MOST,
            help="另用从这么多个别的世界学得的参数对照 / also with what so many other worlds teach",
        ),
    ] = 0,
    learnt: Annotated[
        Path | None, typer.Option(dir_okay=False, help="学得的先验写入此文件 / a file for what was learnt")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="进程数 / processes")] = 2,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="写成文档页 / write the page (Markdown)")
    ] = None,
    as_json: Json = False,
) -> None:
    """成对世界里比较处置做法:挽回多少、误止多少。Compare ways to choose the next step in paired worlds."""
    from rongdun.simulation.twin.experiment.page import page
    from rongdun.simulation.twin.experiment.run import SHIFTS, Plan

    with calls():
        names = [name for name in shifts.split(",") if name]
        if not set(names) <= SHIFTS.keys():
            raise NoSuchShift(action=Text("可用:" + "、".join(SHIFTS), "Known: " + ", ".join(SHIFTS)))
        plan = Plan(
            worlds=worlds, people=people, days=days, seed=seed, delays=_numbers(delays),
            officers=[int(one) for one in _numbers(officers)], cases=cases, prior=prior,
            processes=processes,
        )  # fmt: skip
        if fit > seed:
            raise FitApart()
        sums = _run(plan, "none", quiet=as_json)
        shifted = {name: _run(plan, name, quiet=as_json) for name in names}
        fitted = _learnt(plan, fit, learnt, quiet=as_json) if fit else None
    if out is not None:
        out.write_text(
            page(plan, sums, shifted, _command(plan, names, fit, out.name), fitted), encoding="utf-8"
        )
    if as_json:
        print_json(_json(plan, sums, shifted, fitted))
    else:
        _tell(sums)


def _learnt(plan: "Plan", worlds: int, file: Path | None, *, quiet: bool) -> "Learnt":
    """Return what advice does with a prior that learnt from the worlds of the seeds from 0 on; kept in ``file``."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from rongdun.simulation.twin.experiment.fitting import learnt
    from rongdun.simulation.twin.experiment.learnt import Learnt
    from rongdun.simulation.twin.experiment.worlds import OURS

    with TemporaryDirectory(prefix="rongdun-learnt-") as folder:
        file = file or Path(folder) / "prior.toml"
        file.write_text(learnt(plan, worlds), encoding="utf-8")
        return Learnt(worlds, _run(replace(plan, prior=file, policies=(OURS,)), "none", quiet=quiet))


def _run(plan: "Plan", shift: str, *, quiet: bool) -> "Sums":
    from dataclasses import replace

    from rongdun.simulation.twin.experiment.run import run
    from rongdun.simulation.twin.experiment.sums import Sums

    def tell(done: int, whole: int) -> None:
        if not quiet and done % 5 == 0:
            say(f"· {done}/{whole} 个世界", f"  {done}/{whole} worlds")

    return Sums(run(replace(plan, shift=shift), tell))


def _numbers(text: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise WrongNumbers() from error
    if any(not 0 < one < _MOST for one in found):
        raise WrongNumbers()
    return found


def _json(plan: "Plan", sums: "Sums", shifted: dict[str, "Sums"], learnt: "Learnt | None") -> dict[str, Any]:
    from rongdun.simulation.twin.experiment.aims import aim

    return {
        "plan": plan.as_json(),
        "lines": [line.as_json() for line in sums.lines()],
        "shifted": {name: [line.as_json() for line in one.lines()] for name, one in shifted.items()},
        "learnt": learnt
        and {
            "worlds": learnt.worlds,
            "lines": [line.as_json() for line in learnt.sums.lines()],
        },
        "aim": [{"zh": zh, "en": en, "met": met, "measured": told} for zh, en, met, told in aim(sums)],
    }


def _tell(sums: "Sums") -> None:
    from rongdun.simulation.twin.experiment.aims import aim
    from rongdun.simulation.twin.experiment.page import NAMES

    for line in sums.lines():
        if line.delay is None:
            zh, en = NAMES[line.policy]
            share = f"{line.saved_share.value:.1%}"
            say(
                f"· {zh}:挽回 {share}，每案 {line.stops:.1f} 次止付、{line.asks:.1f} 次查询",
                f"  {en}: {share} saved, {line.stops:.1f} stops and {line.asks:.1f} questions a case",
            )
    for zh, en, met, figure in aim(sums):
        mark = "✓" if met else "✗"
        say(f"{mark} {zh}:{figure}", f"  {en}: {figure}")


def _command(plan: "Plan", shifts: Sequence[str], fit: int, name: str) -> str:
    def told(values: Sequence[float]) -> str:
        return ",".join(f"{one:g}" for one in values)

    more = f" --shifts {','.join(shifts)}" if shifts else ""
    more += f" --fit {fit}" if fit else ""
    return (
        f"rongdun twin experiment --worlds {plan.worlds} --people {plan.people} --days {plan.days} --seed {plan.seed} "
        f"--delays {told(plan.delays)} --officers {told(plan.officers)} "
        f"--cases {plan.cases}{more} --out docs/{name}"
    )
