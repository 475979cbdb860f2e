"""Steps of set-up: each is done once for its inputs, and its programs are run under one roof."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from say import Stopped, passing, say

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".setup"
NEEDED_MIB = 3500
"""What a full set-up takes: 1.7 GiB of Python packages, 0.6 GiB of npm's, and room to unpack."""

_DISK = ("no space left on device", "enospc", "disk quota exceeded")
_NETWORK = (
    "temporary failure in name resolution",
    "name or service not known",
    "failed to establish a new connection",
    "connection refused",
    "network is unreachable",
    "max retries exceeded",
    "read timed out",
    "no matching distribution found",
    "enotfound",
    "econnrefused",
    "econnreset",
    "etimedout",
    "eai_again",
    "network request to",
)


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return one hash over ``words`` and the files at ``paths``, directories walked."""
    whole = hashlib.sha256("\0".join(words).encode())
    for path in sorted(_files(paths)):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def once(name: str, inputs: str, made: Path, work: Callable[[], None]) -> None:
    """Do ``work`` unless it was done for the same ``inputs`` and what it ``made`` is still there."""
    stamp = STAMPS / name
    if made.exists() and stamp.is_file() and stamp.read_text() == inputs:
        return
    _check_room()
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(inputs)


def run(name: str, command: Sequence[str], *, cwd: Path = ROOT, path: Path | None = None) -> None:
    """Run ``command`` with its output kept in ``.setup/<name>.log``; ``path`` goes first on PATH.

    Raises :class:`Stopped` with the likely cause and the last lines when it fails.
    """
    environment = dict(os.environ)
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{environment.get('PATH', '')}"
    log, began = STAMPS / f"{name}.log", time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        _follow(process, log, began)
    if process.returncode != 0:
        raise _failed(name, log)
    say(f"完成,{time.monotonic() - began:.0f} 秒", f"done in {time.monotonic() - began:.0f} s")


def _follow(process: subprocess.Popen[str], log: Path, began: float) -> None:
    assert process.stdout is not None
    with log.open("w", encoding="utf-8") as kept:
        for line in process.stdout:
            kept.write(line)
            passing(f"{time.monotonic() - began:4.0f} s  {line.strip()}")


def _failed(name: str, log: Path) -> Stopped:
    said = log.read_text(encoding="utf-8")
    if any(word in said.lower() for word in _DISK):
        return _full()
    tail = "\n".join(f"    {line}" for line in said.splitlines()[-12:])
    if any(word in said.lower() for word in _NETWORK):
        return Stopped(
            f"下载软件包失败,连不上软件源({name})",
            f"packages could not be downloaded: the registry cannot be reached ({name})\n{tail}",
            do_zh="请检查网络、代理和镜像设置(PIP_INDEX_URL,npm config set registry …),再执行一次,已完成的部分不会重做",
            do_en="Check network, proxy and mirror (PIP_INDEX_URL, npm config set registry …), then run it again;"
            " what is done is not done anew",
        )
    return Stopped(
        f"{name} 没有完成",
        f"{name} did not succeed\n{tail}",
        do_zh=f"完整输出见 {log.relative_to(ROOT)};改正后再执行一次",
        do_en=f"The full output is in {log.relative_to(ROOT)}; correct the cause and run it again",
    )


def _full() -> Stopped:
    return Stopped(
        "磁盘空间不足",
        "the disk is full",
        do_zh=f"请在 {ROOT} 所在磁盘腾出至少 {NEEDED_MIB} MiB,再执行一次",
        do_en=f"Free at least {NEEDED_MIB} MiB on the disk of {ROOT}, then run it again",
    )


def _check_room() -> None:
    STAMPS.mkdir(exist_ok=True)
    first = not (STAMPS / "python").is_file()
    if shutil.disk_usage(ROOT).free < (NEEDED_MIB if first else 300) * 2**20:
        raise _full()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from (each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
