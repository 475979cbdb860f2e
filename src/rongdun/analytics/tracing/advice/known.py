"""A situation in columns: one row a sum, one an account; waits of orders, and what is on its way. Pure."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.dwell import Dwells, Floats
from rongdun.analytics.tracing.advice.model import MINUTE, Action, Situation, Speed
from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.analytics.tracing.advice.sums import by_account, sums_of
from rongdun.analytics.tracing.model import Kind, Mask

WAYS_OUT: Final = (Kind.CRYPTO, Kind.PAYMENT, Kind.ABROAD, Kind.MERCHANT)
"""Kinds of account at which money is out of our reach; they are told, not asked."""

_NOT_STOPPED: Final = (Kind.PAYMENT, Kind.ABROAD)
"""Reserve accounts of payment institutions, and what no order of ours reaches."""

_EXTEND_WITHIN: Final = 4 * 60 * MINUTE
_Z: Final = np.array([-1.2816, -0.5244, 0.0, 0.5244, 1.2816])


class Known:
    """What is known, with what each account's stop and statement would take; ages and waits in minutes."""

    def __init__(self, situation: Situation, prior: Prior) -> None:
        self.situation, self.prior = situation, prior
        self.accounts = situation.accounts
        self.dwells = Dwells(prior.dwell)
        self.sums = sums_of(situation, prior, self.dwells)
        self.stop_speed = [situation.stop_speed.get(one.institution, prior.stop) for one in self.accounts]
        self.ask_speed = [situation.ask_speed.get(one.institution, prior.ask) for one in self.accounts]
        self.held = np.array([one.stopped_until > situation.now for one in self.accounts])
        self.age_base = (self.sums.base - self.sums.came) / MINUTE
        self.age_now = (situation.now - self.sums.came) / MINUTE
        self.stop_sent = self._sent(Action.STOP)
        self.ask_sent = self._sent(Action.ASK)

    def total(self, values: Floats) -> Floats:
        """Return values of sums added up by account."""
        return by_account(values, self.sums, len(self.accounts))

    def of_sums(self, values: Floats) -> Floats:
        """Return values of accounts, one row a sum."""
        return np.asarray(values[self.sums.account])

    def may_stop(self) -> Mask:
        """Tell which accounts a stop may be sent for: none on its way, stops left, not held for hours to come."""
        now, means = self.situation.now, self.situation.means
        free = [
            one.stops_used < means.stops_most
            and not one.hub
            and one.kind not in _NOT_STOPPED
            and one.stopped_until < now + _EXTEND_WITHIN
            for one in self.accounts
        ]
        return np.asarray(np.array(free) & np.isnan(self.stop_sent))

    def may_ask(self) -> Mask:
        """Tell which accounts a statement may be asked of: none on its way or just read, and money goes on there."""
        again = self.situation.means.ask_again_minutes
        fresh = self.situation.now - again * MINUTE if again else np.inf
        followed = [
            not one.hub and one.kind not in WAYS_OUT and one.observed_until < fresh for one in self.accounts
        ]
        return np.asarray(np.array(followed) & np.isnan(self.ask_sent))

    def stop_waits(self) -> Floats:
        """Return for each account five equally likely waits from now until a stop holds."""
        return _waits(self.stop_speed, self.situation.means.minutes_stop)

    def stop_wait(self) -> Floats:
        """Return the usual wait until a stop holds, one that is on its way as far as it has not come yet."""
        usual = np.median(self.stop_waits(), axis=1)
        return np.where(np.isnan(self.stop_sent), usual, np.maximum(usual - self.stop_sent, 0.5))

    def ask_wait(self) -> Floats:
        """Return the usual wait until a statement is there, one that is on its way as far as it has not come yet."""
        usual = np.median(_waits(self.ask_speed, self.situation.means.minutes_ask), axis=1)
        return np.where(np.isnan(self.ask_sent), usual, np.maximum(usual - self.ask_sent, 0.5))

    def held_since(self) -> Floats:
        """Return the age of each sum at which its account was stopped; infinite where it is not."""
        hours = self.situation.means.stop_hours * 60 * MINUTE
        until = np.array([one.stopped_until for one in self.accounts], np.float64)
        since = np.where(self.held, until - hours, np.inf)
        return np.asarray((since[self.sums.account] - self.sums.came) / MINUTE)

    def _sent(self, action: Action) -> Floats:
        """Return for each account how many minutes ago an order of this kind was sent; NaN where none is on its way."""
        sent = {
            (one.institution, one.number): one.sent_at
            for one in self.situation.pending
            if one.action == action
        }
        ago = [sent.get((one.institution, one.number), np.nan) for one in self.accounts]
        return np.asarray((self.situation.now - np.array(ago, np.float64)) / MINUTE)


def _waits(speeds: Sequence[Speed], minutes: float) -> Floats:
    median = np.array([one.median_minutes for one in speeds])
    sigma = np.array([one.sigma for one in speeds])
    return np.asarray(minutes + median[:, None] * np.exp(sigma[:, None] * _Z))
