"""Bringing a backup back: checked whole before anything changes, the database in one transaction."""

import os
from dataclasses import dataclass
from pathlib import Path

from rongdun.kernel.clock import SHANGHAI, Clock, SystemClock
from rongdun.kernel.errors import Text
from rongdun.runtime import installation, schema
from rongdun.runtime.backup import database, ledger, programs
from rongdun.runtime.backup import manifest as manifests
from rongdun.runtime.backup.errors import (
    BackupDamaged,
    BackupTooNew,
    RestoreKeyMissing,
    RestoreNotEmpty,
)
from rongdun.runtime.backup.manifest import DUMP, FILES, ROOTS, Manifest
from rongdun.runtime.backup.places import copy, on_disk
from rongdun.runtime.crypto import masterkey
from rongdun.runtime.localpg import Dsns, Report
from rongdun.runtime.localpg.progress import to_log
from rongdun.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and the audit roots that no longer fit and were moved to ``aside``."""

    manifest: Manifest
    roots_aside: tuple[str, ...]
    aside: Path | None


def restore(
    settings: Settings,
    dsns: Dsns,
    source: Path,
    *,
    replace: bool = False,
    clock: Clock | None = None,
    report: Report = to_log,
) -> Restored:
    """Bring the backup in ``source`` into this installation, which must be empty unless ``replace`` is given.

    Everything is verified first. The master key must already be in the key directory. Audit roots of
    days the restored database has not reached, or that contradict it, are kept aside (decision 0003).
    Bring the schema to this release afterwards. Raises the errors of this package,
    :class:`rongdun.runtime.installation.ForeignDatabase`; the database is then as it was before.
    """
    owner = database.owner_of(dsns)
    manifest = check(settings, source, report=report)
    _require_versions(manifest, database.server_at(owner))
    database.settle(owner)
    _require_room(settings, owner, replace=replace)
    with on_disk(settings.data_dir):
        report(Text("正在恢复文件", "Bringing the files back"))
        _bring_files(manifest, source, settings)
        waiting = ledger.bring_in(manifest.parts, source, settings)
        report(Text("正在恢复数据库", "Bringing the database back"))
        with database.emptied(owner):
            programs.restore(owner, source / DUMP, server=database.server_at(owner))
            _require_all_rows(manifest, owner)
        ledger.take_over(waiting, settings)
        moved, aside = _bring_roots(manifest, source, settings, clock or SystemClock())
    return Restored(manifest, moved, aside)


def check(settings: Settings, source: Path, *, report: Report = to_log) -> Manifest:
    """Verify the backup in ``source`` and that its master key is here; needs no database, changes nothing.

    Raises :class:`NotABackup`, :class:`BackupDamaged`, :class:`RestoreKeyMissing`.
    """
    with on_disk(source):
        manifest = manifests.read(source)
        report(Text("正在核对备份", "Verifying the backup"))
        manifests.check_parts(manifest, source)
    _require_master_key(manifest, settings.keys)
    return manifest


def _require_master_key(manifest: Manifest, keys: Path) -> None:
    names = (masterkey.FILE_NAME, masterkey.NEXT_FILE_NAME)
    here = {masterkey.read(keys / name).fingerprint for name in names if (keys / name).exists()}
    needed = set(manifest.master_keys)
    if needed <= here:
        return
    wanted, found = ", ".join(sorted(needed)), ", ".join(sorted(here))
    known = RestoreKeyMissing.message
    raise RestoreKeyMissing(
        Text(
            f"{known.zh}:需要指纹 {wanted}，{keys} 中{f'是 {found}' if found else '没有主密钥'}",
            f"{known.en}: fingerprint {wanted} is needed, {keys} holds {found or 'none'}",
        )
    )


def _require_versions(manifest: Manifest, server: int) -> None:
    if manifest.revision not in schema.revisions():
        raise BackupTooNew()
    if manifest.server > server:
        known = BackupTooNew.message
        raise BackupTooNew(
            Text(
                f"{known.zh}:备份来自 PostgreSQL {manifest.server}，这里是 {server}",
                f"{known.en}: it comes from PostgreSQL {manifest.server}, here is {server}",
            )
        )


def _require_room(settings: Settings, owner: str, *, replace: bool) -> None:
    """Nothing may be here, or it may be replaced; and nobody may be working on it."""
    kind = installation.look(owner).kind
    if kind == installation.FOREIGN:
        raise installation.ForeignDatabase()
    empty = kind in (installation.EMPTY, installation.FRESH)
    places = (settings.files, settings.audit_roots, ledger.directory_of(settings))
    if not replace and not (empty and all(_no_file(place) for place in places)):
        raise RestoreNotEmpty()
    database.require_alone(owner)


def _no_file(directory: Path) -> bool:
    return next(manifests.walk(directory), None) is None


def _bring_files(manifest: Manifest, source: Path, settings: Settings) -> None:
    """Files are named by their content: one that is there and intact is the same file."""
    for name, part in manifest.parts.items():
        if name.startswith(f"{FILES}/"):
            target = settings.files / name.removeprefix(f"{FILES}/")
            if not (target.is_file() and manifests.fingerprint(target) == part):
                copy(source / name, target, mode=0o400)


def _require_all_rows(manifest: Manifest, owner: str) -> None:
    found = database.counts_at(owner)
    wrong = sorted(name for name, rows in manifest.tables.items() if found.get(name) != rows)
    if wrong:
        raise BackupDamaged(extra={"parts": wrong})


def _bring_roots(
    manifest: Manifest, source: Path, settings: Settings, clock: Clock
) -> tuple[tuple[str, ...], Path | None]:
    kept = {Path(name).name: part for name, part in manifest.parts.items() if name.startswith(f"{ROOTS}/")}
    here = sorted(settings.audit_roots.glob("*.json"))
    foreign = [path for path in here if manifests.fingerprint(path) != kept.get(path.name)]
    aside = _move_aside(foreign, settings, clock)
    for name in kept:
        copy(source / ROOTS / name, settings.audit_roots / name, mode=0o640)
    return tuple(path.stem for path in foreign), aside


def _move_aside(paths: list[Path], settings: Settings, clock: Clock) -> Path | None:
    if not paths:
        return None
    stamp = clock.now().astimezone(SHANGHAI).strftime("%Y%m%dT%H%M%S")
    aside = settings.data_dir / "audit-roots-aside" / stamp
    aside.mkdir(mode=0o750, parents=True)
    for path in paths:
        os.replace(path, aside / path.name)
    return aside
