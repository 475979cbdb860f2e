"""Reading XML from strangers: no document type, no entities, no network, bounded depth and size."""

from lxml import etree

from rongdun.domains.exchange import Malformed
from rongdun.kernel.errors import Text

MOST_BYTES = 16 * 1024 * 1024
"""The largest message read, in bytes: about 20,000 rows of a statement."""

MOST_DEPTH = 12
"""Deeper than any message of a profile."""


def parse(raw: bytes) -> etree._Element:
    """Return the root of ``raw``.

    Raises :class:`Malformed` for what is not XML, declares a document type (the door to entities), or nests deeper
    than :data:`MOST_DEPTH`.
    """
    if len(raw) > MOST_BYTES:
        raise Malformed.at("XML", Text("过大", "is too large"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Malformed.at("XML", Text("不是合法的 XML", "is not well formed")) from None
    if root.getroottree().docinfo.doctype:
        raise Malformed.at("DOCTYPE", Text("不允许出现", "is not allowed"))
    if _too_deep(root):
        raise Malformed.at("XML", Text("嵌套过深", "is nested too deeply"))
    return root


def write(root: etree._Element) -> bytes:
    """Return ``root`` as UTF-8 with its declaration."""
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text


def _too_deep(root: etree._Element) -> bool:
    level = [root]
    for _ in range(MOST_DEPTH):
        level = [child for each in level for child in each]
        if not level:
            return False
    return True
