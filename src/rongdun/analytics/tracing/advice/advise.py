"""What to do next, ranked by the yuan it is expected to save for each minute of an officer. Pure, deterministic.

The account of each figure is in ``README.md``. Nothing here knows more than the :class:`Situation`.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice import words
from rongdun.analytics.tracing.advice.dwell import Floats
from rongdun.analytics.tracing.advice.known import WAYS_OUT, Known
from rongdun.analytics.tracing.advice.model import MINUTE, Action, KnownAccount, Situation, Suggestion
from rongdun.analytics.tracing.advice.options import Options, options_of
from rongdun.analytics.tracing.advice.prior import Prior
from rongdun.analytics.tracing.advice.situation import Key
from rongdun.analytics.tracing.advice.sums import mixed
from rongdun.analytics.tracing.model import Mask

MOST: Final = 100
"""Suggestions that are put into words: nobody reads more, and the next answer changes them."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A suggestion before it is put into words."""

    action: Action
    account: KnownAccount
    amount_fen: int
    expected_fen: int
    fen_per_minute: float
    why: Callable[[], tuple[str, str]]
    change: Callable[[], tuple[str, str]]

    @property
    def key(self) -> Key:
        """Institution and number."""
        return self.account.institution, self.account.number

    @property
    def rank(self) -> tuple[float, str, str, str]:
        """The best by the minute first; equal ones in a fixed order."""
        return -self.fen_per_minute, self.action, *self.key

    def said(self) -> Suggestion:
        """Return it in words."""
        return Suggestion(
            action=self.action,
            institution=self.account.institution,
            number=self.account.number,
            amount_fen=self.amount_fen,
            expected_fen=self.expected_fen,
            fen_per_minute=self.fen_per_minute,
            why=self.why(),
            change=self.change(),
        )


def advise(situation: Situation, prior: Prior, most: int = MOST) -> list[Suggestion]:
    """Return the ``most`` best things to do now, the best first; one ``WAIT`` where nothing is worth a minute.

    Orders that are on their way, accounts that are stopped already and those whose stops are used up are left out. A
    stop that is put off for an innocent's money is told of: beside what else is advised on the account, or by a
    ``WAIT`` that names it, after all that is worth a minute. No more questions than may still be sent are advised, the
    best of them; a last ``WAIT`` says how many accounts it would have paid to ask about besides.
    """
    if not situation.accounts:
        return [words.wait(situation)]
    known = Known(situation, prior)
    options = options_of(known)
    worth, beyond = _within(known, options)
    found = [*_stops(known, options, worth[0]), *_asks(known, options, worth[1]), *_alerts(known)]
    least = prior.least_fen_per_minute
    kept = [one for one in found if one.fen_per_minute >= least and one.expected_fen > 0]
    best = heapq.nsmallest(most, kept, key=lambda one: one.rank)
    put_off = _put_off(known, options)
    said = [_with_reason(one, put_off).said() for one in best]
    told = {one.key for one in kept}
    said += [one.said() for key, one in put_off.items() if key not in told]
    spent = [words.queries_spent(situation, beyond)] if beyond else []
    return [*said[: most - len(spent)], *spent] or [words.wait(situation)]


def _within(known: Known, options: Options) -> tuple[tuple[Floats, Floats], int]:
    """Return what each account's stop and statement are worth, and how many worth asking lie beyond what may be sent.

    An account that cannot be asked about any more is stopped on its own: nothing will tell whether it was in vain.
    """
    means, may_ask = known.situation.means, known.may_ask()
    worth = _worth(known, options, may_ask)
    if means.queries_left is None:
        return worth, 0
    least = max(known.prior.least_fen_per_minute * means.minutes_ask, 0.5)
    asked = np.flatnonzero(worth[1] >= least).tolist()
    key = [(one.institution, one.number) for one in known.accounts]
    beyond = sorted(asked, key=lambda place: (-worth[1][place], *key[place]))[max(means.queries_left, 0) :]
    if not beyond:
        return worth, 0
    may_ask[beyond] = False
    return _worth(known, options, may_ask), len(beyond)


