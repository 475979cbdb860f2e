"""Letters: what the centre prints and hands over, as PDF with Chinese type.

A template is a typst file beside the domain that sends it; it imports ``/base.typ`` and shows the fields of
``data``. Text reaches a template only as JSON data, so nothing anybody typed is ever evaluated, and a
template can read no file but the base.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text, Unavailable
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.tables.sheet import DEMO
from rongdun.runtime.uow import Uow

_HERE = Path(__file__).parent
_BASE = _HERE / "base"
_FONTS = _HERE / "fonts"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_UNDISPLAYABLE = "could not be displayed"
_FAMILIES = {"Noto Sans SC", "Noto Serif SC"}


class FontsMissing(Unavailable):
    """The Chinese type that letters are set in was not installed with the program."""

    code = "fonts_missing"
    message = Text("缺少中文字体，无法生成文书", "The Chinese fonts are missing; no letter can be made")
    action = Text("请运行 make setup，或重新安装程序包", "Run make setup, or install the package again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a letter's text: whose letter it is, its number and date, and who printed it.

    ``watermark`` is a line or more laid large and pale over each page; ``printed`` stands in its footer.
    """

    title: str
    unit: str
    number: str
    date: str
    printed: str
    watermark: tuple[str, ...]
    language: Language


def frame_of(uow: Uow, *, title: Text, number: str, language: Language) -> Frame:
    """Return the frame of a letter that the actor of ``uow`` prints now for their unit."""
    who = f"{uow.actor.name}({uow.actor.login})"
    local = uow.now.astimezone(SHANGHAI)
    printed = say(Text("打印", "Printed by"), language)
    at = local.strftime("%Y-%m-%d %H:%M:%S")
    demo = (say(DEMO, language),) if uow.settings.demo else ()
    return Frame(
        title=say(title, language),
        unit=uow.actor.unit_name,
        number=number,
        date=say_date(uow.now, language),
        printed=f"{printed} {who} · {at}",
        watermark=(*demo, f"{uow.actor.name} {local:%Y-%m-%d %H:%M}"),
        language=language,
    )


def say_date(moment: datetime, language: Language) -> str:
    """Return the civil date of ``moment`` as a letter writes it."""
    local = moment.astimezone(SHANGHAI)
    if language == "en":
        return f"{local.day} {local:%B %Y}"
    return f"{local.year}年{local.month}月{local.day}日"


def say_time(moment: datetime) -> str:
    """Return ``moment`` in civil time, to the minute."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def render(template: Path, data: Mapping[str, Any], *, frame: Frame, at: datetime) -> bytes:
    """Return the letter as PDF/A-2u: archivable, every character searchable.

    ``template`` is a typst file, ``data`` anything JSON can hold. ``at`` is written into the file as its
    time of making; the same input gives the same bytes. A character the fonts lack shows as a box, and the
    letter is then plain PDF, which the archive standard no longer covers. Raises :class:`FontsMissing`.
    """
    inputs = {"data": _json(data), "frame": _json(asdict(frame))}
    try:
        return _compile(template, inputs, at=at, standard="a-2u")
    except typst.TypstError as error:
        if _UNDISPLAYABLE not in error.message:
            raise
        return _compile(template, inputs, at=at, standard="1.7")


def _compile(
    template: Path, inputs: Mapping[str, str], *, at: datetime, standard: Literal["a-2u", "1.7"]
) -> bytes:
    compiler = typst.Compiler(root=_BASE, font_paths=_fonts(), ignore_system_fonts=True)
    document = compiler.compile(
        input=template.read_bytes(),
        format="pdf",
        sys_inputs=dict(inputs),
        pdf_standards=standard,
        timestamp=int(at.timestamp()),
    )
    assert isinstance(document, bytes)
    return document


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(_printable(values))


def _printable(value: Any) -> Any:
    """Return ``value`` without control characters, which no font can show."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
    if not _FAMILIES.issubset(fonts.families()):
        raise FontsMissing()
    return fonts
