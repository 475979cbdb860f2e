"""Changing keys while the centre works: a new data key (``rotate``) or a new master key (``rewrap``).

Rotation is safe to interrupt and to repeat: what is left to do is exactly the rows whose blob still
names another key than the active one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import blob as blobs
from rongdun.runtime.crypto import keystore, masterkey
from rongdun.runtime.crypto.errors import SealedValueUnreadable
from rongdun.runtime.crypto.keystore import StoredKey
from rongdun.runtime.crypto.registry import SealedColumn, sealed_columns
from rongdun.runtime.crypto.vault import REFRESH_S, Vault
from rongdun.runtime.uow import Transact, Uow

BATCH = 500
"""Rows re-encrypted in one transaction: short enough that nobody waits for their locks."""

_INSERT = text(
    "insert into data_keys (id, purpose, algorithm, wrapped, wrapped_by, state, created_at)"
    " values (:id, :purpose, :algorithm, :wrapped, :wrapped_by, 'active', :now)"
)
_RETIRE = text(
    "update data_keys set state = 'retired', retired_at = :now where purpose = 'seal' and state = 'active'"
)
_REWRAP = text("update data_keys set wrapped = :wrapped, wrapped_by = :wrapped_by where id = :id")


@dataclass(slots=True)
class RotationReport:
    """What a rotation did: rows by ``table.column``, and rows that could not be opened."""

    key_id: int
    rows: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many values of one column are sealed under one data key."""

    column: str
    key_id: int
    values: int


def rotate(
    transact: Transact,
    *,
    sleep: Callable[[float], None],
    resume: bool = False,
    columns: Iterable[SealedColumn] | None = None,
) -> RotationReport:
    """Make a new data key and re-encrypt every sealed column under it; return what was done.

    ``resume`` makes no new key and only finishes what an interrupted rotation left. Old keys are kept,
    retired, so that backups and stragglers still open. ``sleep`` waits until every process has noticed
    the new key, then a last pass catches what they sealed meanwhile.
    """
    if not resume:
        with transact() as uow:
            _replace_active(uow)
    with transact() as uow:
        uow.vault.refresh()
        report = RotationReport(uow.vault.active_key_id)
    targets = tuple(sealed_columns() if columns is None else columns)
    _pass(transact, targets, report)
    sleep(REFRESH_S)
    _pass(transact, targets, report)
    with transact() as uow:
        uow.record(
            "keys.rotate", SubjectRef("data_key", str(report.key_id)), after={"rows": dict(report.rows)}
        )
    return report


def rewrap(transact: Transact) -> str:
    """Make a new master key, wrap every data key under it, and return its fingerprint.

    No sealed value changes. The new key waits in a second file until the database has been committed;
    a crash in between is completed at the next start. The old file stays, named by its fingerprint.
    """
    with transact() as uow:
        fingerprint = _rewrap_rows(uow)
        keys_dir = uow.settings.keys
    keystore.promote(keys_dir)
    return fingerprint


def key_use(session: Session, columns: Iterable[SealedColumn] | None = None) -> list[KeyUse]:
    """Return how many values each data key still seals, by column."""
    found = []
    for target in sealed_columns() if columns is None else columns:
        for blob_key, values in session.execute(_count(target)):
            key_id = int.from_bytes(blob_key, "big")
            found.append(KeyUse(f"{target.table}.{target.column}", key_id, values))
    return found


def _replace_active(uow: Uow) -> None:
    rows = _locked_rows(uow.session)
    master = keystore.master_for(rows, uow.settings.keys)
    cipher = uow.settings.cipher
    fresh = keystore.new_key(
        max(row.id for row in rows) + 1,
        purpose=keystore.SEAL,
        algorithm=cipher,
        cipher=cipher,
        master=master,
    )
    uow.session.execute(_RETIRE, {"now": uow.now})
    uow.session.execute(_INSERT, {**fresh._asdict(), "now": uow.now})
    uow.record("keys.create", SubjectRef("data_key", str(fresh.id)), after={"algorithm": fresh.algorithm})


def _rewrap_rows(uow: Uow) -> str:
    rows = _locked_rows(uow.session)
    old = keystore.master_for(rows, uow.settings.keys)
    waiting = uow.settings.keys / masterkey.NEXT_FILE_NAME
    waiting.unlink(missing_ok=True)
    new = masterkey.create(waiting)
    for row in rows:
        secret = keystore.unwrap(row, master=old)
        wrapped = keystore.wrap(row, secret, master=new, cipher=uow.settings.cipher)
        uow.session.execute(_REWRAP, wrapped._asdict())
    uow.record("keys.rewrap", SubjectRef("master_key", new.fingerprint), before={"key": old.fingerprint})
    return new.fingerprint


def _locked_rows(session: Session) -> list[StoredKey]:
    session.execute(text(keystore.LOCK))
    return [keystore.row_of(tuple(row)) for row in session.execute(text(keystore.SELECT))]


def _pass(transact: Transact, targets: Iterable[SealedColumn], report: RotationReport) -> None:
    for target in targets:
        after: Any = None
        while True:
            with transact() as uow:
                ids = _batch(uow, target, after=after, report=report)
            if not ids:
                break
            after = ids[-1]


def _batch(uow: Uow, target: SealedColumn, *, after: Any, report: RotationReport) -> list[Any]:
    rows = uow.session.execute(_select(target, from_start=after is None), _bind(report.key_id, after)).all()
    changed = [
        {"row_id": row_id, "blob": blob}
        for row_id, old in rows
        if (blob := _resealed(uow.vault, target, row_id, old, report)) is not None
    ]
    if changed:
        uow.session.execute(_update(target), changed)
    name = f"{target.table}.{target.column}"
    report.rows[name] = report.rows.get(name, 0) + len(changed)
    return [row_id for row_id, _ in rows]


def _resealed(
    vault: Vault, target: SealedColumn, row_id: Any, old: bytes, report: RotationReport
) -> bytes | None:
    context = target.context_of(row_id)
    try:
        return vault.seal(vault.open(old, context), context)
    except SealedValueUnreadable:
        place = f"{target.table}.{target.column} {row_id}"
        if place not in report.unreadable:
            report.unreadable.append(place)
        return None


def _bind(key_id: int, after: Any) -> dict[str, Any]:
    bound = {"key": blobs.key_id_bytes(key_id), "size": BATCH}
    return bound if after is None else {**bound, "after": after}


def _key_of(target: SealedColumn) -> str:
    return f"substring({target.column} from {blobs.KEY_ID_FIRST} for {blobs.KEY_ID_BYTES})"


def _select(target: SealedColumn, *, from_start: bool) -> Any:
    later = "" if from_start else f" and {target.id_column} > :after"
    return text(
        f"select {target.id_column}, {target.column} from {target.table}"  # noqa: S608 - names the code registered
        f" where {target.column} is not null and {_key_of(target)} <> :key{later}"
        f" order by {target.id_column} limit :size for update"
    )


def _update(target: SealedColumn) -> Any:
    return text(
        f"update {target.table} set {target.column} = :blob"  # noqa: S608 - names the code registered
        f" where {target.id_column} = :row_id"
    )


def _count(target: SealedColumn) -> Any:
    return text(
        f"select {_key_of(target)}, count(*) from {target.table}"  # noqa: S608 - names the code registered
        f" where {target.column} is not null group by 1 order by 1"
    )
