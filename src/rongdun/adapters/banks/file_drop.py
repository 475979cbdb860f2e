"""Messages as files, for networks that are carried across by hand or by a gatekeeper.

A message is ``<name>.xml``; its manifest ``<name>.manifest.json`` is written last and holds its hash and signature, so
whoever reads manifests never sees half a message. What was read is acknowledged by ``<name>.ack.json`` and moved away.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from rongdun.adapters.banks.signing import Signer, Verifier, fault_of, proof_of, signed_headers
from rongdun.adapters.banks.xml import MOST_BYTES
from rongdun.kernel.errors import Text

MESSAGE = ".xml"
"""Ending of a message; a file of another kind has another."""

_MANIFEST = ".manifest.json"
_METHOD = "FILE"
_MOST_MANIFEST = 8_192


class Laid(NamedTuple):
    """A message in a folder: its name, content, the proof of its sender, and what is wrong with it, if anything."""

    name: str
    body: bytes
    proof: str
    fault: Text | None


def lay_down(folder: Path, name: str, body: bytes, signer: Signer, now: datetime) -> str:
    """Lay a message down whole, then its manifest; a second time replaces both by the same. Return its file's name."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = _safe(name)
    manifest = {
        "file": f"{stem}.xml",
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "headers": signed_headers(signer, _METHOD, f"/{stem}.xml", body, now),
    }
    write_whole(folder / f"{stem}.xml", body)
    write_whole(folder / f"{stem}{_MANIFEST}", _json(manifest))
    return f"{stem}.xml"


def lying(folder: Path, verifier: Verifier, now: datetime, *, ending: str = MESSAGE) -> Iterator[Laid]:
    """Yield the messages in ``folder`` whose manifest is there, oldest name first, each checked."""
    for path in sorted(folder.glob(f"*{_MANIFEST}")):
        yield _laid(folder, path.name.removesuffix(_MANIFEST), verifier, now, ending)


def laid_as(folder: Path, name: str, verifier: Verifier, now: datetime, *, ending: str) -> Laid | None:
    """Return what was laid down by one name, checked; None while its manifest is not there."""
    there = (folder / f"{name}{_MANIFEST}").is_file()
    return _laid(folder, name, verifier, now, ending) if there else None


def acknowledge(
    folder: Path, name: str, told: Mapping[str, Any], *, now: datetime, ending: str = MESSAGE
) -> None:
    """Say what became of a message, and move it and its manifest to ``done``."""
    write_whole(folder / f"{name}.ack.json", _json({**told, "at": now.isoformat()}))
    done = folder / "done"
    done.mkdir(exist_ok=True)
    for suffix in (ending, _MANIFEST):
        path = folder / f"{name}{suffix}"
        if path.exists():
            path.replace(done / path.name)


def collect(
    folder: Path, verifier: Verifier, now: datetime, take: Callable[[Laid], Mapping[str, Any]]
) -> int:
    """Take every message that lies in ``folder`` and acknowledge it; return how many."""
    taken = 0
    for laid in lying(folder, verifier, now):
        acknowledge(folder, laid.name, take(laid), now=now)
        taken += 1
    return taken


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that others see whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _laid(folder: Path, name: str, verifier: Verifier, now: datetime, ending: str) -> Laid:
    headers = _headers(folder / f"{name}{_MANIFEST}")
    path = folder / f"{name}{ending}"
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        return Laid(name, b"", "", Text("文件缺失或过大", "its file is missing or too large"))
    body = path.read_bytes()
    # A courier on foot takes longer than five minutes: the moment of signing binds a file to nothing.
    signed_at = _signed_at(headers) or now
    fault = fault_of(verifier, headers, _METHOD, f"/{path.name}", body, signed_at)
    return Laid(name, body, proof_of(headers), fault)


def _headers(path: Path) -> dict[str, str]:
    if path.stat().st_size > _MOST_MANIFEST:
        return {}
    try:
        told = json.loads(path.read_bytes())["headers"]
        return {str(name).lower(): str(value) for name, value in told.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _signed_at(headers: Mapping[str, str]) -> datetime | None:
    found = re.search(r";created=(\d{1,12});", headers.get("signature-input", ""))
    return datetime.fromtimestamp(int(found.group(1))).astimezone() if found else None


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name).strip(".") or "_"
