"""Running the centre: everything at once, or one process."""

from pathlib import Path
from typing import Annotated

import typer

from rongdun.runtime.settings import Settings


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="运行演示城市(全部虚构) / run the demonstration city, all invented")
    ] = False,
    host: Annotated[str | None, typer.Option(help="监听地址 / address to listen on")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="监听端口 / port to listen on")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="数据目录 / data directory")] = None,
) -> None:
    """一条命令启动全部:数据库、网页、后台;Ctrl-C 停止。Start everything; Ctrl-C stops it."""
    from rongdun.entrypoints.up import run, with_options

    settings = with_options(Settings.from_env(), demo=demo, host=host, port=port, data_dir=data_dir)
    raise typer.Exit(run(settings))


def http() -> None:
    """只运行网页进程。Run the web process alone."""
    from rongdun.entrypoints.processes import run_http

    run_http()


def worker() -> None:
    """只运行后台进程:时限、投递、任务。Run the worker alone: deadlines, deliveries, jobs."""
    from rongdun.entrypoints.processes import run_worker

    run_worker()


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    for command in (up, http, worker):
        app.command()(command)
