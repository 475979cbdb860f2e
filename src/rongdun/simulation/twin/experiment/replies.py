"""When and how an institution answers an order of an experiment: the same answer whoever asks. Pure."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.model import MINUTE, Action, Speed
from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin.params import Params

_SENT: Final = {Action.STOP: 1, Action.ASK: 2}


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back ``after`` microseconds; a bank that gives no answer is waited for so long."""

    after: int
    outcome: Outcome


class Institutions:
    """The institutions of a world. ``seed`` names the draws, so that policies meet the same banks."""

    def __init__(self, params: Params, seed: int) -> None:
        told = params.institutions
        self.names = [*told.banks, *told.payments]
        shares = [*told.bank_shares, *told.payment_shares]
        slower = params.replies.small_slower
        self._slower = [slower if share < params.replies.small_share else 1.0 for share in shares]
        self._told, self._seed = params.replies, seed
        self._drawn = lru_cache(maxsize=100_000)(self._draw)

    def reply(self, action: Action, account: int, institution: int, attempt: int) -> Reply:
        """Return what an order about an account meets; ``attempt`` counts from 0."""
        return self._drawn(action, account, institution, attempt)

    def _draw(self, action: Action, account: int, institution: int, attempt: int) -> Reply:
        told = self._told
        random = np.random.Generator(np.random.SFC64([self._seed, _SENT[action], account, attempt]))
        fate, speed = random.random(), random.standard_normal()
        if fate < told.timeout_share:
            return Reply(round(told.timeout_minutes * MINUTE), Outcome.TIMEOUT)
        after = round(self._minutes(action, speed) * self._slower[institution] * MINUTE)
        fate -= told.timeout_share
        if fate < told.mismatch_share and action == Action.STOP:
            return Reply(after, Outcome.MISMATCH)
        if fate < told.mismatch_share + told.not_found_share:
            return Reply(after, Outcome.NOT_FOUND)
        return Reply(after, Outcome.DONE)

    def _minutes(self, action: Action, normal: float) -> float:
        if action == Action.STOP:
            return float(self._told.stop_median_minutes * np.exp(self._told.stop_sigma * normal))
        low, high = self._told.ask_minutes
        return float(low * (high / low) ** _uniform(normal))

    def speeds(self) -> tuple[dict[str, Speed], dict[str, Speed]]:
        """Return how fast institutions stop and answer, as many past replies have taught the centre."""
        told = self._told
        failed = told.timeout_share + told.not_found_share
        low, high = told.ask_minutes
        # A log-uniform law has this spread about its middle.
        spread = float(np.log(high / low) / np.sqrt(12))
        stops, asks = {}, {}
        for name, slower in zip(self.names, self._slower, strict=True):
            stops[name] = Speed(
                median_minutes=told.stop_median_minutes * slower, sigma=told.stop_sigma,
                failed_share=failed + told.mismatch_share, count=100,
            )  # fmt: skip
            middle = float(np.sqrt(low * high)) * slower
            asks[name] = Speed(median_minutes=middle, sigma=spread, failed_share=failed, count=100)
        return stops, asks


def _uniform(normal: float) -> float:
    """Return a uniform number for a normal one."""
    from math import erf, sqrt

    return 0.5 * (1 + erf(normal / sqrt(2)))
