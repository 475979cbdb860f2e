"""What set-up says and does when it cannot go on, and that it does nothing twice."""

import ast
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import node  # noqa: E402
import setup as set_up  # noqa: E402
import steps  # noqa: E402
from say import Stopped  # noqa: E402


@pytest.fixture(autouse=True)
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep stamps and logs of the test away from those of the checkout."""
    place = tmp_path / ".setup"
    place.mkdir()
    (place / "python").write_text("done")
    monkeypatch.setattr(steps, "STAMPS", place)
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    return place


def test_what_was_done_for_the_same_inputs_is_not_done_again(tmp_path: Path) -> None:
    made = tmp_path / "made"
    done: list[int] = []

    def work() -> None:
        done.append(len(done))
        made.touch()

    steps.once("step", "inputs 1", made, work)
    steps.once("step", "inputs 1", made, work)
    assert len(done) == 1
    steps.once("step", "inputs 2", made, work)
    made.unlink()
    steps.once("step", "inputs 2", made, work)
    assert len(done) == 3


def test_what_failed_is_done_again(tmp_path: Path) -> None:
    def fail() -> None:
        (tmp_path / "made").touch()
        raise Stopped("坏", "bad", do_zh="", do_en="")

    done: list[int] = []
    with pytest.raises(Stopped):
        steps.once("step", "inputs", tmp_path / "made", fail)
    steps.once("step", "inputs", tmp_path / "made", lambda: done.append(1))
    assert done == [1]


def test_a_changed_file_a_new_one_and_a_new_name_are_new_inputs(tmp_path: Path) -> None:
    source = tmp_path / "src"
    source.mkdir()
    (source / "a").write_text("1")
    seen = [steps.digest([source])]
    (source / "a").write_text("2")
    seen.append(steps.digest([source]))
    (source / "b").write_text("")
    seen.append(steps.digest([source]))
    (source / "b").rename(source / "c")
    seen.append(steps.digest([source]))
    assert len(set(seen)) == 4
    assert steps.digest([source]) == seen[-1]


def test_an_unreachable_registry_is_told_as_such() -> None:
    with pytest.raises(Stopped) as stopped:
        nowhere = ["--isolated", "--no-cache-dir", "--retries", "0", "-i", "http://127.0.0.1:9/"]
        steps.run("pip", [sys.executable, "-m", "pip", "download", "--no-deps", *nowhere, "rongdun-nowhere"])
    assert "连不上软件源" in stopped.value.lines[0]
    assert "PIP_INDEX_URL" in stopped.value.lines[3]


@pytest.mark.parametrize("said", ["OSError: [Errno 28] No space left on device", "npm error code ENOSPC"])
def test_a_disk_that_fills_is_told_as_such(said: str) -> None:
    with pytest.raises(Stopped) as stopped:
        steps.run("npm", [sys.executable, "-c", f"print({said!r}); raise SystemExit(1)"])
    assert "磁盘空间不足" in stopped.value.lines[0]
    assert "Free at least" in stopped.value.lines[3]


def test_too_little_room_is_told_before_anything_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 100 * 2**20))
    begun: list[int] = []
    with pytest.raises(Stopped) as stopped:
        steps.once("step", "inputs", tmp_path / "made", lambda: begun.append(1))
    assert "磁盘空间不足" in stopped.value.lines[0]
    assert begun == []


def test_any_other_failure_shows_its_last_lines_and_where_the_rest_is() -> None:
    with pytest.raises(Stopped) as stopped:
        steps.run("web", [sys.executable, "-c", "print('TypeError in Board.vue'); raise SystemExit(2)"])
    assert "TypeError in Board.vue" in stopped.value.lines[1]
    assert ".setup/web.log" in stopped.value.lines[3]


def test_the_loops_are_compiled_once_and_a_failure_does_not_stop_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamps: Path
) -> None:
    sources = tmp_path / "src/rongdun/analytics"
    sources.mkdir(parents=True)
    (sources / "loops.py").write_text("1")
    begun: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        begun.append(command)
        return subprocess.CompletedProcess(command, 1 if len(begun) == 1 else 0)

    for name, value in (("ROOT", tmp_path), ("STAMPS", stamps), ("PYTHON", Path(sys.executable))):
        monkeypatch.setattr(set_up, name, value)
    monkeypatch.setattr(subprocess, "run", run)
    for _ in range(3):
        set_up._warm()
    assert len(begun) == 2, "what failed is tried again, what is done is not"
    (sources / "loops.py").write_text("2")
    set_up._warm()
    assert len(begun) == 3


def test_an_old_python_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(Stopped) as stopped:
        set_up._check_python()
    assert "3.9.2" in stopped.value.lines[0]
    assert "make setup PYTHON=" in stopped.value.lines[2]


def test_an_old_python_can_read_the_scripts_that_refuse_it() -> None:
    for script in ("say", "steps", "node", "setup"):
        ast.parse((ROOT / "scripts" / f"{script}.py").read_text("utf-8"), feature_version=(3, 7))


def test_a_python_without_ensurepip_is_told_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Stopped) as stopped:
        set_up._get_venv()
    assert f"sudo apt-get install python3.{sys.version_info[1]}-venv" in stopped.value.lines[2]


@pytest.mark.parametrize(
    ("version", "fit"),
    [("v18.20.1", False), ("v20.18.9", False), ("v20.19.0", True), ("v21.7.0", False), ("v22.11.0", False),
     ("v22.12.0", True), ("v24.1.0", True), ("nonsense", False)],
)  # fmt: skip
def test_the_machines_node_is_taken_only_when_the_tools_run_on_it(
    tmp_path: Path, version: str, fit: bool
) -> None:
    fake = tmp_path / "node"
    fake.write_text(f"#!/bin/sh\necho {version}\n")
    fake.chmod(0o755)
    assert node._new_enough(str(fake)) is fit


def test_make_alone_lists_what_can_be_done() -> None:
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("setup", "run", "test", "bench", "bench-full", "lint", "docs"):
        assert f"make {target} " in told
