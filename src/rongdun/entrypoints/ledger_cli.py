"""``rongdun ledger``: statements into a ledger and out again, without a database or a server.

Exit codes: 0 every file was read, 3 some were refused (the rest is imported), 2 a wrong call, 1 anything else.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from rongdun.entrypoints.console import say, tell_error
from rongdun.kernel.errors import Conflict, DomainError, Invalid, NotFound

if TYPE_CHECKING:
    from rongdun.analytics.ledger.ledger import Ledger
    from rongdun.analytics.ledger.report import FileReport, ImportReport, VersionReport

SOME_REFUSED: Final = 3
WRONG_CALL: Final = 2

ledger = typer.Typer(no_args_is_help=True, help="台账:流水导入、撤销、核对、导出 / statements and the ledger")

Directory = Annotated[
    Path, typer.Option("--ledger", help="台账目录 / directory of the ledger", file_okay=False)
]
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON / print JSON only")]
Readable = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]


@ledger.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(exists=True, readable=True, help="文件、压缩包或文件夹 / files, archives or folders"),
    ],
    directory: Directory,
    password: Annotated[
        list[str] | None, typer.Option("--password", help="压缩包口令,可多个 / passwords of archives")
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", help="拒收行写入此工作簿 / write refused rows to this workbook (.xlsx)"),
    ] = None,
    as_json: Json = False,
) -> None:
    """导入流水文件,一次为一个版本;有文件被拒则退出码 3。Import statements as one version; 3 if some are refused."""
    with calls():
        book = opened(directory)
        report = book.import_paths(paths, passwords=password or [], progress=None if as_json else _tell_file)
        if rejects is not None:
            book.write_rejects(rejects, report.version)
    if as_json:
        print_json(report.as_json())
    else:
        _tell_import(report)
    if not report.complete:
        raise typer.Exit(SOME_REFUSED)


@ledger.command()
def status(
    directory: Directory,
    version: Annotated[
        int | None, typer.Option(help="看某一版本,默认最新 / a version; default: the newest")
    ] = None,
    as_json: Json = False,
) -> None:
    """查看台账版本、导入清单和总数。Show the ledger's version, its imports and totals."""
    with calls():
        report = opened(directory).status(version)
    _tell_version(report, as_json=as_json)


@ledger.command()
def undo(
    version: Annotated[int, typer.Argument(help="要撤销的导入版本 / version of the import to undo")],
    directory: Directory,
    as_json: Json = False,
) -> None:
    """整批撤销一次导入;因其重复而未计的行会恢复。Undo one import whole; rows it had crowded out count again."""
    with calls():
        report = opened(directory).undo(version)
    _tell_version(report, as_json=as_json)


@ledger.command()
def compact(directory: Directory, as_json: Json = False) -> None:
    """合并小文件,按账号和时间排序。Merge small files, sorted by account and time."""
    with calls():
        report = opened(directory).compact()
    _tell_version(report, as_json=as_json)


@ledger.command()
def vacuum(
    directory: Directory,
    keep_days: Annotated[
        int | None,
        typer.Option(
            "--keep-days",
            help="旧版本保留天数,默认 RONGDUN_LEDGER_KEEP_DAYS(30) / days an old version stays readable",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """清理过期旧版本的文件;导入仍可撤销。Remove files of versions past their term; imports can still be undone."""
    from datetime import timedelta

    from rongdun.runtime.settings import Settings

    days = Settings.from_env().ledger_keep_days if keep_days is None else keep_days
    with calls():
        report = opened(directory).vacuum(timedelta(days=days))
    if as_json:
        print_json(report.as_json())
    else:
        from rongdun.entrypoints.ledger_words import tell_vacuum

        tell_vacuum(report)


@ledger.command()
def export(
    out: Annotated[Path, typer.Argument(help="OUT.parquet 或 OUT.arrow", dir_okay=False)],
    directory: Directory,
    version: Annotated[
        int | None, typer.Option(help="版本,默认最新 / a version; default: the newest")
    ] = None,
    as_json: Json = False,
) -> None:
    """导出全部交易行为一个文件。Write all observations to one Parquet or Arrow file."""
    with calls():
        rows = opened(directory).export(out, version)
    if as_json:
        print_json({"out": str(out), "rows": rows})
    else:
        say(f"✓ 已导出 {rows:,} 行：{out}", f"  {rows:,} rows written")


@ledger.command()
def check(
    directory: Directory,
    account: Annotated[str | None, typer.Option(help="只查此账号 / this account only")] = None,
    as_json: Json = False,
) -> None:
    """核对余额:缺页、缺行、乱序。Check balances: missing pages, gaps, disorder."""
    from dataclasses import asdict

    with calls():
        breaks = opened(directory).balance_breaks(account)
    if as_json:
        print_json({"breaks": [asdict(one) | {"missing_fen": one.missing_fen} for one in breaks]})
    else:
        from rongdun.entrypoints.ledger_words import tell_breaks

        tell_breaks(breaks)


@ledger.command("rejects")
def rejects_(
    out: Annotated[Path, typer.Argument(help="OUT.xlsx", dir_okay=False)],
    directory: Directory,
    version: Annotated[int | None, typer.Option(help="某次导入,默认全部 / one import; default: all")] = None,
) -> None:
    """导出拒收行工作簿,改正后可再导入。Write refused rows to a workbook to correct and import again."""
    with calls():
        rows = opened(directory).write_rejects(out, version)
    say(f"✓ 已导出拒收行 {rows:,} 行：{out}", f"  {rows:,} refused rows written")


@ledger.command()
def pair(
    left: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="付款方账 / the payer's book (Parquet)")
    ],
    right: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="收款方账 / the payee's book (Parquet)")
    ],
    id: Annotated[str, typer.Option(help="编号列 / column of ids")],
    amount: Annotated[str, typer.Option(help="金额列 / column of amounts")],
    time: Annotated[str, typer.Option(help="时间列 / column of dates or times")],
    text: Annotated[str, typer.Option(help="附言列 / column of memos")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="结果 / pairs.parquet: left_id, right_id, score")],
    as_json: Json = False,
) -> None:
    """两本账单独配对,不需训练数据。Pair two books on their own; nothing is trained on known pairs."""
    from rongdun.analytics.ledger.pairing import Columns, pair_files

    with calls():
        report = pair_files(left, right, Columns(id, amount, time, text), out)
    if as_json:
        print_json(report)
    else:
        say(f"✓ 配成 {report['pairs']:,} 对：{out}", f"  {report['pairs']:,} pairs in {report['seconds']} s")


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(ledger, name="ledger")


def opened(directory: Path) -> "Ledger":
    """Return the ledger of a directory; whether there is one shows when it is read."""
    from rongdun.analytics.ledger.ledger import Ledger

    return Ledger(directory)


@contextmanager
def calls() -> Iterator[None]:
    """Turn errors into exit codes: what is not there, or may not be done, is a wrong call."""
    try:
        yield
    except (NotFound, Invalid, Conflict) as error:
        tell_error(error)
        raise typer.Exit(WRONG_CALL) from None
    except DomainError as error:
        tell_error(error)
        raise typer.Exit(1) from None


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object, Chinese as it is."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def _tell_file(report: "FileReport") -> None:
    from rongdun.entrypoints.ledger_words import tell_file

    tell_file(report)


def _tell_import(report: "ImportReport") -> None:
    from rongdun.entrypoints.ledger_words import tell_import

    tell_import(report)


def _tell_version(report: "VersionReport", *, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    from rongdun.entrypoints.ledger_words import tell_version

    tell_version(report)
