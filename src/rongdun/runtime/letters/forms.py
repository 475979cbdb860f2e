"""Official forms described once and handed over twice: as PDF to sign and keep, as Word to fill in further.

A form is a sequence of blocks. Text is only ever shown, never evaluated; ``frame`` is that of every letter.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rongdun.runtime.letters import Frame, render

_TEMPLATE = Path(__file__).parent / "form.typ"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the form."""

    text: str
    block: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``flush``: without the indent of a paragraph (an addressee, a line of law)."""

    text: str
    flush: bool = False
    block: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and what stands in them, two to a line; an empty value is a field to fill in by hand."""

    rows: Sequence[tuple[str, str]]
    block: str = "fields"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading row; ``right`` are the columns of figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    block: str = "grid"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on."""

    labels: Sequence[str]
    block: str = "signatures"


@dataclass(frozen=True, slots=True)
class Seal:
    """Where the seal goes; ``name`` is whose (empty: the unit of the frame)."""

    name: str = ""
    block: str = "seal"


Block = Heading | Paragraph | Fields | Grid | Signatures | Seal


def form_pdf(blocks: Sequence[Block], *, frame: Frame, at: datetime) -> bytes:
    """Return the form as PDF; ``at`` is its time of making. Raises ``FontsMissing``."""
    return render(_TEMPLATE, {"blocks": [asdict(one) for one in blocks]}, frame=frame, at=at)
