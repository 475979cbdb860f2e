"""The schemas of ISO 20022 as classes (``pyiso20022``): what is written and read has passed through them.

``xsdata`` binds XML to the classes, and knows types, code lists and unknown elements; the limits of the schemas
(lengths, patterns, digits, one of several) stand in the classes as metadata, and are checked here as each part is made.
Both are imported at first use: an installation that speaks to nobody in ISO 20022 never loads them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

from lxml import etree

from rongdun.adapters.banks import xml
from rongdun.domains.exchange import Malformed
from rongdun.kernel.errors import Text

if TYPE_CHECKING:
    from xsdata.formats.dataclass.context import XmlContext
    from xsdata.formats.dataclass.serializers import XmlSerializer

VERSIONS: Mapping[str, str] = {
    "camt.056": "001.08",
    "camt.029": "001.09",
    "pacs.004": "001.09",
    "pacs.028": "001.03",
    "admi.007": "001.01",
}
"""The versions spoken: those of the 2019 release, which most networks settled on [D]."""

_PREFIX = "urn:iso:std:iso:20022:tech:xsd:"
_UNKNOWN = Text("报文种类或版本未知", "is of an unknown message or version")


class Message(NamedTuple):
    """A message that its schema allows: which it is, and its content, found by the paths of its tags."""

    name: str
    root: etree._Element

    def text(self, path: str, within: etree._Element | None = None) -> str:
        """Return the text at ``path`` (tags with slashes between), the first where there are several; else empty."""
        found = (self.root if within is None else within).findtext(self._qualified(path))
        return (found or "").strip()

    def need(self, path: str) -> str:
        """Return the text at ``path``; raises :class:`Malformed` where there is none."""
        found = self.text(path)
        if not found:
            raise Malformed.at(path.rpartition("/")[2], Text("缺失", "is missing"))
        return found

    def texts(self, path: str) -> list[str]:
        """Return every text at ``path``, in order."""
        return [(each.text or "").strip() for each in self.root.findall(self._qualified(path))]

    def _qualified(self, path: str) -> str:
        space = f"{{{namespace_of(self.name)}}}"
        return "/".join(f"{space}{tag}" for tag in path.split("/"))


def namespace_of(name: str) -> str:
    """Return the XML namespace of the message ``name`` (``camt.056``) in the version spoken."""
    return f"{_PREFIX}{name}.{VERSIONS[name]}"


def identifier_of(name: str) -> str:
    """Return how a message names another: ``camt.056.001.08``."""
    return f"{name}.{VERSIONS[name]}"


def written(name: str, content: Mapping[str, Any]) -> bytes:
    """Return the message ``name`` with ``content`` (tags to text, mappings or lists), in the order of its schema.

    Tags that hold nothing are left out. Raises :class:`Malformed` naming what the schema does not allow.
    """
    document = _made(_document(name), _pruned(content))
    return str(_writer().render(document, ns_map={None: namespace_of(name)})).encode()


def read(raw: bytes, allowed: Sequence[str]) -> Message:
    """Return the message in ``raw``; raises :class:`Malformed` unless it is one of ``allowed`` as its schema says."""
    root = xml.parse(raw)
    name = _name_of(root, allowed)
    parsed = _parsed(raw, _document(name))
    # What was bound is what came, in the schema's order: no part twice where one is allowed, none in another's place.
    if _tags(etree.fromstring(_writer().render(parsed).encode())) != _tags(root):
        raise Malformed.at(
            "Document", Text("元素次序或个数不符合规范", "holds elements out of order or too often")
        )
    return Message(name, root)


def _tags(root: etree._Element) -> list[str]:
    return [str(each.tag) for each in root.iter()]


def _name_of(root: etree._Element, allowed: Sequence[str]) -> str:
    for name in allowed:
        if root.tag == f"{{{namespace_of(name)}}}Document":
            return name
    raise Malformed.at("Document", _UNKNOWN)


def _parsed(raw: bytes, document: type[Any]) -> Any:
    from xsdata.exceptions import ConverterError, ParserError
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.parsers.config import ParserConfig

    config = ParserConfig(class_factory=_part, fail_on_converter_warnings=True)
    try:
        return XmlParser(config=config, context=_context()).from_bytes(raw, document)
    except (ParserError, ConverterError) as error:
        raise Malformed.at(_place(str(error)), Text("不符合规范", "is not as the schema says")) from None


def _place(words: str) -> str:
    """Return the element that a complaint of the parser names; never its content."""
    found = re.search(r":(?:[\w.]+})?(\w+)$", words) or re.search(r"`\w+\.(\w+)`", words)
    return found.group(1) if found else "Document"


@cache
def _context() -> "XmlContext":
    """Return what the library has learnt of the classes, so that it is learnt once."""
    from xsdata.formats.dataclass.context import XmlContext

    return XmlContext()


def _writer() -> "XmlSerializer":
    from xsdata.formats.dataclass.serializers import XmlSerializer

    return XmlSerializer(context=_context())


@cache
def _document(name: str) -> type[Any]:
    family, _, number = name.partition(".")
    version = VERSIONS[name].replace(".", "_")
    module = import_module(f"pyiso20022.{family}.{family}_{number}_{version}")
    found: type[Any] = module.Document
    return found


@cache
def _kinds(part: type[Any]) -> Mapping[str, tuple["Field[Any]", type[Any]]]:
    """Return the fields of a class of the schema by tag, each with the class of its items."""
    hints = get_type_hints(part)
    return {_tag(each): (each, _inner(hints[each.name])) for each in fields(part)}


def _inner(hint: Any) -> type[Any]:
    inside = [each for each in get_args(hint) if each is not type(None)]
    if inside:
        return _inner(inside[0])
    kind: type[Any] = hint
    return kind


def _tag(each: "Field[Any]") -> str:
    return str(each.metadata.get("name", each.name))


def _pruned(content: Mapping[str, Any]) -> dict[str, Any]:
    kept = {tag: _kept(value) for tag, value in content.items()}
    return {tag: value for tag, value in kept.items() if value not in (None, "", {}, [])}


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _pruned(value)
    if isinstance(value, list):
        return [one for one in map(_kept, value) if one not in (None, "", {})]
    return value


def _made(kind: Any, content: Mapping[str, Any]) -> Any:
    known = _kinds(kind)
    values = {}
    for tag, told in content.items():
        each, inner = known[tag]
        values[each.name] = (
            [_value(inner, one) for one in told] if isinstance(told, list) else _value(inner, told)
        )
    return _part(kind, values)


def _value(kind: type[Any], told: Any) -> Any:
    if is_dataclass(kind):
        return _made(kind, told)
    if issubclass(kind, Enum | Decimal):
        return kind(told)
    return kind.from_string(told) if hasattr(kind, "from_string") else told


def _part(kind: type[Any], values: dict[str, Any]) -> Any:
    """Make one part of a message; raises :class:`Malformed` naming what its schema does not allow."""
    there = 0
    for each in fields(kind):
        told = values.get(each.name)
        items = told if isinstance(told, list) else [] if told is None else [told]
        there += bool(items)
        _check_number(each, items)
        for item in items:
            _check_limits(each, item)
    if kind.__name__.endswith("Choice") and there != 1:
        raise Malformed.at("|".join(map(_tag, fields(kind))), Text("须恰有其一", "must be one of these"))
    return kind(**values)


def _check_number(each: "Field[Any]", items: Sequence[Any]) -> None:
    required = each.default is MISSING and each.default_factory is MISSING
    if len(items) < (1 if required else int(each.metadata.get("min_occurs", 0))):
        raise Malformed.at(_tag(each), Text("缺失", "is missing"))
    if len(items) > int(each.metadata.get("max_occurs", len(items))):
        raise Malformed.at(_tag(each), Text("重复过多", "is there too often"))


def _check_limits(each: "Field[Any]", item: Any) -> None:
    limits = each.metadata
    if isinstance(item, str):
        if not int(limits.get("min_length", 0)) <= len(item) <= int(limits.get("max_length", len(item))):
            raise Malformed.at(_tag(each), Text("长度超出规范", "is too short or too long"))
        if "pattern" in limits and not re.fullmatch(limits["pattern"], item):
            raise Malformed.at(_tag(each), Text("格式不符", "has another form"))
    if isinstance(item, Decimal):
        _check_number_of_digits(each, item)


def _check_number_of_digits(each: "Field[Any]", item: Decimal) -> None:
    limits, (_, digits, exponent) = each.metadata, item.as_tuple()
    power = exponent if isinstance(exponent, int) else -99  # no number at all
    behind = max(-power, 0)
    whole = max(len(digits) + max(power, 0), behind)
    too_many = behind > limits.get("fraction_digits", behind) or whole > limits.get("total_digits", whole)
    if too_many or item < limits.get("min_inclusive", item):
        raise Malformed.at(_tag(each), Text("数值超出规范", "is a number out of bounds"))