def _put_off(known: Known, options: Options) -> dict[Key, _Found]:
    """Return by account the stops that would be worth a minute but for the money an innocent holder has there."""
    harm, came = options.harm, known.total(known.sums.fen)
    least = known.prior.least_fen_per_minute * known.situation.means.minutes_stop
    spared = known.may_stop() & (options.holds >= least) & (options.stop < least) & (harm.cost > 0)
    found = {}
    for place in np.flatnonzero(spared).tolist():
        account, holds, share = known.accounts[place], options.holds[place], harm.share[place]
        why = partial(words.put_off, holds, share, harm.own[place], account)
        enough = holds * (1 - harm.kept[place]) / (known.prior.innocent.cost * share)
        change = partial(words.put_off_changes, enough)
        one = _Found(Action.WAIT, account, round(came[place]), 0, 0.0, why, change)
        found[one.key] = one
    return found


def _with_reason(one: _Found, put_off: Mapping[Key, _Found]) -> _Found:
    """Return a suggestion that also says why its account is not stopped, where it is not for an innocent's money."""
    spared = put_off.get(one.key)
    if spared is None:
        return one
    why, change = one.why, spared.change if one.action == Action.ASK else one.change
    return replace(one, why=lambda: words.both(why(), spared.why()), change=change)


def _worth(known: Known, options: Options, ask_free: Mask) -> tuple[Floats, Floats]:
    """Return what each account's stop and statement are worth: the better one by the minute, the other beside it."""
    means = known.situation.means
    stop_free = known.may_stop()
    stop_first = options.stop / means.minutes_stop >= options.ask / means.minutes_ask
    stop_alone = (stop_first | ~ask_free) & np.isnan(known.ask_sent)
    ask_alone = ~stop_first | ~stop_free
    stop = np.where(stop_alone, options.stop, np.minimum(options.stop_too, options.stop))
    ask = np.where(ask_alone, options.ask, np.minimum(options.ask_too, options.ask))
    return np.where(stop_free, stop, 0.0), np.where(ask_free, ask, 0.0)


def _stops(known: Known, options: Options, worth: Floats) -> Iterable[_Found]:
    situation, minutes = known.situation, known.situation.means.minutes_stop
    came, latest = known.total(known.sums.fen), _latest(known)
    for place in np.flatnonzero(worth > 0).tolist():
        account, there = known.accounts[place], options.there[place]
        why = partial(
            words.stop, there, came[place], situation.now - latest[place], known.stop_speed[place], account
        )
        yield _Found(
            Action.STOP,
            account,
            round(came[place]),
            round(worth[place]),
            worth[place] / minutes,
            why,
            partial(words.stop_changes, account, there),
        )


def _asks(known: Known, options: Options, worth: Floats) -> Iterable[_Found]:
    minutes = known.situation.means.minutes_ask
    for place in np.flatnonzero(worth > 0).tolist():
        account, left = known.accounts[place], options.left[place]
        yield _Found(
            Action.ASK,
            account,
            round(left),
            round(worth[place]),
            worth[place] / minutes,
            partial(words.ask, worth[place], left, known.ask_speed[place], account),
            partial(words.ask_changes, left),
        )


def _alerts(known: Known) -> Iterable[_Found]:
    now, prior, minutes = known.situation.now, known.prior, known.situation.means.minutes_alert
    sent = {(one.institution, one.number) for one in known.situation.pending if one.action == Action.ALERT}
    for account in known.accounts:
        if account.kind not in WAYS_OUT or (account.institution, account.number) in sent:
            continue
        came = [(mixed(one.tainted, prior), now - one.time) for one in account.arrivals if one.time <= now]
        fresh = sum(fen * 0.5 ** (age / MINUTE / prior.alert_half_life) for fen, age in came)
        expected = prior.alert_saved * fresh
        yield _Found(
            Action.ALERT,
            account,
            round(sum(fen for fen, _ in came)),
            round(expected),
            expected / minutes,
            partial(words.alert, account, expected),
            partial(words.alert_changes, prior.alert_half_life),
        )


def _latest(known: Known) -> Floats:
    """Return for each account when its last sum came; now where there is none."""
    latest = np.zeros(len(known.accounts))
    np.maximum.at(latest, known.sums.account, known.sums.came)
    return np.where(latest > 0, latest, float(known.situation.now))
