"""Where reach begins: the seeds' accounts and moments, by whatever engine; and looking the accounts up in an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rongdun.analytics.tracing.index.gather import Unknown
from rongdun.analytics.tracing.index.reach import Starts, Touched
from rongdun.analytics.tracing.model import NOBODY, Int64s, Seed
from rongdun.analytics.tracing.seeds import TOLERANCE


class Manifest(Protocol):
    """What a trace must know of what it looks accounts up in."""

    @property
    def version(self) -> int:
        """The ledger's version."""

    @property
    def latest(self) -> int:
        """The moment of the last transfer."""


class Lookup(Protocol):
    """An index, or an engine's tables: who is who, in which version of the ledger."""

    @property
    def manifest(self) -> Manifest:
        """What it is of."""

    def find(self, institution: str, number: str) -> int:
        """Return the account of a number, ``NOBODY`` where the ledger does not know it."""

    def find_all(self, keys: Sequence[tuple[str, str]]) -> Int64s:
        """Return what :meth:`find` says of each institution and number."""


@dataclass(frozen=True, slots=True)
class Found:
    """Seeds found in an index: where reach starts, and which seeds' accounts the ledger does not know."""

    account: Int64s  # of each seed, NOBODY where unknown
    starts: Starts
    unknown: list[Unknown]


def find(index: Lookup, seeds: Sequence[Seed], window: int, as_of: int, tolerance: int = TOLERANCE) -> Found:
    """Return where the seeds start in an index. Raises ``SeveralAccounts`` where a number alone does not decide."""
    account = index.find_all([(seed.institution, seed.account) for seed in seeds])
    known = account != NOBODY
    begin, victim, deadline = moments(seeds, window, as_of, tolerance)
    missing = sorted(
        {
            (seed.institution, seed.account)
            for seed, here in zip(seeds, known.tolist(), strict=True)
            if not here
        }
    )
    return Found(
        account,
        Starts(account[known], victim[known], begin[known], deadline),
        [Unknown(*one) for one in missing],
    )


def moments(
    seeds: Sequence[Seed], window: int, as_of: int, tolerance: int = TOLERANCE
) -> tuple[Int64s, Int64s, Int64s]:
    """Return each seed's first moment and victim (numbered as they come), and each victim's last moment."""
    number: dict[str, int] = {}
    victim = np.array([number.setdefault(seed.victim, len(number)) for seed in seeds], np.int64)
    time = np.array([seed.time for seed in seeds], np.int64)
    last = np.zeros(len(number), np.int64)
    np.maximum.at(last, victim, time + tolerance + window)
    return time - tolerance, victim, np.minimum(last, as_of)


def watched(found: Found, touched: Touched, tolerance: int = TOLERANCE) -> Int64s:
    """Return the seeds' accounts that are not followed, with the time in which their seeds may have arrived."""
    starts = found.starts
    at = np.searchsorted(touched.account, starts.account)
    away = np.append(touched.account, NOBODY)[at] != starts.account
    account, at = np.unique(starts.account[away], return_inverse=True)
    rows = np.empty((len(account), 3), np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2] = account, np.iinfo(np.int64).max, np.iinfo(np.int64).min
    np.minimum.at(rows[:, 1], at, starts.time[away])
    np.maximum.at(rows[:, 2], at, starts.time[away] + 2 * tolerance)
    return rows
