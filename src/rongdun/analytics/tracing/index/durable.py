"""Is what was written still there after the power went? Files count as written once they are known to be on the disk.

An index is usable as soon as it is renamed into place: the same run of the machine reads what it wrote. Bringing
gigabytes to the disk takes longer than computing them, so that comes after; until then another run of the machine
takes the index for damaged and builds it again, which costs nothing but time.
"""

import os
from pathlib import Path
from typing import Final

from rongdun.analytics.tracing.index.layout import DURABLE

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def boot() -> str:
    """Return what names this run of the machine, empty where the system does not tell."""
    return _BOOT.read_text(encoding="ascii").strip() if _BOOT.exists() else ""


def make_durable(folder: Path) -> None:
    """Bring every file of a folder to the disk, then say so in the folder."""
    for path in [*sorted(folder.iterdir()), folder, folder.parent]:
        _sync(path)
    (folder / DURABLE).touch()
    _sync(folder)


def trusted(folder: Path, written_by: str) -> bool:
    """Tell whether a folder's files are whole as far as power cuts go."""
    return (folder / DURABLE).exists() or (written_by != "" and written_by == boot())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
