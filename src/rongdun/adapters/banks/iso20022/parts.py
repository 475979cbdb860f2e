"""Parts that messages of ISO 20022 share: parties, accounts, amounts, moments, names, and words in lines."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from rongdun.adapters.banks.iso20022.codes import CLEARING
from rongdun.domains.exchange import Malformed, Officer, Party
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text

Content = Mapping[str, Any]

UNKNOWN = "NOTPROVIDED"
"""What stands for the name of a payment that we were not told."""

_MOST_NAME = 35
_MOST_LINE = 105
_LINE = re.compile(r"/([A-Z]{4})/(.*)", re.DOTALL)
_FORBIDDEN = re.compile(r"[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def short(application_id: str) -> str:
    """Return an application id as a name of at most 35 characters: a UUID without its hyphens."""
    try:
        return UUID(application_id).hex if len(application_id) == 36 else application_id
    except ValueError:
        return application_id


def application_of(name: str) -> str:
    """Return the application id that :func:`short` made ``name`` of."""
    return str(UUID(name)) if re.fullmatch(r"[0-9a-f]{32}", name) else name


def serial(message_id: str) -> str:
    """Return an institution's serial in at most 35 characters; a longer one by its hash, the same each time."""
    return message_id if len(message_id) <= _MOST_NAME else sha256(message_id.encode()).hexdigest()[:32]


def moment(at: datetime) -> str:
    """Return a moment in Shanghai civil time with its offset."""
    return at.astimezone(SHANGHAI).isoformat()


def day(at: datetime) -> str:
    """Return the day in Shanghai on which a moment lies."""
    return at.astimezone(SHANGHAI).date().isoformat()


def moment_of(text: str, tag: str) -> datetime:
    """Return the moment in ``text``, Shanghai time where it has no offset; raises :class:`Malformed` naming ``tag``."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed.at(tag, Text("不是时间", "is no moment")) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def amount(fen: int | None) -> Content | None:
    """Return an amount of yuan; None for none."""
    return None if fen is None else {"value": f"{Decimal(fen) / 100:.2f}", "Ccy": "CNY"}


def fen_of(text: str, tag: str) -> int | None:
    """Return an amount of yuan in fen; None for none. Raises :class:`Malformed` for fractions of a fen."""
    if not text:
        return None
    fen = Decimal(text) * 100
    if fen != fen.to_integral_value():
        raise Malformed.at(tag, Text("精确到分", "is finer than a fen"))
    return int(fen)


def agent(code: str, name: str = "") -> Content:
    """Return an institution by its twelve digits."""
    member = {"ClrSysId": {"Cd": CLEARING}, "MmbId": code} if code else None
    return {"FinInstnId": {"ClrSysMmbId": member, "Nm": clean(name)[:140]}}


AGENT_CODE = "FinInstnId/ClrSysMmbId/MmbId"
AGENT_NAME = "FinInstnId/Nm"


def organisation(code: str, name: str, officer: Officer | None = None) -> Content:
    """Return a unit of the police, and who acts for it."""
    return {
        "Nm": clean(name)[:140],
        "Id": {"OrgId": {"Othr": [{"Id": code}]}} if code else None,
        "CtctDtls": _contact(officer),
    }


def holder(party: Party) -> Content:
    """Return whose account it is."""
    other = {"Id": party.id_number, "SchmeNm": {"Prtry": party.id_type}} if party.id_number else None
    where = "OrgId" if party.kind == "corporate" else "PrvtId"
    return {"Pty": {"Nm": clean(party.name)[:140], "Id": {where: {"Othr": [other]}} if other else None}}


def account(number: str) -> Content | None:
    """Return an account by its number."""
    return {"Id": {"Othr": {"Id": number}}} if number else None


ACCOUNT_NUMBER = "Id/Othr/Id"


def lines(told: Iterable[tuple[str, str]]) -> list[str]:
    """Return words for ``AddtlInf``: ``/CODE/text``, continued in lines that begin with ``//``."""
    found = []
    for code, text in told:
        left = f"/{code}/{clean(text).strip()}" if text.strip() else ""
        while left:
            found.append(left[:_MOST_LINE])
            left = f"//{left[_MOST_LINE:]}" if len(left) > _MOST_LINE else ""
    return found


def told_in(found: Iterable[str]) -> dict[str, str]:
    """Return the texts of lines by their codes; lines without a code are under ``""``."""
    told: dict[str, str] = {}
    last = ""
    for line in found:
        coded = _LINE.fullmatch(line)
        if coded:
            last = coded.group(1)
            told[last] = coded.group(2)
        elif line.startswith("//"):
            told[last] = told.get(last, "") + line[2:]
        else:
            told[""] = f"{told.get('', '')} {line}".strip()
    return told


def clean(text: str) -> str:
    """Return ``text`` without what may not stand in a line of XML."""
    return _FORBIDDEN.sub(" ", text)


def _contact(officer: Officer | None) -> Content | None:
    if officer is None:
        return None
    digits = re.sub(r"\D", "", officer.phone)
    number = {"ChanlTp": officer.id_type, "Id": officer.id_number} if officer.id_number else None
    return {
        "Nm": clean(officer.name)[:140],
        "PhneNb": f"+86-{digits[:30]}" if digits else None,
        "Othr": [number] if number else None,
    }
