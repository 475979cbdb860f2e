"""One way of writing for what people paste: half-width characters, no invisible ones. Pure."""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def half_width(text: str) -> str:
    """Return ``text`` with full-width letters, digits and signs made half-width and the ends trimmed.

    Compatibility normalisation (NFKC) also turns no-break and ideographic spaces into plain ones; characters
    that cannot be seen (zero-width, direction marks, byte order mark) are dropped.
    """
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).strip()


def is_digits(text: str) -> bool:
    """Tell whether ``text`` is one or more of the digits 0 to 9 and nothing else."""
    return text.isascii() and text.isdigit()
