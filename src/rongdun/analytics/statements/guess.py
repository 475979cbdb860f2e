"""Columns of an unknown layout guessed by content, with reasons, for an officer to confirm. Pure.

Scores are shares of a sample's filled cells that look like the thing, a little raised where the heading agrees; a
proposal is made only where one column stands out for a role.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from rongdun.analytics.statements import words
from rongdun.analytics.statements.exact import Refused, exact_account, exact_amount, exact_moment
from rongdun.analytics.statements.headings import read_heading
from rongdun.analytics.statements.layout import Layout, WrongLayout, recognise
from rongdun.analytics.statements.schema import TRANSACTIONS
from rongdun.kernel.account import luhn_holds
from rongdun.kernel.errors import Text

SAMPLE_ROWS: Final = 200
_LEAST: Final = 0.6
_NAME: Final = re.compile(r"[\u4e00-\u9fff·*]{2,5}|[\u4e00-\u9fff()()]{4,40}(?:公司|商行|店|厂|中心)")
_IP: Final = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f:]*::?[0-9A-Fa-f:]+")
_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[-:.]?){5}[0-9A-Fa-f]{2}")
_ID: Final = re.compile(r"[1-9]\d{16}[\dXx]")


class Guess(NamedTuple):
    """A proposal: the column (from 0), its role, how sure (0 to 1), and why, in an officer's words."""

    column: int
    role: str
    score: float
    reason: Text


class _Sign(NamedTuple):
    """What a role's cells look like, and words that its headings hold."""

    role: str
    looks: Callable[[str], bool]
    hints: str
    reason: Text


def guess_mapping(sample: Sequence[Sequence[str]]) -> list[Guess]:
    """Return proposals for the columns of ``sample``, whose first row are the headings; at most one a column.

    Roles are those of transaction layouts. Two columns of card numbers are told apart by their headings (对手,
    对方), else the one with fewer different values is the observed account.
    """
    if not sample:
        return []
    headings, rows = list(sample[0]), [list(row) for row in sample[1 : SAMPLE_ROWS + 1]]
    columns = [[row[place].strip() for row in rows if place < len(row)] for place in range(len(headings))]
    found = [
        guess
        for place in range(len(headings))
        for guess in _of_column(place, headings[place], columns[place])
    ]
    found = _apart(found, headings, columns)
    taken_columns: set[int] = set()
    taken_roles: set[str] = set()
    chosen = []
    for guess in sorted(found, key=lambda guess: (-guess.score, guess.column)):
        if guess.column not in taken_columns and guess.role not in taken_roles:
            chosen.append(guess)
            taken_columns.add(guess.column)
            taken_roles.add(guess.role)
    return sorted(chosen, key=lambda guess: guess.column)


def _of_column(place: int, heading: str, cells: Sequence[str]) -> list[Guess]:
    filled = [cell for cell in cells if cell and cell not in ("-", "null", "NULL")]
    if not filled:
        return []
    clean = read_heading(heading).bare
    guesses = []
    for sign in _SIGNS:
        share = sum(sign.looks(cell) for cell in filled) / len(filled)
        hinted = bool(re.search(sign.hints, clean)) if sign.hints else False
        if share >= _LEAST and (hinted or not sign.role.endswith("?")):
            score = round(min(1.0, share * 0.8 + 0.2 * hinted), 3)
            guesses.append(Guess(place, sign.role.rstrip("?"), score, _why(sign, share, hinted, heading)))
    return guesses


def _why(sign: _Sign, share: float, hinted: bool, heading: str) -> Text:
    zh, en = f"{share:.0%} 的单元格{sign.reason.zh}", f"{share:.0%} of the cells {sign.reason.en}"
    if hinted:
        zh, en = f"{zh},表头“{heading.strip()}”也相符", f"{en}; the heading “{heading.strip()}” agrees"
    return Text(zh, en)


def _apart(found: Sequence[Guess], headings: Sequence[str], columns: Sequence[Sequence[str]]) -> list[Guess]:
    """Give account and name columns to the observed side or to the counterparty."""
    turned = []
    for guess in found:
        other = {"account": "cp_account", "owner_name": "cp_name"}.get(guess.role)
        if other and re.search("对|收款|付款人|去向", headings[guess.column]):
            turned.append(guess._replace(role=other))
        else:
            turned.append(guess)
    rivals = [guess for guess in turned if guess.role == "account"]
    if len(rivals) > 1:
        observed = min(rivals, key=lambda guess: (len(set(columns[guess.column])), guess.column))
        free = not any(guess.role == "cp_account" for guess in turned)
        turned = [
            guess._replace(role="cp_account", score=guess.score * 0.9)
            if guess.role == "account" and guess is not observed and free
            else guess
            for guess in turned
        ]
    return turned


