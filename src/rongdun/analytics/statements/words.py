"""The words of coded columns, read once from ``words.toml``, as tables the kernels search. Pure."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np

from rongdun.analytics.statements.kernels.compiled import Bytes, Hashes, Marks, Places
from rongdun.analytics.statements.kernels.split import hash_word
from rongdun.analytics.statements.kernels.texts import first_key
from rongdun.analytics.statements.schema import CLASSES, INCOMING, OUTGOING
from rongdun.kernel.digits import half_width

UNKNOWN: Final = -128
"""Code of a word that stands in no list."""

NEITHER: Final = 2
"""Code of a direction word that says neither in nor out."""


_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


class Words(NamedTuple):
    """Sorted hashes of words and the code of each."""

    hashes: Hashes
    codes: Marks


class Kinds(NamedTuple):
    """Words to look for inside a text, in the order in which they decide; see :func:`kernels.texts.find_kinds`."""

    words: Bytes
    places: Places
    kinds: Marks
    first: Marks


def hash_text(text: str) -> int:
    """Return the kernels' hash of a word."""
    data = np.frombuffer(bytearray(text.encode()), np.uint8)
    return int(hash_word(data, 0, len(data)))


def words_table(codes: Mapping[str, int]) -> Words:
    """Build the table of ``codes``, each word also as it looks with full-width characters made half-width."""
    found = {
        hash_text(form): code
        for word, code in codes.items()
        for form in (word, half_width(word), word.translate(_WIDE))
    }
    ordered = sorted(found.items())
    return Words(
        np.array([hash for hash, _ in ordered], np.uint64),
        np.array([code for _, code in ordered], np.int8),
    )


@lru_cache(maxsize=1)
def listed() -> Mapping[str, Mapping[str, list[str]]]:
    """Return the lists of ``words.toml``: column, meaning, words."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def coded(column: str, meanings: Mapping[str, int]) -> Words:
    """Return the table of one column's words with the code of each meaning."""
    return words_table({word: code for name, code in meanings.items() for word in listed()[column][name]})


def directions(own: Mapping[str, str]) -> Words:
    """Return the direction words, +1 in, -1 out, 2 neither; ``own`` are a layout's, before the listed ones."""
    return _directions(tuple(sorted(own.items())))


@lru_cache(maxsize=64)
def _directions(own: tuple[tuple[str, str], ...]) -> Words:
    meanings = {"in": INCOMING, "out": OUTGOING, "none": NEITHER}
    codes = {word: code for name, code in meanings.items() for word in listed()["direction"][name]}
    return words_table(codes | {word: meanings[way] for word, way in own})


@lru_cache(maxsize=1)
def calls() -> Words:
    """Return the words of call directions: +1 called, -1 calling."""
    return coded("call", {"in": INCOMING, "out": OUTGOING})


@lru_cache(maxsize=2)
def answers(column: str) -> Words:
    """Return the words of ``success`` or ``cash``: 1 yes, 0 no."""
    return coded(column, {"yes": 1, "no": 0})


@lru_cache(maxsize=1)
def currencies() -> tuple[Words, tuple[str, ...]]:
    """Return the currency words and the ISO code that each of their codes stands for."""
    names = tuple(listed()["currency"])
    return coded("currency", {name: code for code, name in enumerate(names)}), names


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """Return the words that classify a row; a kind's number is its place in the lists, the highest is ``other``."""
    pairs = [(word.upper(), kind) for kind, words in enumerate(listed()["class"].values()) for word in words]
    encoded = [word.encode() for word, _ in pairs]
    first = np.zeros(1 << 16, np.int8)
    for word in encoded:
        first[first_key(np.frombuffer(word, np.uint8).copy(), 0, len(word))] = 1
    return Kinds(
        np.frombuffer(b"".join(encoded), np.uint8).copy(),
        np.cumsum([0, *map(len, encoded)]).astype(np.int32),
        np.array([kind for _, kind in pairs], np.int8),
        first,
    )


@lru_cache(maxsize=1)
def kind_names() -> tuple[str, ...]:
    """Return the class that each kind's number stands for."""
    names = (*listed()["class"], "other")
    assert sorted(names) == sorted(CLASSES)
    return names
