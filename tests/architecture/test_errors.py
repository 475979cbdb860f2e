"""Prevents the error nobody can act on: without words in both languages, a status, or a code of its own."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import rongdun
from rongdun.kernel.errors import DomainError


def test_every_error_has_words_and_a_way_on_in_both_languages() -> None:
    mute = [
        f"{error.__module__}.{error.__name__}"
        for error in _errors()
        if not all(part.strip() for text in (error.message, error.action) for part in text)
    ]
    assert mute == []


def test_every_error_says_what_kind_of_refusal_it_is() -> None:
    assert [error.__name__ for error in _errors() if not 400 <= error.status <= 599] == []


def test_no_two_errors_have_the_same_code() -> None:
    codes: dict[str, list[str]] = {}
    for error in _errors():
        if "code" in vars(error):
            codes.setdefault(error.code, []).append(f"{error.__module__}.{error.__name__}")
    assert {code: names for code, names in codes.items() if len(names) > 1} == {}


def test_chinese_words_are_chinese_and_english_ones_are_not() -> None:
    mixed = [
        f"{error.__name__}: {text}"
        for error in _errors()
        for text in (error.message, error.action)
        if not _has_chinese(text.zh) or _has_chinese(text.en)
    ]
    assert mixed == []


def _errors() -> list[type[DomainError]]:
    for found in pkgutil.walk_packages(rongdun.__path__, "rongdun."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    found_errors = [error for error in _below(DomainError) if error.__module__.startswith("rongdun.")]
    assert len(found_errors) > 20
    return found_errors


def _below(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in error.__subclasses__():
        yield each
        yield from _below(each)


def _has_chinese(text: str) -> bool:
    """Tell whether there are Chinese words; 1.2万 is an amount, in whatever language it is quoted."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in re.sub(r"\d万", "", text))
