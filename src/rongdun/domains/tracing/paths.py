"""Paths as they were dropped: made safe for a folder of ours, and masked for the eye. Pure."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from rongdun.kernel.account import mask_account

_MOST_BYTES = 200
_MOST_PARTS = 12
_NUMBER = re.compile(r"(?<!\d)\d{11,21}(?!\d)")


def safe_path(dropped: str) -> str:
    """Return ``dropped`` as a relative path: no root, no ``..``, no control characters, short enough to exist."""
    parts = [_part(part) for part in re.split(r"[/\\]", dropped)]
    return "/".join([part for part in parts if part not in ("", ".", "..")][-_MOST_PARTS:]) or "file"


def unlike_paths(dropped: Sequence[str]) -> list[str]:
    """Return :func:`safe_path` of each; one that was there already gets a number before its ending."""
    taken: set[str] = set()
    found: list[str] = []
    for path in map(safe_path, dropped):
        stem, dot, ending = path.rpartition(".") if "." in path.rpartition("/")[2] else (path, "", "")
        unlike, number = path, 1
        while unlike in taken:
            number += 1
            unlike = f"{stem}({number}){dot}{ending}"
        taken.add(unlike)
        found.append(unlike)
    return found


def masked_path(path: str) -> str:
    """Return ``path`` with the account and telephone numbers masked that banks like to put into names."""
    return _NUMBER.sub(lambda found: mask_account(found[0]).replace(" ", ""), path)


def belongs_to(found: str, dropped: str) -> bool:
    """Tell whether a reader's path ``found`` is the dropped file itself or a member of it."""
    return found == dropped or found.startswith(f"{dropped}/")


def top_of(path: str) -> str:
    """Return the first part of a path."""
    return PurePosixPath(path).parts[0]


def _part(part: str) -> str:
    clean = "".join(character for character in part if character.isprintable()).strip()
    if len(clean.encode()) <= _MOST_BYTES:
        return clean
    stem, dot, ending = clean.rpartition(".")
    kept = (stem or clean).encode()[: _MOST_BYTES - len(ending.encode()) - 1].decode("utf-8", "ignore")
    return f"{kept}{dot}{ending}" if dot else kept
