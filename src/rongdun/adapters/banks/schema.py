"""The XML schema of each message of a profile, for institutions that want one, and for tests."""

from collections.abc import Sequence

from lxml import etree

from rongdun.adapters.banks.profile import Field, Many, Profile

_XS = "http://www.w3.org/2001/XMLSchema"
_YUAN = r"-?\d{1,15}(\.\d{1,2})?"


def schema_of(profile: Profile, code: str) -> str:
    """Return the schema (XSD 1.0) of the message with ``code``; elements stand in the order the profile gives."""
    shape = profile.by_code[code]
    schema = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    root = _holder(schema, profile.root)
    head = _holder(root, profile.head["element"])
    for name in ("code", "from", "to", "mode", "serial"):
        _text(head, profile.head[name], most=53, need=name != "mode", fixed=code if name == "code" else None)
    body = _holder(root, profile.body)
    _fields(profile, body, shape.fields)
    for many in shape.lists:
        _list(profile, body, many)
    attachments = profile.attachments
    files = _holder(root, attachments["element"], need=False)
    item = _holder(files, attachments["item"], many=True)
    _text(item, attachments["name"], most=255)
    _typed(item, attachments["content"], "xs:base64Binary")
    text: str = etree.tostring(schema, encoding="unicode", pretty_print=True)
    return text


def _fields(profile: Profile, parent: etree._Element, fields: Sequence[Field]) -> None:
    for each in fields:
        if each.form == "yuan":
            _restricted(parent, each.tag, need=each.need, pattern=_YUAN)
        elif each.form == "int":
            _typed(parent, each.tag, "xs:nonNegativeInteger", need=each.need)
        elif each.form.startswith("list:"):
            values = profile.lists[each.form.removeprefix("list:")].values()
            _restricted(parent, each.tag, need=each.need, values=list(values))
        else:
            _text(parent, each.tag, most=each.most, need=each.need, fixed=each.constant)


def _list(profile: Profile, parent: etree._Element, many: Many) -> None:
    holder = _holder(parent, many.tag, need=False)
    _fields(profile, _holder(holder, many.item, many=True), many.fields)


def _holder(parent: etree._Element, tag: str, *, need: bool = True, many: bool = False) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_XS}}}element", name=tag, **_occurs(parent, need=need, many=many))
    kind = etree.SubElement(element, f"{{{_XS}}}complexType")
    return etree.SubElement(kind, f"{{{_XS}}}sequence")


def _text(
    parent: etree._Element, tag: str, *, most: int, need: bool = True, fixed: str | None = None
) -> None:
    if fixed is not None:
        _restricted(parent, tag, need=need, values=[fixed])
    else:
        _restricted(parent, tag, need=need, most=most)


def _restricted(
    parent: etree._Element,
    tag: str,
    *,
    need: bool,
    pattern: str = "",
    values: Sequence[str] = (),
    most: int = 0,
) -> None:
    element = etree.SubElement(parent, f"{{{_XS}}}element", name=tag, **_occurs(parent, need=need))
    kind = etree.SubElement(element, f"{{{_XS}}}simpleType")
    limits = etree.SubElement(kind, f"{{{_XS}}}restriction", base="xs:string")
    for value in values:
        etree.SubElement(limits, f"{{{_XS}}}enumeration", value=value)
    if pattern:
        etree.SubElement(limits, f"{{{_XS}}}pattern", value=pattern)
    if most:
        etree.SubElement(limits, f"{{{_XS}}}maxLength", value=str(most))


def _typed(parent: etree._Element, tag: str, kind: str, *, need: bool = True) -> None:
    etree.SubElement(parent, f"{{{_XS}}}element", name=tag, type=kind, **_occurs(parent, need=need))


def _occurs(parent: etree._Element, *, need: bool, many: bool = False) -> dict[str, str]:
    if parent.tag == f"{{{_XS}}}schema":
        return {}
    return {**({} if need else {"minOccurs": "0"}), **({"maxOccurs": "unbounded"} if many else {})}
