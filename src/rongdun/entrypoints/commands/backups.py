"""Backup and restore, from the console; both go on record."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rongdun.entrypoints.commands.context import opened, read_settings
from rongdun.entrypoints.console import Progress, say
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef

if TYPE_CHECKING:
    from rongdun.entrypoints.bootstrap import Centre
    from rongdun.runtime.backup import Manifest, Restored

_HELD = "restored from a backup: it may have been sent since"
_SUBJECT = SubjectRef("installation", "installation")


def backup(
    target: Annotated[Path, typer.Argument(help="备份写入的新目录 / new directory for the backup")],
) -> None:
    """不停机备份数据库、文件和日根;不含密钥。Back up database, files and roots, never the keys."""
    from rongdun.runtime.backup import backup as make_backup

    settings = read_settings()
    progress = Progress(locale=settings.locale)
    with opened(settings) as work:
        manifest = make_backup(work.settings, work.dsns, target.absolute(), report=progress.step)
        _put_on_record(work.centre, "installation.backup", manifest)
    progress.good(Text(f"备份完成：{target}", f"backed up, {manifest.size / 2**20:.1f} MiB"))
    _tell_keys(manifest)
    for name in manifest.damaged:
        say(f"✗ 文件内容已损坏，按原样备份：{name}", f"  Damaged, backed up as it is: {name}")
    if manifest.damaged:
        raise typer.Exit(1)


def restore(
    source: Annotated[Path, typer.Argument(help="备份所在目录 / directory of the backup")],
    replace: Annotated[
        bool, typer.Option("--replace", help="覆盖已有数据 / replace what is in this installation")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="只核对备份 / only verify the backup")] = False,
) -> None:
    """核对后恢复备份;须先放回主密钥。Verify a backup and bring it back; its master key must be here."""
    from rongdun.runtime.backup import check as check_backup

    settings = read_settings()
    progress = Progress(locale=settings.locale)
    if check:
        manifest = check_backup(settings, source, report=progress.step)
        progress.good(
            Text(f"备份完好，制作于 {manifest.made_at}", "the backup is whole, and its key is here")
        )
        return
    restored = _restore(source, progress, replace=replace)
    progress.good(Text(f"已恢复到 {restored.manifest.made_at} 的状态", "restored to that moment"))
    if restored.aside is not None:
        days = "、".join(restored.roots_aside)
        say(
            f"! 与恢复后的数据库不符的日根（{days}）已移到 {restored.aside}",
            f"  Roots that contradict the restored database were moved to {restored.aside}",
        )
    say(
        "→ 所有人须重新登录；待发报文已转为死信，请核对是否已发出后再重发或放弃",
        "  Everybody signs in anew; messages that waited are dead letters now: check each before sending it again",
    )
    say(
        "→ 请运行 rongdun audit verify 和 rongdun files verify 核对",
        "  Run rongdun audit verify and rongdun files verify now",
    )


def _restore(source: Path, progress: Progress, *, replace: bool) -> "Restored":
    from rongdun.entrypoints.prepare import bring_schema
    from rongdun.runtime import installation
    from rongdun.runtime.backup import restore as bring_back
    from rongdun.runtime.localpg import reach

    settings = read_settings()
    with reach(settings, report=progress.step) as dsns:
        restored = bring_back(settings, dsns, source.absolute(), replace=replace, report=progress.step)
        bring_schema(dsns, installation.look(dsns.owner), progress)
        with opened(settings) as work:
            aside = list(restored.roots_aside)
            stopped = _stop_the_past(work.centre)
            _put_on_record(
                work.centre, "installation.restore", restored.manifest, roots_aside=aside, **stopped
            )
    return restored


def _stop_the_past(centre: "Centre") -> dict[str, int]:
    """End the sessions of that time, and let none of its messages go out a second time by itself."""
    from rongdun.domains.people.rescue import end_every_session
    from rongdun.runtime.outbox import hold_everything

    with centre.transact() as uow:
        sessions = end_every_session(uow, reason="restored")
        return {"sessions_ended": sessions, "messages_held": hold_everything(uow, why=_HELD)}


def _put_on_record(centre: "Centre", action: str, manifest: "Manifest", **more: Any) -> None:
    with centre.transact() as uow:
        what = {"made_at": manifest.made_at, "release": manifest.release, "bytes": manifest.size, **more}
        uow.record(action, _SUBJECT, after=what)


def _tell_keys(manifest: "Manifest") -> None:
    keys = ", ".join(manifest.master_keys)
    say(
        f"→ 恢复时需要主密钥 {keys}:备份里没有它，请另行离线保管",
        f"  Restoring needs the master key {keys}: it is not in the backup, keep it offline, apart",
    )


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.command()(backup)
    app.command()(restore)
