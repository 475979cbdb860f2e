"""The command line ``rongdun``: one module for each group of commands."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rongdun import __version__
from rongdun.kernel.errors import DomainError

app = typer.Typer(
    name="rongdun",
    no_args_is_help=True,
    help="榕盾 Rongdun: 市反诈骗中心业务平台",
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="显示版本 / show the version"),
) -> None:
    """榕盾 Rongdun, the operating system of a city's anti-fraud centre."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command("docs")
def docs(
    directory: Annotated[Path, typer.Argument(help="文档目录 / directory of the documents")] = Path("docs"),
    check: Annotated[bool, typer.Option("--check", help="只检查,不写入 / only check, write nothing")] = False,
) -> None:
    """由程序生成文档:流转表、规则表。Print documents from the program: workflows and the rule table."""
    from rongdun.entrypoints.docs import print_documents

    print_documents(directory, check=check)


def main() -> None:
    """Run the command line; an error of the centre is told in both languages, without a traceback."""
    try:
        app()
    except DomainError as error:
        console = Console(stderr=True)
        console.print(f"[red]✗[/red] {error.message.zh}\n  {error.message.en}", highlight=False)
        console.print(f"→ {error.action.zh}\n  {error.action.en}", highlight=False)
        sys.exit(1)
