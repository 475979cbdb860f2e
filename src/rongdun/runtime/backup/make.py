"""Making a backup: the database at one moment, the files it names, the audit's roots, and never the keys."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from rongdun import __version__
from rongdun.kernel.errors import Text
from rongdun.runtime import installation
from rongdun.runtime.backup import database, ledger, programs
from rongdun.runtime.backup import manifest as manifests
from rongdun.runtime.backup.errors import NothingToBackUp, TargetTaken
from rongdun.runtime.backup.manifest import DUMP, FILES, ROOTS, Manifest
from rongdun.runtime.backup.places import copy, lay_safe, on_disk
from rongdun.runtime.crypto.keyfiles import sync_directory
from rongdun.runtime.files import FileStore
from rongdun.runtime.localpg import Dsns, Report
from rongdun.runtime.localpg.errors import about
from rongdun.runtime.localpg.progress import to_log
from rongdun.runtime.settings import Settings


def backup(settings: Settings, dsns: Dsns, target: Path, *, report: Report = to_log) -> Manifest:
    """Back the installation up into the new directory ``target`` while it goes on working; return its label.

    Files whose content no longer has the hash in their name are copied as they are and named in
    ``damaged``. The directory appears under its name only when it is complete. Raises
    :class:`TargetTaken`, :class:`NothingToBackUp` and the other errors of this package.
    """
    owner = database.owner_of(dsns)
    found = installation.look(owner)
    if found.kind in (installation.EMPTY, installation.FOREIGN):
        raise NothingToBackUp()
    draft = target.with_name(f"{target.name}.partial")
    with on_disk(target):
        if os.path.lexists(target):
            raise TargetTaken(about(TargetTaken.message, target))
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        try:
            manifest = _fill(draft, settings, owner, found, report)
            draft.rename(target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_directory(target.parent)
    return manifest


def _fill(draft: Path, settings: Settings, owner: str, found: installation.Found, report: Report) -> Manifest:
    """Write every part. The database comes first: every file it names is kept by then and stays."""
    report(Text("正在备份数据库", "Backing up the database"))
    with database.snapshot(owner) as moment:
        programs.dump(owner, draft / DUMP, server=moment.server, snapshot=moment.name)
    (draft / DUMP).chmod(0o600)
    lay_safe(draft / DUMP)
    parts = {DUMP: manifests.fingerprint(draft / DUMP)}
    report(Text("正在备份文件", "Backing up the files"))
    parts |= {name: copy(source, draft / name) for name, source in _files(settings)}
    parts |= {name: copy(source, draft / name) for name, source in _roots(settings, moment.last_root)}
    parts |= ledger.copy_out(settings, draft)
    manifest = Manifest(
        made_at=moment.made_at,
        release=__version__,
        revision=found.revision,
        kind=found.kind,
        server=moment.server,
        tables=moment.tables,
        master_keys=moment.master_keys,
        last_root=moment.last_root,
        parts=parts,
        damaged=_damaged(parts),
    )
    manifests.write(manifest, draft)
    return manifest


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    store = FileStore.of(settings)
    for hash in store.hashes():
        path = store.path_of(hash)
        yield f"{FILES}/{path.relative_to(store.root).as_posix()}", path


def _roots(settings: Settings, last: str) -> Iterator[tuple[str, Path]]:
    """Roots signed after the moment of the dump belong to the next backup."""
    for path in sorted(settings.audit_roots.glob("*.json")):
        if path.stem <= last:
            yield f"{ROOTS}/{path.name}", path


def _damaged(parts: dict[str, tuple[str, int]]) -> tuple[str, ...]:
    kept = {name: part[0] for name, part in parts.items() if name.startswith(f"{FILES}/")}
    return tuple(name for name, hash in kept.items() if not name.endswith(hash))
