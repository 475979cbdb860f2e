"""What a narrative holds: numbers, names, links, amounts, moments, and the transfers they seem to make. Pure.

Rules, not learning: a number is what its shape says, a transfer is what stands together in a sentence. Everything is a
suggestion that an officer confirms.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from rongdun.analytics.reading.amounts import find_amounts
from rongdun.analytics.reading.moments import Moment, find_moments
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import DomainError
from rongdun.kernel.id_number import parse_resident
from rongdun.kernel.phone import parse_phone

Placed = TypeVar("Placed")

LONGEST = 20_000
"""Characters read of a narrative; what lies beyond is left to the officer."""

_ACCOUNT = re.compile(r"(?<![\dA-Za-z*])(?:\d[ -]?){11,29}\d(?![\dA-Za-z*])")
_PHONE = re.compile(
    r"(?<![\dA-Za-z*])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z*])"
    r"|(?<![\d-])(?:400|800)[ -]?\d{3}[ -]?\d{4}(?!\d)|(?<![\d-])0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?<!\d)100\d{8}(?!\d)"
)
_RESIDENT = re.compile(r"(?<![\dA-Za-z])[1-8]\d{16}[\dXx](?![\dA-Za-z])")
_LINK = re.compile(
    r"(?:https?://|www\.)[\w\-./?%&=:#~]+|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|cn|net|top|xyz|vip|cc|app|org)(?:/[\w\-./?%&=]*)?",
    re.IGNORECASE,
)
_NO_NAME = r"(?![转汇账卡给了的])"
_NO_FIRM = r"(?![转汇账卡给了的到去我他她说是在]|\d{7})"
_FIRM = rf"(?:{_NO_FIRM}[㐀-鿿·()A-Za-z0-9]){{2,40}}?(?:公司|商行|经营部|工作室|合作社|商店|店|厂)"
_NAME = re.compile(
    r"(?:户名|收款人|收款户名|账户名|开户名|姓名)\s*(?:是|为|叫|::|:)?\s*"
    rf"(?P<name>{_FIRM}|演示(?:{_NO_NAME}[㐀-鿿]){{1,3}}|(?:{_NO_NAME}[㐀-鿿·]){{2,4}})"
)
_CHAT = re.compile(r"(?P<kind>微信|QQ|qq)(?:号|群)?\s*(?:是|为|::|:)?\s*(?P<id>[A-Za-z][\w-]{5,19}|\d{5,11})")
_APP = re.compile(r"[“「《\"](?P<name>[^”」》\"]{2,20})[”」》\"]\s*(?:APP|app|App|软件|平台)")
_BANK = re.compile(r"[㐀-鿿]{2,8}?(?:银行|农信社|信用社|支付宝|财付通)")
_SENTENCE = re.compile(r"[。;;!!\n]")
_OWN = re.compile(
    r"(?:我|本人|自己|受害人|报警人)(?:的|名下)?[^,,。]{0,6}$|(?:从|用|由)(?:我|本人|自己)?[^,,。]{0,8}$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something in the text: ``kind`` (account, phone, id_number, link, chat, app, name), where, and its value."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTransfer:
    """A transfer that seems to be told; what was not said is empty."""

    account: str = ""
    name: str = ""
    institution: str = ""
    amount_fen: int | None = None
    amount_text: str = ""
    moment: Moment | None = None
    moment_text: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """What a narrative holds."""

    found: tuple[Found, ...] = ()
    transfers: tuple[ToldTransfer, ...] = ()


@dataclass(slots=True)
class _Parts:
    """What the readers found in the whole text, by place."""

    text: str
    found: list[Found]
    amounts: list[tuple[int, int, int]]
    moments: list[tuple[int, int, Moment]]
    banks: list[Found] = field(default_factory=list)


def read_narrative(text: str, *, now: datetime, institutions: Sequence[str] = ()) -> Narrative:
    """Return what ``text`` holds, and the transfers it seems to tell of, in the order of the text.

    ``institutions``: names that count as institutions besides what ends in 银行 or 支付.
    """
    plain = half_width(text[:LONGEST])
    found = _numbers(plain) + _words(plain)
    taken = [(one.start, one.end) for one in found]
    parts = _Parts(
        plain,
        sorted(found, key=lambda one: one.start),
        [one for one in find_amounts(plain) if _free(one[0], one[1], taken)],
        [one for one in find_moments(plain, now=now) if _free(one[0], one[1], taken)],
        _banks(plain, institutions),
    )
    return Narrative(tuple(parts.found), tuple(_transfers(parts)))


def _numbers(text: str) -> list[Found]:
    found: list[Found] = []
    for kind, shape in (("id_number", _RESIDENT), ("phone", _PHONE), ("account", _ACCOUNT)):
        for match in shape.finditer(text):
            value = _value(kind, match[0])
            if value and _free(match.start(), match.end(), [(one.start, one.end) for one in found]):
                found.append(Found(kind, match.start(), match.end(), value))
    return found


def _value(kind: str, text: str) -> str:
    if kind == "account":
        return re.sub(r"[ -]", "", text)
    try:
        if kind == "id_number":
            return parse_resident(text).number
        return parse_phone(text).number if not text.startswith("100") else text
    except DomainError:
        return ""


def _words(text: str) -> list[Found]:
    found = [Found("link", match.start(), match.end(), match[0]) for match in _LINK.finditer(text)]
    found += [Found("chat", one.start("id"), one.end("id"), one["id"]) for one in _CHAT.finditer(text)]
    found += [Found("app", one.start("name"), one.end("name"), one["name"]) for one in _APP.finditer(text)]
    found += [Found("name", one.start("name"), one.end("name"), one["name"]) for one in _NAME.finditer(text)]
    return found


def _banks(text: str, institutions: Sequence[str]) -> list[Found]:
    named = [
        Found("institution", match.start(), match.end(), name)
        for name in sorted(institutions, key=len, reverse=True)
        for match in re.finditer(re.escape(name), text)
    ]
    taken = [(one.start, one.end) for one in named]
    other = [
        Found("institution", match.start(), match.end(), _trimmed(match[0]))
        for match in _BANK.finditer(text)
        if _free(match.start(), match.end(), taken)
    ]
    return sorted(named + other, key=lambda one: one.start)


def _trimmed(name: str) -> str:
    return re.sub(
        r"^.*(?:转到|转给|转账到|汇到|存入|的|到|用|从|在|是|至|入)(?=[㐀-鿿]{2,}(?:银行|社))", "", name
    )


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= low or start >= high for low, high in taken)


def _transfers(parts: _Parts) -> list[ToldTransfer]:
    """Return a transfer for every account that is not the victim's own, with what stands nearest in its sentence."""
    told: list[ToldTransfer] = []
    edges = [0, *(match.end() for match in _SENTENCE.finditer(parts.text)), len(parts.text)]
    last: ToldTransfer = ToldTransfer()
    for low, high in pairwise(edges):
        accounts = [one for one in parts.found if one.kind == "account" and low <= one.start < high]
        for place, account in enumerate(accounts):
            if _OWN.search(parts.text[low : account.start]) and len(accounts) > 1:
                continue
            left = accounts[place - 1].end if place else low
            right = accounts[place + 1].start if place + 1 < len(accounts) else high
            last = _told(parts, account, left, right, low)
            told.append(last)
        if not accounts and told:
            told[-1] = _completed(parts, told[-1], low, high)
    return told


