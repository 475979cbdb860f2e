"""``rongdun case``: a case out of a folder of statements, without a database or a server.

Exit codes: 0 every file was read, 3 some were refused (the rest is traced), 2 a wrong call, 1 anything else.
"""

from pathlib import Path
from typing import Annotated

import typer

from rongdun.entrypoints.ledger_cli import SOME_REFUSED, Json, calls, print_json

case = typer.Typer(
    no_args_is_help=True, help="办一案:流水和报案转账 → 追踪、建议、文书草稿 / a case out of files"
)


@case.callback()
def _group() -> None:
    """Keep ``run`` a command of its own."""


@case.command()
def run(
    files: Annotated[
        list[Path],
        typer.Option(
            "--files", help="流水文件夹,可多个 / folder (or file) of statements", exists=True, readable=True
        ),
    ],
    seeds: Annotated[
        Path,
        typer.Option(
            "--seeds",
            help="受害人转账,CSV:victim,institution,account,amount,time / the victims' transfers",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="输出目录 / directory for what is made", file_okay=False)
    ],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="决策时刻,默认最后一笔 / moment of the decision; default: the last row"),
    ] = None,
    rule: Annotated[str, typer.Option("--rule", help="fifo | lifo | pro_rata | window | poison")] = "fifo",
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="账户标签 CSV:institution,account,kind", exists=True, dir_okay=False),
    ] = None,
    prior: Annotated[
        Path | None,
        typer.Option("--prior", help="建议参数(TOML) / what advice assumes", exists=True, dir_okay=False),
    ] = None,
    password: Annotated[
        list[str] | None, typer.Option("--password", help="压缩包口令,可多个 / passwords of archives")
    ] = None,
    as_json: Json = False,
) -> None:
    """导入、追踪、建议、起草文书;有文件被拒则退出码 3。Import, trace, advise, draft; 3 if files were refused."""
    from rongdun.entrypoints.case_run import Given, run_case
    from rongdun.entrypoints.case_words import tell_case
    from rongdun.entrypoints.ledger_words import tell_file
    from rongdun.entrypoints.trace_options import moment_of, rule_of
    from rongdun.kernel.clock import SystemClock

    with calls():
        given = Given(
            files=files,
            seeds=seeds,
            out=out,
            rule=rule_of(rule),
            as_of=0 if as_of is None else moment_of("--as-of", as_of),
            labels=labels,
            prior=prior,
            passwords=password or [],
        )
        ran = run_case(given, SystemClock(), None if as_json else tell_file)
    if as_json:
        print_json(ran.as_json())
    else:
        tell_case(ran, out)
    if not ran.report.complete:
        raise typer.Exit(SOME_REFUSED)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(case, name="case")
