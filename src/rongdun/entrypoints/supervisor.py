"""Keeps a centre running: watches its processes and its database, restarts what dies, stops in order."""

from collections.abc import Sequence
from typing import Protocol

from rongdun.entrypoints.children import Child, ending
from rongdun.entrypoints.console import Progress
from rongdun.entrypoints.stop import Stop
from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import DomainError, Text

LOOK_EVERY_S = 0.2


class Server(Protocol):
    """A database server that this process runs."""

    def running(self) -> bool:
        """Tell whether the server's process lives."""
        ...

    def ensure_running(self) -> object:
        """Start the server if it does not run, and wait until it answers."""
        ...

    def stop(self) -> None:
        """Stop the server cleanly."""
        ...


def watch(children: Sequence[Child], server: Server | None, stop: Stop, progress: Progress) -> None:
    """Restart whatever dies until ``stop`` is asked for; say what happened."""
    while not stop.wait(LOOK_EVERY_S):
        if server is not None and not server.running():
            _revive(server, stop, progress)
        for child in children:
            _look_after(child, progress)


def stop_all(children: Sequence[Child], server: Server | None, stop: Stop, progress: Progress) -> None:
    """Stop ``children`` in their order, then the database; a second wish to stop kills what is left."""
    for child in children:
        if not child.gone():
            progress.step(Text(f"正在停止{child.kind.name.zh}", f"Stopping the {child.kind.name.en}"))
            child.terminate()
            _wait(child, stop, progress)
    if server is not None:
        progress.step(Text("正在停止数据库", "Stopping the database"))
        server.stop()
    progress.good(Text("已全部停止", "Everything has stopped"))


def _wait(child: Child, stop: Stop, progress: Progress) -> None:
    give_up = monotonic() + child.kind.grace_s
    while not child.gone(LOOK_EVERY_S):
        if stop.urgent or monotonic() > give_up:
            name = child.kind.name
            progress.warn(Text(f"{name.zh}未能及时停止，已强制结束", f"The {name.en} was ended by force"))
            child.kill()
            child.gone(5.0)
            return


def _revive(server: Server, stop: Stop, progress: Progress) -> None:
    progress.warn(
        Text("数据库意外停止，正在重新启动", "The database has stopped unexpectedly; starting it again")
    )
    try:
        server.ensure_running()
    except DomainError as error:
        progress.bad(error.message)
        stop.wait(5.0)
        return
    progress.good(Text("数据库已恢复", "The database is back"))


def _look_after(child: Child, progress: Progress) -> None:
    code = child.look()
    name = child.kind.name
    if code is not None:
        how = ending(code)
        progress.warn(
            Text(
                f"{name.zh}意外退出（{how.zh}）,{child.pause_s:g} 秒后重新启动",
                f"The {name.en} has ended ({how.en}); starting it again in {child.pause_s:g} s",
            )
        )
    elif child.restart_if_due():
        progress.good(Text(f"{name.zh}已重新启动", f"The {name.en} was started again"))