def mapped_layout(
    name: str,
    title: Text,
    columns: Mapping[str, str],
    *,
    plus: str = "",
    unit: str = "元",
    wallet: bool = False,
    directions: Mapping[str, str] | None = None,
) -> Layout:
    """Return the layout that an officer's mapping (role → heading) makes; raise :class:`WrongLayout` if it cannot do.

    ``plus`` tells which way an amount without a direction goes, where the file says so by sign;
    ``directions`` what the file's own words for the direction mean, ``in`` or ``out``.
    """
    amount = "amount" if "amount" in columns else "amount_in"
    money = {"amount": ["amount"], "amount_in": ["amount_in", "amount_out"]}[amount]
    directed = ["direction"] if amount == "amount" and not plus else []
    must = ["account|account_alias|payer|owner_party", "time|date", *money, *directed]
    missing = [entry for entry in must if not any(role in columns for role in entry.split("|"))]
    if missing:
        raise WrongLayout(Text(f"还缺少：{'、'.join(missing)}", f"Still missing: {', '.join(missing)}"))
    data = {
        "id": name,
        "title": title._asdict(),
        "table": TRANSACTIONS,
        "columns": {role: [heading] for role, heading in columns.items()},
        "must": must,
        "plus": plus,
        "unit": unit,
        "wallet": wallet,
        "directions": dict(directions or {}),
    }
    return Layout.from_data(data)


def fits(layout: Layout, headings: Sequence[str]) -> bool:
    """Tell whether ``layout`` recognises a row of headings, to validate a mapping before it is saved."""
    return recognise(headings, [layout]) is not None


def _reads(rule: Callable[[str], object]) -> Callable[[str], bool]:
    def looks(cell: str) -> bool:
        try:
            rule(cell)
        except Refused:
            return False
        return True

    return looks


def _is_card(cell: str) -> bool:
    try:
        number = exact_account(cell).number
    except Refused:
        return False
    return (
        len(number) >= 12
        and (luhn_holds(number) is not False or not _ID.fullmatch(number))
        and not _is_time(cell)
    )


def _is_time(cell: str) -> bool:
    return len(cell) >= 8 and _reads(exact_moment)(cell)


def _is_money(cell: str) -> bool:
    return len(cell) < 16 and _reads(lambda text: exact_amount(text, 2))(cell) and not _is_time(cell)


def _is_direction(cell: str) -> bool:
    return cell.upper() in {
        word for meaning in ("in", "out") for word in words.listed()["direction"][meaning]
    }


_SIGNS: Final = (
    _Sign("time", _is_time, "时间|日期", Text("是日期或时间", "are dates or times")),
    _Sign("amount", _is_money, "金额|发生额|交易额", Text("是金额", "are amounts")),
    _Sign("balance?", _is_money, "余额|结余", Text("是金额", "are amounts")),
    _Sign("direction", _is_direction, "借贷|收付|收支|收/支|方向|标志", Text("是收付方向", "say in or out")),
    _Sign("account", _is_card, "卡号|账号|帐号|账户|帐户", Text("像卡号或账号", "look like account numbers")),
    _Sign(
        "owner_id",
        lambda cell: bool(_ID.fullmatch(cell)),
        "证件|身份",
        Text("像身份证号", "look like ID numbers"),
    ),
    _Sign(
        "owner_name",
        lambda cell: bool(_NAME.fullmatch(cell)),
        "名|户名",
        Text("像姓名或单位", "look like names"),
    ),
    _Sign("ip", lambda cell: bool(_IP.fullmatch(cell)), "IP", Text("是 IP 地址", "are IP addresses")),
    _Sign("mac", lambda cell: bool(_MAC.fullmatch(cell)), "MAC", Text("是 MAC 地址", "are MAC addresses")),
    _Sign("serial?", lambda cell: len(cell) >= 4, "流水号|订单号|交易号", Text("是编号", "are serials")),
    _Sign("purpose?", lambda _: True, "摘要|用途|附言|备注", Text("是文字", "are texts")),
)
