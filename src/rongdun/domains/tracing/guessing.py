"""What the columns of an unknown layout may mean, guessed from their headings and their content. Pure.

Nothing is read by a guess: an officer looks at it, changes it and saves it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from rongdun.kernel.account import luhn_holds
from rongdun.kernel.errors import Text
from rongdun.kernel.id_number import WrongIdNumber, parse_resident

LEAST: Final = 0.6
"""A column's content must fit in so many of its filled cells."""


class Guess(NamedTuple):
    """A meaning for a column, how sure (0 … 1), and why."""

    role: str
    score: float
    reason: Text


class Shape(NamedTuple):
    """A kind of content: how a cell is told, what it is called, and the meanings it may have in order."""

    fits: Callable[[str], bool]
    name: Text
    roles: tuple[str, ...]


_TIME = re.compile(
    r"(?:19|20)\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?(?:[ T]?\d{1,2}:?\d{2}(?::?\d{2})?(?:\.\d+)?)?"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_AMOUNT = re.compile(r"[¥￥]?[+-]?\d{1,3}(?:,\d{3})*\.\d{1,2}|[¥￥]?[+-]?\d+\.\d{1,2}")
_ACCOUNT = re.compile(r"['`]?\d[\d \-_]{8,33}\*?|\d{4,6}\*+\d{2,4}")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}|[\u3400-\u9fff()()·]{4,40}(?:公司|厂|店|部|中心|合作社)")
_BANK = re.compile(r"[\u3400-\u9fff]*(?:银行|信用社|农信|支付|财付通|支付宝)[\u3400-\u9fff]*")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*::?[0-9a-fA-F:]+")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[-:]?){5}[0-9A-Fa-f]{2}")
_SERIAL = re.compile(r"(?=.*\d)[0-9A-Za-z\-]{10,40}")


def _words(column: str) -> Callable[[str], bool]:
    """Return whether a cell holds a word that readers know in such a column."""

    def known(cell: str) -> bool:
        from rongdun.analytics.statements.words import listed

        return any(cell.upper() in words for words in listed()[column].values())

    return known


def _is_id(cell: str) -> bool:
    try:
        parse_resident(cell)
    except WrongIdNumber:
        return False
    return True


def _is_card(cell: str) -> bool:
    digits = re.sub(r"[ '`]", "", cell)
    return luhn_holds(digits) is True


