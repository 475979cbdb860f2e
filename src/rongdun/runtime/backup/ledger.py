"""The ledger's directory in a backup: a version is one small file, and all it names was there before it.

Data files of the ledger never change, so copying the versions first and the rest after gives a whole ledger
although statements are being imported meanwhile.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from rongdun.runtime.backup import manifest as manifests
from rongdun.runtime.backup.places import copy, make_private
from rongdun.runtime.settings import Settings

LEDGER = "ledger"

_VERSIONS = "versions"
_STAGING = "staging"
_DERIVED = ("index", "engines", "sums")
"""Folders that are made again from the ledger whenever they are absent."""


def directory_of(settings: Settings) -> Path:
    """Return where the ledger of this installation lies."""
    return settings.data_dir / LEDGER


def copy_out(settings: Settings, target: Path) -> dict[str, tuple[str, int]]:
    """Copy the ledger into the backup ``target``; return its parts.

    What a writer is still staging is left out, and what a killed one left may vanish meanwhile: no version
    names either. What is derived is left out too: the trace index is as large as the ledger.
    """
    root = directory_of(settings)
    parts = {}
    for name in _names(root):
        with contextlib.suppress(FileNotFoundError):
            parts[f"{LEDGER}/{name}"] = copy(root / name, target / LEDGER / name)
    return parts


def bring_in(parts: Mapping[str, tuple[str, int]], source: Path, settings: Settings) -> Path:
    """Copy the ledger of a backup beside its place; :func:`take_over` puts it there."""
    waiting = directory_of(settings).with_name(f"{LEDGER}.restored")
    shutil.rmtree(waiting, ignore_errors=True)
    for name in parts:
        if name.startswith(f"{LEDGER}/"):
            copy(source / name, waiting / name.removeprefix(f"{LEDGER}/"))
    return waiting


def take_over(waiting: Path, settings: Settings) -> None:
    """Replace the ledger by the one that waits, or by none when the backup held none."""
    place = directory_of(settings)
    if place.exists():
        shutil.rmtree(place)
    if waiting.exists():
        make_private(place.parent)
        os.replace(waiting, place)


def _names(root: Path) -> Iterator[str]:
    """Yield the versions there are now, then the rest, looked for only afterwards."""
    yield from [f"{_VERSIONS}/{name}" for name in manifests.walk(root / _VERSIONS) if not _is_passing(name)]
    for name in manifests.walk(root):
        if not _is_passing(name) and name.partition("/")[0] not in (_VERSIONS, *_DERIVED):
            yield name


def _is_passing(name: str) -> bool:
    """Tell whether a file belongs to a writer at work: its staging, a draft, the lock."""
    return name.startswith(f"{_STAGING}/") or name.rpartition("/")[2].startswith(".")
