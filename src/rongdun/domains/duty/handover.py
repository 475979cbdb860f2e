"""The duty board on paper: the sheet one shift hands to the next (值班台交接单)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rongdun.kernel.errors import Text
from rongdun.runtime.i18n import Language
from rongdun.runtime.letters import frame_of, render
from rongdun.runtime.uow import Uow

_TEMPLATE = Path(__file__).parent / "letters" / "handover.typ"

TITLE = Text("值班台交接单", "Duty desk handover sheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLine:
    """One running deadline as the sheet shows it; all fields are words, in the sheet's language.

    ``pressing`` sets what is left in bold, for deadlines that are urgent or already overdue.
    """

    name: str
    subject: str
    due: str
    left: str
    pressing: bool
    unit: str
    acknowledged: str


def handover_sheet(
    uow: Uow,
    *,
    number: str,
    shift: str,
    counts: Sequence[tuple[str, int]],
    lines: Sequence[HandoverLine],
    remarks: str,
    language: Language,
) -> bytes:
    """Return the handover sheet as PDF.

    ``shift`` says which shift hands over; ``counts`` are label and number pairs for its head; ``remarks``
    may be empty, the box is then filled in by hand.
    """
    data = {
        "shift": shift,
        "counts": [list(pair) for pair in counts],
        "lines": [asdict(line) for line in lines],
        "remarks": remarks,
    }
    frame = frame_of(uow, title=TITLE, number=number, language=language)
    return render(_TEMPLATE, data, frame=frame, at=uow.now)
