"""``rongdun simulate`` and ``rongdun twin``: a city whose truth is known, beside published figures."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from rongdun.entrypoints.console import say
from rongdun.entrypoints.ledger_cli import Json, calls, print_json
from rongdun.entrypoints.twin_bank import bank
from rongdun.entrypoints.twin_experiment_cli import experiment
from rongdun.kernel.errors import Invalid, Text

twin = typer.Typer(
    no_args_is_help=True, help="城市孪生:与公开数据对照 / the city twin beside published figures"
)

_FILES: Final = re.compile(r"seeds|all-mules|[1-9][0-9]*")
_MOST_PEOPLE: Final = 50_000_000


class WrongFiles(Invalid):
    """``--files`` names none of the three ways of asking."""

    code = "wrong_twin_files"
    message = Text(
        "--files 只能是 seeds、all-mules 或账户数", "--files is seeds, all-mules or a number of accounts"
    )
    action = Text("例如 --files 200", "For instance --files 200")


def simulate(
    people: Annotated[int, typer.Option(min=10, max=_MOST_PEOPLE, help="人口 / people")],
    out: Annotated[Path, typer.Option(help="输出目录,须为空 / an empty directory", file_okay=False)],
    days: Annotated[int, typer.Option(min=1, max=366, help="天数 / days")] = 30,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="随机种子 / seed")] = 7,
    params: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="只写要改的参数(TOML) / only what differs (TOML)"),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(exists=True, help="AMLGentex 或 AMLSim 输出作合法背景 / legal money from that output"),
    ] = None,
    files: Annotated[
        str, typer.Option(help="哪些账户出流水:seeds、all-mules 或账户数 / whose statements are asked for")
    ] = "seeds",
    as_json: Json = False,
) -> None:
    """生成一座城市:合法资金、诈骗、水房、报警、银行回函;真相另存。Make a city, with what its banks would send."""
    from rongdun.simulation.twin.params import load_params
    from rongdun.simulation.twin.world import Order, make_world

    with calls():
        if not _FILES.fullmatch(files):
            raise WrongFiles()
        order = Order(people, days, seed, background, files)
        report = make_world(out, order, load_params(params), _silent if as_json else _step)
    if as_json:
        print_json(report.as_json())
        return
    say(
        f"✓ {report.people:,} 人，{report.transactions:,} 笔交易，{report.scams:,} 起既遂，"
        f"损失 {report.loss_fen // 100:,} 元；"
        f"回函 {report.files} 份在 {out}/files，报警转账在 {out}/seeds.csv",
        f"  {report.people:,} people, {report.transactions:,} transactions, {report.scams:,} scams; "
        f"{report.files} files of banks, seeds.csv; the truth is in {out}/truth",
    )


@twin.command()
def calibrate(
    out: Annotated[Path, typer.Option(dir_okay=False, help="写入此文件 / write to this file")] = Path(
        "docs/twin-calibration.md"
    ),
    check: Annotated[
        bool, typer.Option("--check", help="只核对是否一致 / only tell whether it is stale")
    ] = False,
) -> None:
    """生成对照页:模拟与公开数据。Write the page of simulated beside published figures."""
    from rongdun.simulation.twin.calibration import calibration_page

    with calls():
        text = calibration_page()
    known = out.read_text(encoding="utf-8") if out.is_file() else ""
    if check:
        if known != text:
            say(f"✗ {out} 与程序不一致", f"  {out} is stale")
            raise typer.Exit(1)
        say(f"✓ {out} 与程序一致", f"  {out} is up to date")
        return
    out.write_text(text, encoding="utf-8")
    say(f"✓ 已写入 {out}", f"  {out} written")


twin.command()(experiment)
twin.command()(bank)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(simulate)
    app.add_typer(twin, name="twin")


def _step(zh: str, en: str) -> None:
    say(f"· {zh}", f"  {en}")


def _silent(zh: str, en: str) -> None:
    """Say nothing of the steps."""
