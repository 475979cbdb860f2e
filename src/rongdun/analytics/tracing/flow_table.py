"""The fund-flow table (资金流向表) officers hand in: what each transfer carried of whose money, as a workbook.

Three sheets: the transfers tier by tier, the accounts with what is left in them, and how it was computed. Text is
written as text, whatever it begins with, so that no cell of a statement becomes a formula; amounts are yuan.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Final, Literal, NamedTuple, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rongdun.analytics.tracing.flow_words import BOOKS, ENDS, MEANING, OPENINGS, RULES
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.money import format_yuan

Language: TypeAlias = Literal["zh", "en"]
Cell: TypeAlias = "str | int | datetime | None"

SIMULATED: Final = Text("模拟", "Simulated")
_HEAD_ROWS = 4
_MOST_CELL = 32_767
_FORMATS: Mapping[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16},
    "mark": {"font_color": "#6B6B6B"},
    "header": {
        "bold": True, "bg_color": "#E9EDF2", "font_color": "#1F3A5F", "border": 1, "border_color": "#B3C1D2",
        "text_wrap": True, "valign": "vcenter",
    },
    "text": {"num_format": "@", "border": 1, "border_color": "#D8D5CC"},
    "number": {"num_format": "0", "border": 1, "border_color": "#D8D5CC"},
    "money": {"num_format": "#,##0.00", "border": 1, "border_color": "#D8D5CC"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss", "border": 1, "border_color": "#D8D5CC", "align": "left"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlowParty:
    """A side of a transfer as it is to be printed: in clear, or masked by the caller."""

    name: str
    account: str
    institution: str


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One victim's part of one transfer. ``time`` is µs since 1970 UTC; codes are those of ``flow_words``."""

    tier: int
    victim: str
    payer: FlowParty
    payee: FlowParty
    time: int
    amount_fen: int
    share_fen: int
    end: str
    opening: str
    books: str


@dataclass(frozen=True, slots=True)
class FlowHolding:
    """One victim's money in one account. Moments are µs since 1970 UTC, 0 for none; ``dwell_s`` the mean stay."""

    tier: int
    victim: str
    account: FlowParty
    in_fen: int
    out_fen: int
    left_fen: int
    first_in: int
    last_out: int
    dwell_s: int
    end: str
    opening: str
    observed_until: int
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHead:
    """What stands over the table. ``sums`` are taken, left, ended, frontier, limit in fen; ``notes`` free lines.

    ``as_of`` and ``made`` (when the workbook was made) are µs since 1970 UTC.
    """

    number: str
    title: str
    rule: str
    as_of: int
    made: int
    sums: tuple[int, int, int, int, int]
    mark: str
    simulated: bool
    language: Language
    notes: Sequence[str] = ()


class _Column(NamedTuple):
    title: Text
    width: int
    kind: str


_LINES = (
    _Column(Text("序号", "No."), 6, "number"),
    _Column(Text("层级", "Tier"), 6, "number"),
    _Column(Text("受害人", "Victim"), 12, "text"),
    _Column(Text("付款户名", "Payer"), 16, "text"),
    _Column(Text("付款账号", "Payer's account"), 24, "text"),
    _Column(Text("付款开户行", "Payer's institution"), 20, "text"),
    _Column(Text("收款户名", "Payee"), 16, "text"),
    _Column(Text("收款账号", "Payee's account"), 24, "text"),
    _Column(Text("收款开户行", "Payee's institution"), 20, "text"),
    _Column(Text("交易时间", "Time"), 20, "time"),
    _Column(Text("交易金额（元）", "Amount (yuan)"), 16, "money"),
    _Column(Text("其中涉案金额（元）", "Of it the victim's (yuan)"), 18, "money"),
    _Column(Text("规则", "Rule"), 12, "text"),
    _Column(Text("去向/止点", "Where it went"), 20, "text"),
    _Column(Text("余额依据", "Opening balance"), 16, "text"),
    _Column(Text("数据来源", "Source"), 18, "text"),
)
_HOLDINGS = (
    _Column(Text("序号", "No."), 6, "number"),
    _Column(Text("层级", "Tier"), 6, "number"),
    _Column(Text("受害人", "Victim"), 12, "text"),
    _Column(Text("户名", "Owner"), 16, "text"),
    _Column(Text("账号", "Account"), 24, "text"),
    _Column(Text("开户行", "Institution"), 20, "text"),
    _Column(Text("转入涉案（元）", "In (yuan)"), 16, "money"),
    _Column(Text("转出涉案（元）", "Out (yuan)"), 16, "money"),
    _Column(Text("余留涉案（元）", "Left (yuan)"), 16, "money"),
    _Column(Text("首次转入", "First in"), 20, "time"),
    _Column(Text("最后转出", "Last out"), 20, "time"),
    _Column(Text("平均停留（分钟）", "Mean stay (minutes)"), 14, "number"),
    _Column(Text("去向/止点", "Where it went"), 20, "text"),
    _Column(Text("余额依据", "Opening balance"), 16, "text"),
    _Column(Text("流水截至", "Statement until"), 20, "time"),
    _Column(Text("标注", "Marks"), 16, "text"),
)
_SUMS = (
    Text("被骗金额", "Taken from the victims"),
    Text("在账余额", "Still in accounts"),
    Text("已流出（取现、消费等）", "Gone (cash, consumption …)"),
    Text("无流水，待调取", "At accounts without a statement"),
    Text("超出层级或时间", "Beyond tiers or time"),
)


