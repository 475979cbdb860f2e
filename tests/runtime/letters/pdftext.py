"""Reads the text of a PDF as a reader does: each font's ToUnicode map over its glyphs (ISO 32000-2 §9.10)."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def pages_of(pdf: bytes) -> int:
    """Return the number of pages."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", _plain(pdf)))


def embedded_fonts(pdf: bytes) -> set[str]:
    """Return the names of the fonts whose glyphs lie in the file, without their subset prefix."""
    plain = _plain(pdf)
    descriptors = re.findall(rb"<<(?:(?!>>).)*?/Type\s*/FontDescriptor.*?>>", plain, re.DOTALL)
    embedded = [item for item in descriptors if re.search(rb"/FontFile[23]?\b", item)]
    names = [re.search(rb"/FontName\s*/([\w+-]+)", item) for item in embedded]
    return {name.group(1).decode().partition("+")[2] for name in names if name}


def text_of(pdf: bytes) -> str:
    """Return everything the pages show, in the order of drawing, without spaces between runs."""
    return "".join(texts_of(pdf))


def texts_of(pdf: bytes) -> list[str]:
    """Return what each page shows."""
    objects = {int(number): body for number, body in _OBJECT.findall(_plain(pdf))}
    fonts = {
        name: _to_unicode(objects, int(reference))
        for body in objects.values()
        for name, reference in re.findall(rb"/(f\d+)\s+(\d+) 0 R", body)
    }
    shown = []
    for body in objects.values():
        content = _content(body)
        if b" Tf" in content:
            shown.append(_shown(content, fonts))
    return shown


def _plain(pdf: bytes) -> bytes:
    """Return the file with the objects of its object streams written out."""
    written = [pdf]
    for _, body in _OBJECT.findall(pdf):
        if b"/ObjStm" in body:
            written.append(_unpack(body))
    return b"\n".join(written)


def _unpack(body: bytes) -> bytes:
    content = _content(body)
    found = re.search(rb"/First\s+(\d+)", body)
    assert found is not None
    first = int(found.group(1))
    numbers = [int(number) for number in content[:first].split()]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    ends = [offset for _, offset in pairs[1:]] + [len(content) - first]
    return b"\n".join(
        b"%d 0 obj %s endobj" % (number, content[first + start : first + end])
        for (number, start), end in zip(pairs, ends, strict=True)
    )


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if not found:
        return b""
    return zlib.decompress(found.group(1)) if b"/FlateDecode" in body else found.group(1)


def _to_unicode(objects: dict[int, bytes], font: int) -> dict[int, str]:
    reference = re.search(rb"/ToUnicode\s+(\d+) 0 R", objects.get(font, b""))
    if reference is None:
        return {}
    cmap = _content(objects[int(reference.group(1))])
    sections = b"".join(re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL))
    pairs = re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", sections)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _shown(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    out: list[str] = []
    for block in re.findall(rb"\bBT\b(.*?)\bET\b", content, re.DOTALL):
        font = re.search(rb"/(f\d+) [\d.]+ Tf", block)
        glyphs = fonts.get(font.group(1), {}) if font else {}
        out.extend(glyphs.get(code, "") for token in _strings(block) for code in _string(token))
    return "".join(out)


def _strings(block: bytes) -> list[bytes]:
    """Return the string tokens of a text object; parentheses inside a string may stand unescaped in pairs."""
    found, start, depth, skip = [], 0, 0, False
    for place, byte in enumerate(block):
        if skip:
            skip = False
        elif byte == 0x5C and depth:
            skip = True
        elif byte == 0x28:
            start, depth = (place, 1) if depth == 0 else (start, depth + 1)
        elif byte == 0x29 and depth:
            depth -= 1
            if depth == 0:
                found.append(block[start : place + 1])
    return found


def _string(token: bytes) -> list[int]:
    raw = _unescape(token[1:-1])
    return [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]


_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescape(text: bytes) -> bytes:
    def one(match: "re.Match[bytes]") -> bytes:
        code = match.group(1)
        return bytes([int(code, 8) & 255]) if code.isdigit() else _ESCAPES.get(code, code)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, text, flags=re.DOTALL)
