"""Instructions and replies as XML by a profile, both ways: the centre writes the one, a bank the other."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from lxml import etree

from rongdun.adapters.banks import xml
from rongdun.adapters.banks.profile import Field, Many, Profile, Shape
from rongdun.adapters.banks.spelling import spell, understand
from rongdun.domains.exchange import (
    AccountFacts,
    FormerFreeze,
    Instruction,
    Kind,
    Malformed,
    Officer,
    Outcome,
    Party,
    Reply,
    StatementRow,
)
from rongdun.kernel.errors import Text

Value = TypeVar("Value")

_PARTS: Mapping[str, type[Any]] = {
    "account": Party,
    "payer": Party,
    "operator": Officer,
    "investigator": Officer,
    "former": FormerFreeze,
}
_ITEMS: Mapping[str, type[Any]] = {"accounts": AccountFacts, "rows": StatementRow}
_MOST_SERIAL = 53
_MISSING = Text("缺失", "is missing")


class Envelope(NamedTuple):
    """The head of a message: its code, who sends it to whom, and the sender's serial."""

    code: str
    sender: str
    receiver: str
    serial: str


class Acknowledged(NamedTuple):
    """What answers a transport at once: the platform's return code, words, and the receiver's reference."""

    code: str
    text: str = ""
    reference: str = ""


def write_instruction(profile: Profile, instruction: Instruction) -> bytes:
    """Return ``instruction`` on the wire; raises :class:`Malformed` naming what is missing."""
    shape = profile.asks[instruction.kind]
    receiver = instruction.account.institution
    head = Envelope(shape.code, profile.centre, receiver, serial_of(profile, instruction.application_id))
    root = _document(profile, head)
    _write_fields(profile, _child(root, profile.body), shape, instruction)
    _write_documents(profile, root, instruction.documents)
    return xml.write(root)


def write_reply(profile: Profile, reply: Reply) -> bytes:
    """Return ``reply`` on the wire, as an institution sends it."""
    shape = profile.tells[reply.kind]
    head = Envelope(shape.code, reply.institution, profile.centre, reply.message_id)
    root = _document(profile, head)
    _write_fields(profile, _child(root, profile.body), shape, reply)
    return xml.write(root)


def write_ack(profile: Profile, ack: Acknowledged) -> bytes:
    """Return what answers a transport."""
    root = etree.Element(profile.ack["root"])
    for name, text in (("code", ack.code), ("text", ack.text), ("reference", ack.reference)):
        _child(root, profile.ack[name]).text = text
    return xml.write(root)


def read_ack(profile: Profile, raw: bytes) -> Acknowledged:
    """Return what a transport was answered; raises :class:`Malformed`."""
    root = xml.parse(raw)
    if root.tag != profile.ack["root"]:
        raise Malformed.at(profile.ack["root"], _MISSING)
    code, text, reference = (root.findtext(profile.ack[name]) or "" for name in ("code", "text", "reference"))
    return Acknowledged(code.strip(), text.strip()[:200], reference.strip()[:64])


def read_instruction(profile: Profile, raw: bytes) -> Instruction:
    """Return the instruction in ``raw``, as an institution reads it; raises :class:`Malformed`."""
    root = xml.parse(raw)
    shape = _shape(profile, read_head(profile, root), profile.asks)
    values = _read_fields(profile, _body(profile, root), shape)
    return Instruction(
        kind=shape.kind, documents=_read_documents(profile, root), **_complete(Instruction, values)
    )


def read_reply(profile: Profile, raw: bytes, *, received_at: datetime) -> Reply:
    """Return the reply in ``raw``; raises :class:`Malformed` naming the element that is wrong.

    ``received_at`` stands for the moment of the answer where the institution does not tell it.
    """
    root = xml.parse(raw)
    head = read_head(profile, root)
    shape = _shape(profile, head, profile.tells)
    values = {"answered_at": received_at, **_read_fields(profile, _body(profile, root), shape)}
    values["outcome"] = Outcome(values["outcome"])
    own: dict[str, Any] = {"kind": shape.kind, "institution": head.sender, "message_id": head.serial}
    reply = Reply(**own, **_complete(Reply, values, but=own))
    return _with_held(reply) if shape.held_is_balance else reply


def read_head(profile: Profile, root: etree._Element) -> Envelope:
    """Return the head of a message; raises :class:`Malformed` where one of its elements is missing."""
    if root.tag != profile.root:
        raise Malformed.at(profile.root, _MISSING)
    head = root.find(profile.head["element"])
    if head is None:
        raise Malformed.at(profile.head["element"], _MISSING)
    found = [(head.findtext(profile.head[name]) or "").strip() for name in ("code", "from", "to", "serial")]
    for name, value in zip(("code", "from", "to", "serial"), found, strict=True):
        if not value or len(value) > _MOST_SERIAL:
            raise Malformed.at(profile.head[name], _MISSING)
    return Envelope(*found)


def serial_of(profile: Profile, application_id: str) -> str:
    """Return the serial of the message of an application: the same one each time it is sent."""
    return f"{profile.centre}{application_id}"


