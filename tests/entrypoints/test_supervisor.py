"""Keeping children alive and ending them in order, with children that do as the test says."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from rongdun.entrypoints import children as children_module
from rongdun.entrypoints.children import Child, ChildFailed, Kind
from rongdun.entrypoints.console import Progress
from rongdun.entrypoints.lifeline import Told
from rongdun.entrypoints.stop import Stop
from rongdun.entrypoints.supervisor import stop_all, watch
from rongdun.kernel.errors import Text
from tests.entrypoints.house import until

STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{}', flush=True); time.sleep(60)"
WILLING = "import time; print('{}', flush=True); time.sleep(60)"


class Scripted(Child):
    """A child that runs a script instead of a centre."""

    script = WILLING

    def spawn(self) -> None:
        """Start the script."""
        self.restart_at = None
        self._started_at = time.monotonic()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen([sys.executable, "-c", self.script], **pipes)  # type: ignore[call-overload]


@dataclass
class Scene:
    """What a supervisor would have around it."""

    said: io.StringIO
    progress: Progress
    stop: Stop
    made: list[Scripted]

    def child(self, name: str, script: str, grace_s: float = 5.0) -> Scripted:
        """Start a child that runs ``script``, and wait until it has begun."""
        child = Scripted(Kind((name,), Text(name, name), grace_s), os.environ)
        child.script = script
        self.made.append(child)
        child.spawn()
        child.wait_ready(20, self.stop) if script in (WILLING, STUBBORN) else None
        return child


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(children_module, "heard", lambda line: None)
    said = io.StringIO()
    found = Scene(said, Progress(Console(file=said, width=200)), Stop(), [])
    yield found
    for child in found.made:
        child.kill()
        child.gone(5)


def _in_background(do: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=do)
    thread.start()
    return thread


def test_a_child_that_keeps_dying_is_started_again_with_growing_pauses(scene: Scene) -> None:
    child = scene.child("worker", "raise SystemExit(3)")
    child.pause_s = 0.1
    watching = _in_background(lambda: watch([child], None, scene.stop, scene.progress))
    until(lambda: scene.said.getvalue().count("worker意外退出（退出码 3）") >= 3, within_s=30)
    scene.stop._note(signal.SIGINT, None)
    watching.join()
    pauses = [
        float(line.split(",")[1].split()[0]) for line in scene.said.getvalue().splitlines() if "意外" in line
    ]
    assert pauses == sorted(pauses)
    assert pauses[1] == 2 * pauses[0]


def test_children_end_in_order_and_the_stubborn_by_force(scene: Scene) -> None:
    first = scene.child("web", WILLING)
    second = scene.child("worker", STUBBORN, grace_s=0.5)
    stop_all([first, second], None, scene.stop, scene.progress)
    said = scene.said.getvalue()
    assert (
        said.index("正在停止web")
        < said.index("正在停止worker")
        < said.index("worker未能及时停止，已强制结束")
    )
    assert "web未能及时" not in said
    assert first.gone()
    assert second.gone()


def test_a_second_ctrl_c_does_not_wait(scene: Scene) -> None:
    child = scene.child("web", STUBBORN, grace_s=600)
    with scene.stop.on_signals():
        signal.raise_signal(signal.SIGINT)
        assert scene.stop.asked
        assert not scene.stop.urgent
        signal.raise_signal(signal.SIGINT)
    stop_all([child], None, scene.stop, scene.progress)
    assert child.gone()


def test_a_closed_terminal_does_not_end_what_runs_under_nohup() -> None:
    stop = Stop()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop.on_signals():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not stop.asked


def test_a_child_that_cannot_start_says_why(tmp_path: Path) -> None:
    environ = {**os.environ, "RONGDUN_DATA_DIR": str(tmp_path), "RONGDUN_CIPHER": "rot13"}
    child = Child(Kind(("worker",), Text("后台进程", "worker"), 1.0), environ)
    child.spawn()
    with pytest.raises(Told) as told:
        child.wait_ready(60, Stop())
    assert child.gone(10)
    assert "RONGDUN_CIPHER" in told.value.message.en
    assert not isinstance(told.value, ChildFailed)


def test_a_child_that_ends_without_a_word_is_told_with_its_exit_code(scene: Scene) -> None:
    child = scene.child("web", "raise SystemExit(9)")
    with pytest.raises(ChildFailed) as failed:
        child.wait_ready(20, Stop())
    assert "exit code 9" in failed.value.message.en


def test_a_child_leaves_when_its_supervisor_is_gone_before_it_began(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rongdun.entrypoints.processes", "worker"]
    environ = {**os.environ, "RONGDUN_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=environ, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
