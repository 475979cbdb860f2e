"""The board put into the words of the handover sheet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rongdun.domains.duty.handover import HandoverLine, handover_sheet
from rongdun.domains.duty.service import Board
from rongdun.domains.duty.store import LEVELS, Found
from rongdun.domains.duty.views import shown_state
from rongdun.kernel import deadline as clockwork
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.deadline import Level
from rongdun.kernel.errors import Text
from rongdun.runtime.deadlines import value_of
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.uow import Uow

_LEFT = Text("还剩 {span}", "{span} left")
_OVER = Text("逾期 {span}", "{span} overdue")
_PAUSED = Text("已暂停，还剩 {span}", "paused, {span} left")
_SPANS = (
    (timedelta(days=1), Text("{n} 天", "{n} d")),
    (timedelta(hours=1), Text("{n} 小时", "{n} h")),
    (timedelta(minutes=1), Text("{n} 分", "{n} min")),
)
_SHIFT = Text("{day} {time} 值班台", "Duty desk, {day} {time}")


def board_pdf(uow: Uow, board: Board, *, language: Language) -> bytes:
    """Return the board as the sheet one shift hands to the next."""
    civil = uow.now.astimezone(SHANGHAI)
    counts = [(say(words, language), board.counts[name]) for name, words in reversed(LEVELS.items())]
    return handover_sheet(
        uow,
        number=f"JJ-{civil:%Y%m%d-%H%M}",
        shift=say(_SHIFT.format(day=f"{civil:%Y-%m-%d}", time=f"{civil:%H:%M}"), language),
        counts=counts,
        lines=_lines(board.items, uow.now, language),
        remarks="",
        language=language,
    )


def _lines(items: Sequence[Found], now: datetime, language: Language) -> list[HandoverLine]:
    return [_line(found, now, language) for found in items]


def _line(found: Found, now: datetime, language: Language) -> HandoverLine:
    row = found.deadline
    value = value_of(row)
    return HandoverLine(
        name=say(Text(row.name_zh, row.name_en), language),
        subject=row.subject_label or row.subject_id,
        due=f"{row.due_at.astimezone(SHANGHAI):%m-%d %H:%M}",
        left=say(left_in_words(value, now, paused=shown_state(row, now) == "paused"), language),
        pressing=clockwork.level(value, now).rank >= Level.URGENT.rank,
        unit=found.unit_name or "",
        acknowledged=row.acknowledged_name or "",
    )


def left_in_words(value: clockwork.Deadline, now: datetime, *, paused: bool) -> Text:
    """Return what is left of a deadline in its two largest units, e.g. «还剩 3 小时 12 分»."""
    left = clockwork.remaining(value, now)
    span = _span(abs(left))
    words = _OVER if left < timedelta() else _PAUSED if paused else _LEFT
    return Text(words.zh.format(span=span.zh), words.en.format(span=span.en))


def _span(length: timedelta) -> Text:
    parts: list[Text] = []
    for unit, words in _SPANS:
        number, length = divmod(length, unit)
        if number or parts:
            parts.append(words.format(n=number))
    shown = parts[:2] or [_SPANS[-1][1].format(n=0)]
    return Text(" ".join(part.zh for part in shown), " ".join(part.en for part in shown))