def _document(profile: Profile, head: Envelope) -> etree._Element:
    root = etree.Element(profile.root)
    element = _child(root, profile.head["element"])
    told = {
        "code": head.code,
        "from": head.sender,
        "to": head.receiver,
        "mode": profile.mode,
        "serial": head.serial,
    }
    for name, text in told.items():
        _child(element, profile.head[name]).text = text
    return root


def _child(parent: etree._Element, tag: str) -> etree._Element:
    return etree.SubElement(parent, tag)


def _write_fields(profile: Profile, body: etree._Element, shape: Shape, value: Any) -> None:
    for each in shape.fields:
        _write_field(profile, body, each, _value_at(value, each))
    for many in shape.lists:
        _write_list(profile, body, many, getattr(value, many.of))


def _write_list(profile: Profile, body: etree._Element, many: Many, items: Sequence[Any]) -> None:
    if not items:
        return
    holder = _child(body, many.tag)
    for item in items:
        element = _child(holder, many.item)
        for each in many.fields:
            _write_field(profile, element, each, _value_at(item, each))


def _write_field(profile: Profile, parent: etree._Element, each: Field, value: Any) -> None:
    text = each.constant if each.constant is not None else spell(profile, each, value)
    if text is not None:
        etree.SubElement(parent, each.tag).text = text
    elif each.need:
        raise Malformed.at(each.tag, _MISSING)


def _value_at(value: Any, each: Field) -> Any:
    if each.constant is not None:
        return None
    for name in each.path:
        if value is None:
            return None
        value = getattr(value, name)
    return value


def _shape(profile: Profile, head: Envelope, among: Mapping[Kind, Shape]) -> Shape:
    shape = profile.by_code.get(head.code)
    if shape is None or among.get(shape.kind) is not shape:
        raise Malformed.at(profile.head["code"], Text("交易码未知", "holds an unknown code"))
    return shape


def _body(profile: Profile, root: etree._Element) -> etree._Element:
    body = root.find(profile.body)
    if body is None:
        raise Malformed.at(profile.body, _MISSING)
    return body


def _read_fields(profile: Profile, body: etree._Element, shape: Shape) -> dict[str, Any]:
    values = _read_plain(profile, body, shape.fields)
    for many in shape.lists:
        found = body.findall(f"{many.tag}/{many.item}")
        kind = _ITEMS[many.of]
        values[many.of] = tuple(
            kind(**_complete(kind, _read_plain(profile, each, many.fields))) for each in found
        )
    return values


def _read_plain(profile: Profile, parent: etree._Element, wanted: Sequence[Field]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    told = {child.tag: child.text for child in reversed(parent)}  # of a repeated element the first counts
    for each in wanted:
        if each.constant is not None or each.form == "cap":
            continue
        text = (told.get(each.tag) or "").strip()
        if text:
            _put(values, each.of, understand(profile, each, text))
        elif each.need:
            raise Malformed.at(each.tag, _MISSING)
    return {name: _part(name, value) for name, value in values.items()}


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    head, _, rest = path.partition(".")
    if rest:
        values.setdefault(head, {})[rest] = value
    else:
        values[head] = value


def _part(name: str, value: Any) -> Any:
    kind = _PARTS.get(name)
    return kind(**_complete(kind, value)) if kind and isinstance(value, dict) else value


def _complete(
    kind: type[Any], values: Mapping[str, Any], but: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return ``values`` with what ``kind`` requires and nobody told: empty text, or None."""
    skipped = {"documents", *(but or {})} | ({"kind"} if kind is Instruction else set())
    return {**{name: value for name, value in _REQUIRED[kind].items() if name not in skipped}, **values}


def _required(kind: type[Any]) -> Mapping[str, str | None]:
    """Return what ``kind`` cannot be without, each as if nobody had told it."""
    return {
        each.name: "" if each.type in (str, "str") else None
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    }


_REQUIRED: Mapping[type[Any], Mapping[str, str | None]] = {
    kind: _required(kind) for kind in (Instruction, Reply, *_PARTS.values(), *_ITEMS.values())
}


def _with_held(reply: Reply) -> Reply:
    """Return the reply with what it holds: a stop that was carried out holds what lay in the account."""
    holds = reply.outcome in (Outcome.DONE, Outcome.PARTIAL)
    return replace(reply, held_fen=reply.balance_fen) if holds else reply


def _write_documents(profile: Profile, root: etree._Element, documents: Sequence[tuple[str, bytes]]) -> None:
    if not documents:
        return
    holder = _child(root, profile.attachments["element"])
    for name, content in documents:
        item = _child(holder, profile.attachments["item"])
        _child(item, profile.attachments["name"]).text = name
        _child(item, profile.attachments["content"]).text = base64.b64encode(content).decode("ascii")


def _read_documents(profile: Profile, root: etree._Element) -> tuple[tuple[str, bytes], ...]:
    rules = profile.attachments
    found = root.findall(f"{rules['element']}/{rules['item']}")
    return tuple((each.findtext(rules["name"]) or "", _content(rules, each)) for each in found)


def _content(rules: Mapping[str, str], item: etree._Element) -> bytes:
    try:
        return base64.b64decode(item.findtext(rules["content"]) or "", validate=True)
    except binascii.Error:
        raise Malformed.at(rules["content"], Text("不是 Base64", "is not base64")) from None
