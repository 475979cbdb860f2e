"""The keys that seal personal data, from the console."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console

from rongdun.entrypoints.commands.context import Work, opened
from rongdun.entrypoints.console import say

keys = typer.Typer(no_args_is_help=True, help="密钥 / the keys of sealed data")


@keys.command()
def status() -> None:
    """主密钥指纹,以及每把数据密钥还封着多少值。The fingerprint, and what each data key still seals."""
    from rongdun.runtime.crypto import key_fingerprint, key_use

    with _opened() as work:
        with work.centre.transact() as uow:
            used, active = key_use(uow.session), uow.vault.active_key_id
        fingerprint = key_fingerprint(work.settings.keys)
    say(f"主密钥指纹 {fingerprint}", f"Fingerprint of the master key {fingerprint}")
    say(f"现用数据密钥 {active}", f"Active data key {active}")
    console = Console(soft_wrap=True, highlight=False)
    for use in used:
        console.print(f"  {use.column}  key {use.key_id}  {use.values:,}", markup=False)


@keys.command()
def rotate(
    resume: Annotated[
        bool, typer.Option("--resume", help="只完成中断的轮换 / only finish an interrupted rotation")
    ] = False,
) -> None:
    """换一把数据密钥并重新加密全部内容;有内容解不开退出码为 1。Re-encrypt everything under a new data key."""
    from rongdun.runtime.crypto import rotate as rotate_keys

    say("正在轮换，各进程会在数秒内改用新密钥", "Rotating; every process takes the new key within seconds")
    with _opened() as work:
        report = rotate_keys(work.centre.transact, sleep=time.sleep, resume=resume)
    rows = sum(report.rows.values())
    say(
        f"✓ 数据密钥 {report.key_id}，重新加密 {rows} 个值",
        f"  Data key {report.key_id}, {rows} values sealed anew",
    )
    for place in report.unreadable:
        say(f"✗ 无法解开：{place}", f"  Cannot be opened: {place}")
    if report.unreadable:
        raise typer.Exit(1)


@keys.command()
def rewrap() -> None:
    """换一把主密钥;数据不变,旧密钥文件按指纹改名留存。Make a new master key; the data stays as it is."""
    from rongdun.runtime.crypto import rewrap as rewrap_keys

    with _opened() as work:
        fingerprint = rewrap_keys(work.centre.transact)
        place = work.settings.keys
    say(
        f"✓ 新主密钥指纹 {fingerprint}。请立即把 {place} 下的主密钥复制到离线介质",
        f"  New master key {fingerprint}. Copy the master key in {place} to offline media now",
    )


@contextmanager
def _opened() -> Iterator[Work]:
    """Have a centre that knows every domain, and with them every sealed column."""
    import_module("rongdun.entrypoints.routes")
    with opened() as work:
        yield work


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(keys, name="keys")
