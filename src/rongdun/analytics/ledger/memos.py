"""What two memos have in common, in bits: how rare their shared beginning is, and their shared words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rongdun.kernel.digits import half_width

LENGTH: Final = 32
"""Characters compared from the front."""

_WORD: Final = re.compile(r"[0-9A-Z]+|[一-鿿]+")
_RARER_THAN_SEEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """One book's memos: characters (rows × LENGTH, 0 beyond the end), lengths, and words as a ragged array."""

    characters: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Memos:
    """Both books' memos; ``prefix_bits[row, n]`` tells how rare the left row's first n characters are on the right."""

    left: Side
    right: Side
    prefix_bits: npt.NDArray[np.float32]
    word_bits: npt.NDArray[np.float32]

    @classmethod
    def of(cls, left: Sequence[str], right: Sequence[str]) -> "Memos":
        """Read the memos of both books."""
        texts = [[" ".join(half_width(text).upper().split()) for text in side] for side in (left, right)]
        words = [[_words(text) for text in side] for side in texts]
        seen = Counter(word for side in words for row in side for word in row)
        numbers = {word: number for number, word in enumerate(sorted(seen))}
        sides = [_side(side, found, numbers) for side, found in zip(texts, words, strict=True)]
        rows = len(left) + len(right)
        bits = np.array([np.log2(rows / seen[word]) for word in numbers] or [0.0], np.float32)
        return cls(sides[0], sides[1], _prefix_bits(sides[0], sides[1]), bits)


def _words(text: str) -> list[str]:
    """Return a memo's different words; of Chinese, which has no spaces, each two characters that stand together."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        pairs = [word[place : place + 2] for place in range(len(word) - 1)] if word[0] > "Z" else []
        found.update(pairs or [word])
    return sorted(found)


def _side(texts: Sequence[str], words: Sequence[Sequence[str]], numbers: dict[str, int]) -> Side:
    characters = np.zeros((len(texts), LENGTH), np.int32)
    for row, text in enumerate(texts):
        codes = [ord(character) for character in text[:LENGTH]]
        characters[row, : len(codes)] = codes
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(row) for row in words], out=starts[1:])
    flat = np.array([numbers[word] for row in words for word in row], np.int64)
    return Side(characters, (characters != 0).sum(axis=1), flat, starts)


def _prefix_bits(left: Side, right: Side) -> npt.NDArray[np.float32]:
    rows = len(right.characters)
    bits = np.zeros((len(left.characters), LENGTH + 1), np.float32)
    here, there = np.zeros(len(left.characters), np.uint64), np.zeros(rows, np.uint64)
    for length in range(1, LENGTH + 1):
        here, there = (_extended(hashes, side, length) for hashes, side in ((here, left), (there, right)))
        known, counts = np.unique(there[right.lengths >= length], return_counts=True)
        seen = np.full(len(here), _RARER_THAN_SEEN)
        if len(known):
            place = np.minimum(np.searchsorted(known, here), len(known) - 1)
            seen = np.where(known[place] == here, counts[place], _RARER_THAN_SEEN)
        bits[:, length] = np.log2(rows / seen)
    return bits


def _extended(hashes: npt.NDArray[np.uint64], side: Side, length: int) -> npt.NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        more = (hashes ^ side.characters[:, length - 1].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(more ^ (more >> np.uint64(31)), np.uint64)
