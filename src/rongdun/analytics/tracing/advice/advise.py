"""What to do next, ranked by the yuan it is expected to save for each minute of an officer. Pure, deterministic.

The account of each figure is in ``README.md``. Nothing here knows more than the :class:`Situation`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice import words
from rongdun.analytics.tracing.advice.ahead import Chain
from rongdun.analytics.tracing.advice.dwell import Dwells, Floats
from rongdun.analytics.tracing.advice.innocents import penalties
from rongdun.analytics.tracing.advice.model import MINUTE, Action, Situation, Speed, Suggestion
from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.analytics.tracing.advice.sums import by_account, mixed, sums_of
from rongdun.analytics.tracing.model import Kind, Mask

_Z: Final = np.array([-1.2816, -0.5244, 0.0, 0.5244, 1.2816])
_EXTEND_WITHIN: Final = 4 * 60 * MINUTE
_WAYS_OUT: Final = (Kind.CRYPTO, Kind.PAYMENT, Kind.ABROAD, Kind.MERCHANT)
_NOT_STOPPED: Final = (Kind.PAYMENT, Kind.ABROAD)
"""Reserve accounts of payment institutions, and what no order of ours reaches."""


def advise(situation: Situation, prior: Prior) -> list[Suggestion]:
    """Return what can be done now, the best first; one ``WAIT`` where nothing is worth an officer's minute.

    Orders that are on their way, accounts that are stopped already and those whose stops are used up are left out.
    """
    if not situation.accounts:
        return [words.wait(situation)]
    known = _Known(situation, prior)
    found = [*_stops(known), *_asks(known), *_alerts(known)]
    worth = [one for one in found if one.fen_per_minute >= prior.least_fen_per_minute]
    worth.sort(key=lambda one: (-one.fen_per_minute, one.action, one.institution, one.number))
    return worth or [words.wait(situation)]


class _Known:
    """A situation with its sums, and what each account's stop and statement would take."""

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

    def pending(self, action: Action) -> Mask:
        """Tell which accounts have an order of this kind on its way."""
        sent = {(one.institution, one.number) for one in self.situation.pending if one.action == action}
        return np.array([(one.institution, one.number) in sent for one in self.accounts])

    def total(self, values: Floats) -> Floats:
        """Return values of sums added up by account."""
        return by_account(values, self.sums, len(self.accounts))

    def waits(self, speeds: Sequence[Speed], minutes: float) -> Floats:
        """Return for each account five equally likely waits from now to the answer, minutes."""
        median = np.array([one.median_minutes for one in speeds])
        sigma = np.array([one.sigma for one in speeds])
        return np.asarray(minutes + median[:, None] * np.exp(sigma[:, None] * _Z))

    def there(self, waits: Floats) -> Floats:
        """Return for each sum the fen expected to lie there still when an order lands."""
        sums = self.sums
        lands = self.age_now[:, None] + waits[sums.account]
        until = np.minimum(lands, self.held_since()[:, None])
        share = self.dwells.still(sums.cell[:, None], self.age_base[:, None], until).mean(axis=1)
        return np.asarray(sums.fen * share)

    def held_since(self) -> Floats:
        """Return the age of each sum at which its account was stopped; infinite where it is not."""
        hours = self.situation.means.stop_hours * 60 * MINUTE
        until = np.array([one.stopped_until for one in self.accounts], np.float64)
        since = np.where(self.held, until - hours, np.inf)
        return np.asarray((since[self.sums.account] - self.sums.came) / MINUTE)


def _stops(known: _Known) -> Iterable[Suggestion]:
    situation, prior, means = known.situation, known.prior, known.situation.means
    there = known.total(known.there(known.waits(known.stop_speed, means.minutes_stop)))
    came, latest = known.total(known.sums.fen), _latest(known)
    cost = penalties(known.accounts, there, prior)
    for place in np.flatnonzero(_may_stop(known)).tolist():
        account, speed = known.accounts[place], known.stop_speed[place]
        refused = speed.failed_share + (0 if account.name else prior.unnamed_refused)
        expected = there[place] * (1 - min(refused, 1.0)) - cost[place]
        if expected > 0:
            yield Suggestion(
                action=Action.STOP,
                institution=account.institution,
                number=account.number,
                amount_fen=round(came[place]),
                expected_fen=round(expected),
                fen_per_minute=expected / means.minutes_stop,
                why=words.stop(there[place], came[place], situation.now - latest[place], speed, account),
                change=words.stop_changes(account, there[place]),
            )


def _may_stop(known: _Known) -> Mask:
    now, means = known.situation.now, known.situation.means
    free = [
        one.stops_used < means.stops_most
        and not one.hub
        and one.kind not in _NOT_STOPPED
        and one.stopped_until < now + _EXTEND_WITHIN
        for one in known.accounts
    ]
    return np.asarray(np.array(free) & ~known.pending(Action.STOP))


