"""Handing a paper over: as PDF or Word, named in Chinese, on record."""

from collections.abc import Sequence
from typing import Literal, Protocol

from fastapi import Response

from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.downloads import PDF, download
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.letters import frame_of
from rongdun.runtime.letters.forms import Block, form_pdf
from rongdun.runtime.letters.word import DOCX, form_docx
from rongdun.runtime.uow import Uow


class Record(Protocol):
    """What a paper is about."""

    number: str
    unit_path: str

    @property
    def reference(self) -> SubjectRef:
        """The record as audit entries name it."""
        ...


def hand_over(
    uow: Uow,
    found: Record,
    blocks: Sequence[Block],
    title: Text,
    *,
    action: str,
    kind: Literal["pdf", "docx"],
    language: Language,
    number: str = "",
) -> Response:
    """Return the paper as a file, on record; ``number`` is the paper's own (else the record's)."""
    shown = number or found.number
    frame = frame_of(uow, title=title, number=shown, language=language)
    after = {"paper": title.zh, "kind": kind}
    uow.record(action, found.reference, unit_path=found.unit_path, after=after)
    name = f"{say(title, language)}-{found.number}.{kind}"
    if kind == "pdf":
        return download(form_pdf(blocks, frame=frame, at=uow.now), file_name=name, media_type=PDF)
    return download(form_docx(blocks, frame=frame, at=uow.now), file_name=name, media_type=DOCX)
