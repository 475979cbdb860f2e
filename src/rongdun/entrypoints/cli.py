"""The command line ``rongdun``: one module for each group of commands."""

import sys

import typer

from rongdun import __version__
from rongdun.entrypoints import case_cli, ledger_cli, signs_cli, trace_cli, twin_cli
from rongdun.entrypoints.commands import (
    audit,
    backups,
    database,
    documents,
    files,
    institutions,
    keys,
    serving,
    users,
    workdays,
)
from rongdun.entrypoints.console import tell_error
from rongdun.kernel.errors import DomainError

app = typer.Typer(
    name="rongdun",
    no_args_is_help=True,
    help="榕盾 Rongdun: 市反诈骗中心业务平台 / the operating system of a city's anti-fraud centre",
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="显示版本 / show the version"),
) -> None:
    """榕盾 Rongdun, the operating system of a city's anti-fraud centre."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


for group in (
    serving,
    database,
    users,
    audit,
    keys,
    backups,
    files,
    workdays,
    institutions,
    documents,
    ledger_cli,
    trace_cli,
    case_cli,
):
    group.register(app)
signs_cli.register(ledger_cli.ledger)
twin_cli.register(app)


def main() -> None:
    """Run the command line; an error of the centre is told in both languages, without a traceback."""
    try:
        app()
    except DomainError as error:
        tell_error(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
