"""An institution's own book of a day as a file, where no line leads to it: ``<day>.json`` and its manifest.

It lies in ``books`` beside the messages the institution laid down, signed like those. Content: ``{"day": "2026-11-25",
"orders": [...]}`` with the entries an interface would tell. What was taken is kept in ``done``, for a later comparison.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rongdun.adapters.banks import file_drop
from rongdun.adapters.banks.book_lines import BookUnavailable, line_told
from rongdun.adapters.banks.file_drop import Laid
from rongdun.adapters.banks.signing import Verifier, verifier_of
from rongdun.domains.exchange import Institution, Line
from rongdun.kernel.errors import Text
from rongdun.runtime.settings import Settings

ENDING = ".json"
_NOT_THERE = Text("没有放入当日账册文件", "no book of that day was laid down")
_NO_KEY = Text("没有登记公钥", "its public key is not known here")
_NOT_A_DAY = Text(
    "文件名应为日期，如 2026-11-25.json", "the file is to be named by its day, as 2026-11-25.json"
)
_OTHER_DAY = Text("文件内容不是这一天的账册", "the file holds the book of another day")
_UNREADABLE = Text("账册文件内容有误，无法读取", "the book's file cannot be read")


def books_folder(settings: Settings, code: str) -> Path:
    """Return where an institution lays its books down."""
    return settings.data_dir / "exchange" / "incoming" / code / "books"


def books_lying(settings: Settings, sender: Institution, now: datetime) -> Iterator[Laid]:
    """Yield the books that lie there and were not taken yet; none where its key is not known."""
    verifier = verifier_of(sender.public_key)
    folder = books_folder(settings, sender.code)
    return iter(()) if verifier is None else file_drop.lying(folder, verifier, now, ending=ENDING)


def dropped_lines(settings: Settings, sender: Institution, day: date, now: datetime) -> Sequence[Line]:
    """Return the book of ``day`` that lies there, or was taken before; :class:`BookUnavailable` says what is wrong."""
    verifier = verifier_of(sender.public_key)
    if verifier is None:
        raise BookUnavailable.because(_NO_KEY)
    return lines_in(_newest(books_folder(settings, sender.code), day, verifier, now), day)


def day_of(laid: Laid) -> date:
    """Return the day that a book's file is named by; raises :class:`BookUnavailable`."""
    try:
        return date.fromisoformat(laid.name)
    except ValueError:
        raise BookUnavailable.because(_NOT_A_DAY) from None


def lines_in(laid: Laid, day: date) -> list[Line]:
    """Return the entries of a book's file; :class:`BookUnavailable` unless it is signed, of ``day``, and readable."""
    if laid.fault is not None:
        raise BookUnavailable.because(laid.fault)
    try:
        told: Any = json.loads(laid.body)
        named, lines = str(told["day"]), [line_told(each) for each in told["orders"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BookUnavailable.because(_UNREADABLE) from error
    if named != day.isoformat():
        raise BookUnavailable.because(_OTHER_DAY)
    return lines


def _newest(folder: Path, day: date, verifier: Verifier, now: datetime) -> Laid:
    for place in (folder, folder / "done"):
        laid = file_drop.laid_as(place, day.isoformat(), verifier, now, ending=ENDING)
        if laid is not None:
            return laid
    raise BookUnavailable.because(_NOT_THERE)