SHAPES: Final = (
    Shape(_is_id, Text("证件号码", "identity numbers"), ("owner_id", "cp_id")),
    Shape(lambda cell: bool(_CLOCK.fullmatch(cell)), Text("时刻", "times of day"), ("clock",)),
    Shape(lambda cell: bool(_TIME.fullmatch(cell)), Text("日期时间", "dates and times"), ("time",)),
    Shape(_words("direction"), Text("收付标志", "words for in and out"), ("direction",)),
    Shape(_words("currency"), Text("币种", "currencies"), ("currency",)),
    Shape(_words("success"), Text("交易结果", "words for success"), ("success",)),
    Shape(_words("cash"), Text("现金标志", "cash marks"), ("cash",)),
    Shape(lambda cell: bool(_MAC.fullmatch(cell)), Text("MAC 地址", "MAC addresses"), ("mac",)),
    Shape(lambda cell: bool(_IP.fullmatch(cell)), Text("IP 地址", "IP addresses"), ("ip",)),
    Shape(lambda cell: bool(_AMOUNT.fullmatch(cell)), Text("金额", "amounts"), ("amount", "balance")),
    Shape(
        _is_card,
        Text("银行卡号（校验位正确）", "card numbers with a right check digit"),
        ("account", "cp_account"),
    ),
    Shape(
        lambda cell: bool(_ACCOUNT.fullmatch(cell)),
        Text("账号", "account numbers"),
        ("cp_account", "account"),
    ),
    Shape(lambda cell: bool(_BANK.fullmatch(cell)), Text("银行名称", "names of banks"), ("cp_bank",)),
    Shape(lambda cell: bool(_NAME.fullmatch(cell)), Text("户名", "names"), ("cp_name", "owner_name")),
    Shape(
        lambda cell: bool(_SERIAL.fullmatch(cell)), Text("流水号", "serial numbers"), ("serial", "log_serial")
    ),
)


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Return which row (from 0) looks most like headings: full, without numbers, above rows as wide."""
    return max(range(len(rows)), key=lambda place: (_headinglike(rows, place), -place), default=0)


def guesses(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, Guess]:
    """Return a guess for each column that suggests one; no meaning is given to two columns."""
    offered = sorted(
        (
            (guess, place)
            for place, heading in enumerate(headings)
            for guess in _offers(heading, _cells(rows, place))
        ),
        key=lambda pair: (-pair[0].score, pair[1]),
    )
    found: dict[int, Guess] = {}
    taken: set[str] = set()
    for guess, place in offered:
        if place not in found and guess.role not in taken:
            found[place] = guess
            taken.add(guess.role)
    return found


def _offers(heading: str, cells: Sequence[str]) -> list[Guess]:
    return [*_by_heading(heading), *_by_content(cells)]


def _by_heading(heading: str) -> list[Guess]:
    from rongdun.analytics.statements.headings import read_heading

    read = read_heading(heading)
    known = known_headings()
    role = known.get(read.clean) or known.get(read.bare)
    if role:
        return [Guess(role, 0.95, Text("表头与已有版式相同", "A known layout has this heading"))]
    words = _PEER_WORDS if any(word in read.bare for word in _PEERS) else _WORDS
    return [
        Guess(role, 0.7, Text(f"表头含有“{word}”", f"The heading holds {word!r}"))
        for word, role in words.items()
        if word in read.bare
    ][:1]


def _by_content(cells: Sequence[str]) -> list[Guess]:
    filled = [cell for cell in cells if cell and cell not in ("-", "--", "null", "NULL")]
    if not filled:
        return []
    found = []
    for shape in SHAPES:
        share = sum(map(shape.fits, filled)) / len(filled)
        if share >= LEAST:
            percent = round(share * 100)
            why = Text(
                f"内容像{shape.name.zh}({percent}%)", f"Its cells look like {shape.name.en} ({percent} %)"
            )
            found += [
                Guess(role, share * (0.6 - 0.05 * place), why) for place, role in enumerate(shape.roles)
            ]
    return found[:3]


@cache
def known_headings() -> Mapping[str, str]:
    """Return the meaning of every heading that exactly one meaning has in the shipped layouts of transactions."""
    from rongdun.analytics.statements.headings import clean_heading
    from rongdun.analytics.statements.layout import builtin_layouts

    meanings: dict[str, set[str]] = {}
    for layout in builtin_layouts():
        if layout.table == "transactions":
            for role, names in layout.columns.items():
                for name in names:
                    meanings.setdefault(clean_heading(name), set()).add(role)
    return {name: min(roles) for name, roles in meanings.items() if len(roles) == 1}


_PEERS: Final = ("对方", "对手", "对家", "对端", "对应")
_PEER_WORDS: Final = {
    "证": "cp_id", "银行": "cp_bank", "机构": "cp_bank", "开户": "cp_bank", "账": "cp_account", "帐": "cp_account",
    "卡": "cp_account", "名": "cp_name", "家": "cp_name", "方": "cp_name",
}  # fmt: skip
"""What a heading about the other side may mean, the surer words first."""

_WORDS: Final = {
    "收入": "amount_in", "转入金额": "amount_in", "存入": "amount_in", "支出": "amount_out",
    "转出金额": "amount_out", "支取": "amount_out", "余额": "balance", "结余": "balance", "金额": "amount",
    "发生额": "amount", "借贷": "direction", "收付": "direction", "收支": "direction", "收/支": "direction",
    "进出": "direction", "时间": "time", "日期": "time", "户名": "owner_name", "姓名": "owner_name",
    "证件": "owner_id", "身份证": "owner_id", "卡片": "account", "卡号": "account", "账号": "account",
    "帐号": "account", "币种": "currency", "摘要": "purpose", "用途": "purpose", "附言": "purpose", "备注": "remark",
    "渠道": "channel", "流水号": "serial", "商户": "merchant_name", "网点": "branch", "地址": "place",
}  # fmt: skip
"""What a heading that no layout knows may still say, the longer words first."""


def _cells(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place].strip() for row in rows if place < len(row)]


def _headinglike(rows: Sequence[Sequence[str]], place: int) -> float:
    cells = [cell for cell in rows[place] if cell]
    if len(cells) < 3:
        return 0
    below = [len([cell for cell in row if cell]) for row in rows[place + 1 : place + 6]]
    wordy = sum(not any(sign.isdigit() for sign in cell) for cell in cells) / len(cells)
    alike = sum(count * 2 >= len(cells) for count in below) / max(len(below), 1)
    known = sum(cell in known_headings() for cell in cells)
    return wordy * len(cells) * (0.5 + alike) + known
