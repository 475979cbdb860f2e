"""Documents printed from the program."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

_Check = Annotated[bool, typer.Option("--check", help="只检查,不写入 / only check, write nothing")]


def docs(
    directory: Annotated[Path, typer.Argument(help="文档目录 / directory of the documents")] = Path("docs"),
    check: _Check = False,
) -> None:
    """由程序生成文档:流转表、规则表、接口。Print documents: workflows, the rule table, the API."""
    from rongdun.entrypoints.docs import print_documents

    print_documents(directory, check=check)


def openapi(
    file: Annotated[Path, typer.Argument(help="写入的文件 / file to write")] = Path("docs/api/openapi.json"),
    check: _Check = False,
) -> None:
    """由程序生成接口说明(OpenAPI)。Print the description of the API."""
    from rongdun.entrypoints.docs import openapi_text

    text = openapi_text()
    same = file.is_file() and file.read_text(encoding="utf-8") == text
    if not same and not check:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    Console(highlight=False).print(f"{'✗' if check and not same else '✓'} {file}", markup=False)
    if check and not same:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(docs)
    app.command()(openapi)
