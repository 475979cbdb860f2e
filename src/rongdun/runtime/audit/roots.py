"""The daily root: the heads of all chains at the end of a civil day, signed, kept in and out of the database.

Chains alone show that an entry was changed; they cannot show that the newest ones were cut off or that a
whole chain was written anew. A root fixes, for every day, how far each chain went and with which hash.
Roots name their predecessor's hash, so none can be taken out of the middle.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from rongdun.kernel.clock import SHANGHAI
from rongdun.runtime.audit.canonical import canonical_json
from rongdun.runtime.audit.entry import GENESIS
from rongdun.runtime.audit.errors import RootConflict
from rongdun.runtime.audit.model import AuditEntry, AuditRoot
from rongdun.runtime.audit.redact import instant
from rongdun.runtime.audit.signing import Signer, is_signed, load_signer, trusted_keys
from rongdun.runtime.crypto.errors import naming
from rongdun.runtime.crypto.keyfiles import sync_directory
from rongdun.runtime.crypto.primitives import digest
from rongdun.runtime.settings import Settings

_LATE_AFTER = timedelta(days=1)
_LOCK = text("select pg_advisory_xact_lock(hashtext('rongdun.audit_roots'))")
_HEADS = text(
    "select h.chain, e.seq, encode(e.hash, 'hex') from audit_heads h cross join lateral"
    " (select seq, hash from audit_entries where chain = h.chain and at < :end"
    " order by seq desc limit 1) e order by h.chain"
)


@dataclass(frozen=True, slots=True)
class SignedRoot:
    """A root as it is stored: the canonical text that was signed, and the signature."""

    body: bytes
    signature: bytes

    @property
    def content(self) -> dict[str, Any]:
        """What the root says: day, heads of the chains, predecessor, key, when it was signed."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def hash(self) -> bytes:
        """Hash of the body, which the next root names."""
        return digest(self.content["alg"], self.body)


def sign_daily_root(session: Session, *, settings: Settings, now: datetime) -> list[date]:
    """Sign the root of every civil day (Shanghai) that has ended and has none; return those days.

    Days missed while the centre stood still are signed now and marked late. A file that was written but
    whose transaction was lost is taken over when it agrees with the database. Raises
    :class:`RootConflict` when it does not.
    """
    session.execute(_LOCK)
    signer = load_signer(settings.keys)
    last = session.execute(
        select(AuditRoot.day, AuditRoot.hash).order_by(AuditRoot.day.desc()).limit(1)
    ).one_or_none()
    prev = GENESIS if last is None else last.hash
    start = _first_day(session) if last is None else last.day + timedelta(days=1)
    signed = []
    for day in _days(start, _today(now)):
        root = _adopt(session, settings, day) or _sign(
            session, signer, _place(day, prev=prev, now=now, settings=settings)
        )
        _store(session, day, root)
        _lay_down(settings.audit_roots, day, root)
        prev = root.hash
        signed.append(day)
    return signed


def restore_files(session: Session, *, settings: Settings) -> list[date]:
    """Write again every root's file that is missing outside the database; return those days."""
    missing = []
    for stored in session.scalars(select(AuditRoot).order_by(AuditRoot.day)):
        if not root_path(settings.audit_roots, stored.day).exists():
            root = SignedRoot(stored.body.encode("utf-8"), bytes(stored.signature))
            _lay_down(settings.audit_roots, stored.day, root)
            missing.append(stored.day)
    return missing


def root_path(directory: Path, day: date) -> Path:
    """Return where the root of ``day`` lies outside the database."""
    return directory / f"{day.isoformat()}.json"


def read_root(path: Path) -> SignedRoot:
    """Return the root in a file; raise :class:`ValueError` when it is not one."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return SignedRoot(canonical_json(found["root"]), bytes.fromhex(found["signature"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a root: {path.name}") from error


def is_authentic(root: SignedRoot, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    """Tell whether a trusted key signed ``root``."""
    return any(is_signed(key, signature=root.signature, body=root.body) for key in keys.values())


def end_of(day: date) -> datetime:
    """Return the moment at which the civil day ``day`` ends in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def _first_day(session: Session) -> date | None:
    earliest = session.scalar(select(func.min(AuditEntry.at)))
    return None if earliest is None else _today(earliest)


def _days(start: date | None, today: date) -> Iterator[date]:
    while start is not None and start < today:
        yield start
        start += timedelta(days=1)


def _place(day: date, *, prev: bytes, now: datetime, settings: Settings) -> dict[str, Any]:
    return {
        "alg": settings.hash_algorithm,
        "day": day.isoformat(),
        "format": 1,
        "late": now - end_of(day) > _LATE_AFTER,
        "prev_root": prev.hex(),
        "signed_at": instant(now),
    }


def _sign(session: Session, signer: Signer, place: dict[str, Any]) -> SignedRoot:
    heads = _heads(session, date.fromisoformat(place["day"]))
    entries = sum(head["seq"] for head in heads)
    body = canonical_json({**place, "chains": heads, "entries": entries, "key": signer.fingerprint})
    return SignedRoot(body, signer.sign(body))


def _heads(session: Session, day: date) -> list[dict[str, Any]]:
    rows = session.execute(_HEADS, {"end": end_of(day)})
    return [{"chain": chain, "seq": seq, "hash": found} for chain, seq, found in rows]


def _adopt(session: Session, settings: Settings, day: date) -> SignedRoot | None:
    path = root_path(settings.audit_roots, day)
    if not path.exists():
        return None
    root = read_root(path)
    agrees = root.content.get("chains") == _heads(session, day)
    if not agrees or not is_authentic(root, trusted_keys(settings.keys)):
        raise RootConflict(naming(RootConflict.message, path))
    return root


def _store(session: Session, day: date, root: SignedRoot) -> None:
    content = root.content
    values = {
        "day": day,
        "body": root.body.decode("utf-8"),
        "hash": root.hash,
        "signature": root.signature,
        "key_fingerprint": content["key"],
        "signed_at": datetime.fromisoformat(content["signed_at"]),
        "late": content["late"],
    }
    session.execute(insert(AuditRoot).values(values))


def _lay_down(directory: Path, day: date, root: SignedRoot) -> None:
    directory.mkdir(mode=0o750, parents=True, exist_ok=True)
    path = root_path(directory, day)
    shown = {"hash": root.hash.hex(), "root": root.content, "signature": root.signature.hex()}
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_directory(directory)