def _told(parts: _Parts, account: Found, left: int, right: int, low: int) -> ToldTransfer:
    amount = _nearest(parts.amounts, account, left, right) or _nearest(parts.amounts, account, low, right)
    moment = _nearest(parts.moments, account, left, right) or _nearest(parts.moments, account, 0, right)
    bank = _near_found(parts.banks, account, left, right)
    name = _near_found([one for one in parts.found if one.kind == "name"], account, left, right)
    return ToldTransfer(
        account=account.value,
        name=name.value if name else "",
        institution=bank.value if bank else "",
        amount_fen=amount[2] if amount else None,
        amount_text=parts.text[amount[0] : amount[1]].strip() if amount else "",
        moment=moment[2] if moment else None,
        moment_text=parts.text[moment[0] : moment[1]].strip() if moment else "",
    )


def _completed(parts: _Parts, told: ToldTransfer, low: int, high: int) -> ToldTransfer:
    """Add what the next sentence says of the transfer just told: its name or its bank."""
    names = [one for one in parts.found if one.kind == "name" and low <= one.start < high]
    banks = [one for one in parts.banks if low <= one.start < high]
    return ToldTransfer(
        account=told.account,
        name=told.name or (names[0].value if names else ""),
        institution=told.institution or (banks[0].value if banks and names else ""),
        amount_fen=told.amount_fen,
        amount_text=told.amount_text,
        moment=told.moment,
        moment_text=told.moment_text,
    )


def _nearest(
    items: Sequence[tuple[int, int, Placed]], account: Found, low: int, high: int
) -> tuple[int, int, Placed] | None:
    inside = [one for one in items if low <= one[0] < high]
    return min(inside, key=lambda one: _gap(one[0], one[1], account), default=None)


def _near_found(items: Sequence[Found], account: Found, low: int, high: int) -> Found | None:
    inside = [one for one in items if low <= one.start < high]
    return min(inside, key=lambda one: _gap(one.start, one.end, account), default=None)


def _gap(start: int, end: int, account: Found) -> int:
    return account.start - end if end <= account.start else start - account.end
