"""Which language an answer is written in: exports, letters and notices follow the person who asked."""

from typing import Annotated, Literal

from fastapi import Depends, Header, Request

from rongdun.kernel.errors import Text

Language = Literal["zh", "en"]
"""The languages of the product; Chinese first, English complete."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def say(text: Text, language: Language) -> str:
    """Return ``text`` in ``language``."""
    return text.en if language == "en" else text.zh


def choose_language(accept: str, default: Language = "zh") -> Language:
    """Return the product's language that an ``Accept-Language`` header (RFC 9110 §12.5.4) likes best.

    Of equally liked ones the first named wins; a header that names none of ours gives ``default``.
    """
    ranked = sorted(
        (rank, position, tag.strip().lower().partition("-")[0])
        for position, part in enumerate(accept.split(","))
        for tag, rank in [_quality(part)]
        if rank < 0
    )
    for _, _, primary in ranked:
        if primary == "*":
            return default
        if primary in LANGUAGES:
            return primary
    return default


def _quality(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return tag, -1.0
    try:
        return tag, -min(max(float(value), 0.0), 1.0)
    except ValueError:
        return tag, 0.0


def language_of(
    request: Request,
    accept_language: Annotated[str, Header(max_length=200, include_in_schema=False)] = "",
) -> Language:
    """Return the language of this request: what the browser was set to, else the installation's."""
    settings = request.app.state.gate.services.settings
    return choose_language(accept_language, default=settings.locale)


LanguageDep = Annotated[Language, Depends(language_of)]
"""The language of the request."""
