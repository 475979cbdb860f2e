"""The database: its schema, and the centre's own server by itself."""

import typer

from rongdun.entrypoints.commands.context import read_settings
from rongdun.entrypoints.console import Progress, say

db = typer.Typer(no_args_is_help=True, help="数据库 / the database")


def migrate() -> None:
    """把数据库结构更新到本版本。Bring the schema to this release."""
    from rongdun.entrypoints.prepare import bring_schema
    from rongdun.runtime import installation
    from rongdun.runtime.localpg import reach
    from rongdun.runtime.schema import newest_revision

    settings = read_settings()
    progress = Progress(locale=settings.locale)
    with reach(settings, report=progress.step) as dsns:
        found = installation.look(dsns.owner or dsns.app)
        if found.kind == installation.FOREIGN:
            raise installation.ForeignDatabase()
        changed = bring_schema(dsns, found, progress)
    if changed:
        say(f"已更新到 {newest_revision()}", f"The schema is at {newest_revision()} now")
    else:
        say("数据库结构已是最新", "The schema is already the newest")


@db.command()
def start() -> None:
    """只启动数据库,Ctrl-C 停止。Run the centre's own database server alone; Ctrl-C stops it."""
    from rongdun.entrypoints.stop import Stop
    from rongdun.runtime.localpg import start as start_server

    settings = read_settings()
    progress = Progress(locale=settings.locale)
    if settings.dsn:
        say("已配置外部数据库，无需启动", "A database is configured; there is none to start")
        raise typer.Exit(1)
    with Stop().on_signals() as stop, start_server(settings, report=progress.step) as server:
        say(f"数据库已就绪（进程 {server.pid}）", f"The database is ready (process {server.pid})")
        while not stop.wait(1.0):
            server.ensure_running()


@db.command()
def status() -> None:
    """数据库是否应答、保存了什么;不应答时退出码为 1。Whether it answers and what it holds; exits 1 if not."""
    from rongdun.runtime import installation
    from rongdun.runtime.localpg import databases

    found = installation.look(databases(read_settings()).app)
    say(
        f"数据库应答正常：类型 {found.kind}，结构 {found.revision or '无'}",
        f"The database answers: kind {found.kind}, schema {found.revision or 'none'}",
    )


@db.command()
def dsn(role: str = typer.Argument("app", help="app、owner 或 read / app, owner or read")) -> None:
    """显示连接串(含口令,勿外传)。Show a connection string; it holds a password, keep it to yourself."""
    from rongdun.runtime.localpg import databases

    known = databases(read_settings())._asdict()
    if not known.get(role):
        raise typer.BadParameter("app, owner, read")
    typer.echo(known[role])


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(migrate)
    app.add_typer(db, name="db")
