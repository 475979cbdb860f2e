"""The kept files, from the console."""

import typer

from rongdun.entrypoints.commands.context import opened
from rongdun.entrypoints.console import say

files = typer.Typer(no_args_is_help=True, help="文件 / the kept files")


@files.command()
def verify() -> None:
    """核对每个文件的内容与登记;有缺损退出码为 1。Check every kept file; exits 1 when one is damaged or missing."""
    from rongdun.domains.desk import missing_files
    from rongdun.runtime.files import FileStore

    with opened() as work:
        store = FileStore.of(work.settings)
        kept = sum(1 for _ in store.hashes())
        damaged = [damage.hash for damage in store.verify()]
        with work.centre.transact() as uow:
            missing = missing_files(uow, store)
    for hash in damaged:
        say(f"✗ 内容被改动或损坏：{hash}", f"  Altered or damaged: {hash}")
    for hash in missing:
        say(f"✗ 已登记但文件不见了：{hash}", f"  On record, but the file is gone: {hash}")
    if damaged or missing:
        say("→ 请从备份中找回", "  Bring them back from a backup")
        raise typer.Exit(1)
    say(f"✓ {kept} 个文件完好", f"  {kept} files are whole")


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(files, name="files")