def _asks(known: _Known) -> Iterable[Suggestion]:
    means, prior = known.situation.means, known.prior
    expected = known.total(_behind(known))
    left = known.total(_gone(known))
    followed = [not one.hub and one.kind not in _WAYS_OUT for one in known.accounts]
    free = ~known.pending(Action.ASK) & np.array(followed)
    for place in np.flatnonzero(free & (expected > 0)).tolist():
        account, speed = known.accounts[place], known.ask_speed[place]
        fan = prior.fan[min(account.tier, len(prior.fan)) - 1]
        minutes = means.minutes_ask + fan * means.minutes_stop
        yield Suggestion(
            action=Action.ASK,
            institution=account.institution,
            number=account.number,
            amount_fen=round(left[place]),
            expected_fen=round(expected[place]),
            fen_per_minute=expected[place] / minutes,
            why=words.ask(expected[place], left[place], speed, account),
            change=words.ask_changes(left[place]),
        )


def _until(known: _Known) -> tuple[Floats, Floats]:
    """Return for each sum the age until which it may leave unseen, and the age at which a statement would tell."""
    means = known.situation.means
    told = np.median(known.waits(known.ask_speed, means.minutes_ask), axis=1)
    told_age = known.age_now + told[known.sums.account]
    until = np.minimum(known.held_since(), np.minimum(_stop_lands(known), told_age))
    return np.maximum(until, known.age_base), np.maximum(told_age, known.age_base)


def _stop_lands(known: _Known) -> Floats:
    """Return the age of each sum at which a stop sent now, or on its way, will hold; infinite where none can be."""
    waits = np.median(known.waits(known.stop_speed, known.situation.means.minutes_stop), axis=1)
    waits[~(_may_stop(known) | known.pending(Action.STOP))] = np.inf
    return np.asarray(known.age_now + waits[known.sums.account])


def _behind(known: _Known) -> Floats:
    """Return for each sum the fen that a statement would let one find further on and stop there."""
    sums, chain = known.sums, _chain_of(known)
    until, told = _until(known)
    future = sums.fen * chain.behind(sums.cell, sums.tier, known.age_base, until, told)
    if not sums.gone.any():
        return future
    zero = np.zeros(len(sums))
    left = 1 - known.dwells.still(sums.cell, zero, known.age_base)
    past = chain.behind(sums.cell, sums.tier, zero, known.age_base, told)
    return np.asarray(future + sums.gone * np.divide(past, left, out=zero, where=left > 1e-9))


def _gone(known: _Known) -> Floats:
    """Return for each sum the fen that have probably left it by now, we do not know where to."""
    sums = known.sums
    now = np.minimum(np.maximum(known.held_since(), known.age_base), known.age_now)
    return np.asarray(sums.gone + sums.fen * (1 - known.dwells.still(sums.cell, known.age_base, now)))


def _alerts(known: _Known) -> Iterable[Suggestion]:
    now, prior, minutes = known.situation.now, known.prior, known.situation.means.minutes_alert
    pending = known.pending(Action.ALERT)
    for place, account in enumerate(known.accounts):
        if account.kind not in _WAYS_OUT or pending[place]:
            continue
        fresh = sum(
            mixed(one.tainted, prior) * 0.5 ** ((now - one.time) / MINUTE / prior.alert_half_life)
            for one in account.arrivals
            if one.time <= now
        )
        expected = prior.alert_saved * fresh
        yield Suggestion(
            action=Action.ALERT,
            institution=account.institution,
            number=account.number,
            amount_fen=round(sum(mixed(one.tainted, prior) for one in account.arrivals)),
            expected_fen=round(expected),
            fen_per_minute=expected / minutes,
            why=words.alert(account, expected),
            change=words.alert_changes(prior.alert_half_life),
        )


def _latest(known: _Known) -> Floats:
    """Return for each account when its last sum came; now where there is none."""
    latest = np.zeros(len(known.accounts))
    np.maximum.at(latest, known.sums.account, known.sums.came)
    return np.where(latest > 0, latest, float(known.situation.now))


def _chain_of(known: _Known) -> Chain:
    prior, means = known.prior, known.situation.means
    stop = round(means.minutes_stop + _usual(known.stop_speed), 1)
    ask = round(means.minutes_ask + _usual(known.ask_speed), 1)
    return _chain(_Ground(prior), stop, ask)


def _usual(speeds: Sequence[Speed]) -> float:
    return float(np.median([one.median_minutes for one in speeds]))


@dataclass(frozen=True, slots=True)
class _Ground:
    """A prior as the key of a cache: equal where it is the same object."""

    prior: Prior

    def __hash__(self) -> int:
        return id(self.prior)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ground) and other.prior is self.prior


@lru_cache(maxsize=64)
def _chain(ground: _Ground, stop_wait: float, ask_wait: float) -> Chain:
    return Chain(ground.prior, Dwells(ground.prior.dwell), stop_wait, ask_wait)
