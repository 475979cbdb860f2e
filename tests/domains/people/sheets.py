"""Reading back what an Excel export holds."""

import io
import re
import zipfile
from html import unescape

_TEXT = re.compile(r"<t[^>]*>([^<]*)</t>")


def cells(content: bytes) -> set[str]:
    """Return every text in the sheets of an Excel file."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
    return {unescape(text) for part in parts for text in _TEXT.findall(part)}
