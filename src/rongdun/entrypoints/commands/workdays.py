"""The working days, from the console."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rongdun.entrypoints.commands.context import read_settings
from rongdun.entrypoints.console import say
from rongdun.kernel.errors import Invalid, Text

workdays = typer.Typer(no_args_is_help=True, help="工作日 / the working days")

_SHOWN = 60


@workdays.command()
def update(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="工作日文件;不给则取自 chinesecalendar / workday files, else chinesecalendar"),
    ] = None,
    year: Annotated[
        list[int] | None,
        typer.Option(help="从 chinesecalendar 取的年份 / years to take from chinesecalendar"),
    ] = None,
) -> None:
    """按国务院办公厅放假安排更新工作日。Bring in the working days of newly announced years."""
    from rongdun.runtime.workdays import update_workdays

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    texts = [_read(path) for path in files or ()] or [_from_package(year or [])]
    changed = [change for text in texts for change in update_workdays(settings.data_dir, text)]
    console = Console(soft_wrap=True, highlight=False)
    for change in changed[:_SHOWN]:
        before = change.before.kind if change.before else "—"
        console.print(
            f"  {change.after.date}  {before} → {change.after.kind}  {change.after.name}", markup=False
        )
    if len(changed) > _SHOWN:
        console.print("  …")
    say(
        f"✓ {len(changed)} 天与此前不同；已有的时限不变，新开的时限按新历计算",
        f"  {len(changed)} days differ; deadlines already open stay, new ones follow the new calendar",
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            Text(f"无法读取 {path}({error})", f"{path} cannot be read ({error})"),
            action=Text("请核对文件名，并保存为 UTF-8", "Check the name, and save the file as UTF-8"),
        ) from None


def _from_package(years: list[int]) -> str:
    from rongdun.kernel.workday_file import render
    from rongdun.kernel.workday_source import from_package

    wanted = years or list(range(2020, 2100))
    return render(from_package(wanted), remarks=["chinesecalendar"])


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(workdays, name="workdays")