def flow_table(head: FlowHead, lines: Iterable[FlowLine], holdings: Iterable[FlowHolding]) -> bytes:
    """Return the workbook, ready to be saved as ``.xlsx``."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": head.title, "created": _civil(head.made).replace(tzinfo=None)})
        styles = {name: book.add_format(dict(options)) for name, options in _FORMATS.items()}
        say = _speaker(head.language)
        flow = book.add_worksheet(say(Text("资金流向", "Flow")))
        _sheet(flow, styles, head, _LINES, [_line(say, head.rule, *one) for one in enumerate(lines, 1)])
        kept = book.add_worksheet(say(Text("账户汇总", "Accounts")))
        _sheet(kept, styles, head, _HOLDINGS, [_holding(say, *one) for one in enumerate(holdings, 1)])
        _about(book.add_worksheet(say(Text("说明", "About"))), styles, head)
    return buffer.getvalue()


def heading_of(head: FlowHead) -> str:
    """Return the line that says which trace, by which rule, as of when, and whether it is simulated."""
    say = _speaker(head.language)
    rule = say(RULES.get(head.rule, Text(head.rule, head.rule)))
    as_of = f"{_civil(head.as_of):%Y-%m-%d %H:%M:%S}" if head.as_of else ""
    parts = [
        say(SIMULATED) if head.simulated else "",
        head.number,
        say(Text(f"规则：{rule}", f"rule: {rule}")),
        say(Text(f"截至 {as_of}", f"as of {as_of}")) if as_of else "",
    ]
    return " · ".join(part for part in parts if part)


def _sheet(
    sheet: Worksheet,
    styles: Mapping[str, Format],
    head: FlowHead,
    columns: Sequence[_Column],
    rows: Sequence[Sequence[Cell]],
) -> None:
    _over(sheet, styles, head)
    say = _speaker(head.language)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(_HEAD_ROWS, place, say(column.title), styles["header"])
    for number, row in enumerate(rows, _HEAD_ROWS + 1):
        for place, cell in enumerate(row):
            _write(sheet, number, place, columns[place].kind, cell, styles)
    sheet.freeze_panes(_HEAD_ROWS + 1, 0)
    sheet.repeat_rows(_HEAD_ROWS)
    sheet.autofilter(_HEAD_ROWS, 0, _HEAD_ROWS + len(rows), len(columns) - 1)


def _over(sheet: Worksheet, styles: Mapping[str, Format], head: FlowHead) -> None:
    for row, text in enumerate((head.title, heading_of(head), head.mark)):
        sheet.write_string(row, 0, text, styles["title" if row == 0 else "mark"])
    printed = f"{heading_of(head)} · {head.mark}".replace("&", "&&")[:200]
    sheet.set_footer(f"&L{printed}&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write(
    sheet: Worksheet, row: int, place: int, kind: str, cell: Cell, styles: Mapping[str, Format]
) -> None:
    style = styles[kind]
    if cell is None or cell == "":
        sheet.write_blank(row, place, None, style)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.replace(tzinfo=None), style)
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell / 100 if kind == "money" else cell, style)
    else:
        sheet.write_string(row, place, cell[:_MOST_CELL], style)


def _line(say: "_Say", rule: str, number: int, one: FlowLine) -> list[Cell]:
    return [
        number,
        one.tier,
        one.victim,
        *(one.payer.name, one.payer.account, one.payer.institution),
        *(one.payee.name, one.payee.account, one.payee.institution),
        _civil(one.time),
        one.amount_fen,
        one.share_fen,
        _word(say, RULES, rule),
        _word(say, ENDS, one.end),
        _word(say, OPENINGS, one.opening),
        _word(say, BOOKS, one.books),
    ]


def _holding(say: "_Say", number: int, one: FlowHolding) -> list[Cell]:
    return [
        number,
        one.tier,
        one.victim,
        *(one.account.name, one.account.account, one.account.institution),
        *(one.in_fen, one.out_fen, one.left_fen),
        _civil(one.first_in) if one.first_in else None,
        _civil(one.last_out) if one.last_out else None,
        one.dwell_s // 60,
        _word(say, ENDS, one.end),
        _word(say, OPENINGS, one.opening),
        _civil(one.observed_until) if one.observed_until else None,
        one.mark,
    ]


def _about(sheet: Worksheet, styles: Mapping[str, Format], head: FlowHead) -> None:
    _over(sheet, styles, head)
    say = _speaker(head.language)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60)
    sums = [(say(name), format_yuan(fen)) for name, fen in zip(_SUMS, head.sums, strict=True)]
    rule = [(say(Text("规则", "Rule")), _word(say, RULES, head.rule)), ("", _word(say, MEANING, head.rule))]
    told = [("", note) for note in head.notes]
    for row, (name, value) in enumerate([*rule, *sums, *told], _HEAD_ROWS):
        sheet.write_string(row, 0, name, styles["text"])
        sheet.write_string(row, 1, value[:_MOST_CELL], styles["text"])


_Say: TypeAlias = Callable[[Text], str]


def _speaker(language: Language) -> _Say:
    return lambda text: text.en if language == "en" else text.zh


def _word(say: _Say, words: Mapping[str, Text], code: str) -> str:
    return say(words[code]) if code in words else code


def _civil(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(SHANGHAI)
