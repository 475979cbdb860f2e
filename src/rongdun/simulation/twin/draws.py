"""Random numbers of a world: one stream for each purpose, so that a change of one part leaves the rest alone."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Int64s: TypeAlias = npt.NDArray[np.int64]
Int32s: TypeAlias = npt.NDArray[np.int32]
Int8s: TypeAlias = npt.NDArray[np.int8]
Mask: TypeAlias = npt.NDArray[np.bool_]

FEN: Final = 100
SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR
"""Microseconds."""


def stream(seed: int, purpose: str, number: int = 0) -> np.random.Generator:
    """Return the generator of a purpose (and of a day or a part of it); equal arguments, equal numbers."""
    return np.random.Generator(np.random.SFC64([seed, number, *purpose.encode()]))


def fen(random: np.random.Generator, count: int, median_yuan: float, sigma: float) -> Int64s:
    """Return lognormal amounts in fen, one at least."""
    drawn = random.standard_normal(count, dtype=np.float32)
    drawn *= np.float32(sigma)
    np.exp(drawn, out=drawn)
    drawn *= np.float32(median_yuan * FEN)
    return np.maximum(drawn, 1).astype(np.int64)


def lognormal(random: np.random.Generator, count: int, median: float | Floats, sigma: float) -> Floats:
    """Return lognormal numbers with this median."""
    drawn: Floats = np.exp(random.standard_normal(count) * sigma) * median
    return drawn


def log_uniform(random: np.random.Generator, low: Floats, high: Floats) -> Floats:
    """Return numbers whose logarithm is uniform between ``low`` and ``high``."""
    drawn: Floats = low * (high / low) ** random.random(len(low))
    return drawn


def hour_table(weights: Sequence[float]) -> Int32s:
    """Return 4,096 seconds of the day, spaced so that a uniform draw of them follows the weights of its hours."""
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    places = (np.arange(4096) + 0.5) / 4096 * edges[-1]
    return np.asarray(np.interp(places, edges, np.arange(25) * 3600.0), np.int32)


def seconds(random: np.random.Generator, count: int, table: Int32s) -> Int32s:
    """Return seconds of a day that follow the hours of ``table``."""
    spread = random.integers(0, 21, count, dtype=np.int32)
    drawn: Int32s = np.minimum(table[random.integers(0, len(table), count, dtype=np.int32)] + spread, 86_399)
    return drawn


def pick(random: np.random.Generator, weights: Sequence[float] | Floats, count: int) -> Int64s:
    """Return places drawn by weight."""
    edges = np.cumsum(np.asarray(weights, np.float64))
    found: Int64s = np.searchsorted(edges, random.random(count) * edges[-1], side="right")
    return np.minimum(found, len(edges) - 1)


def some(random: np.random.Generator, count: int, share: float) -> Mask:
    """Return which of ``count`` are among ``share`` of them, each by itself."""
    drawn: Mask = random.random(count) < share
    return drawn


def micros(day_start: int, second: npt.NDArray[Any]) -> Int64s:
    """Return moments (µs since 1970) of seconds of a day."""
    moments: Int64s = second.astype(np.int64) * SECOND + day_start
    return moments
