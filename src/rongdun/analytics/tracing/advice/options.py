"""What stopping an account, asking for its statement, or both would save. One row an account; fen. Pure.

Each is reckoned alone and beside the other: a stop is worth less where a statement will tell soon whether anything is
there, a statement less where a stop keeps the money from leaving.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rongdun.analytics.tracing.advice.ahead import Chain
from rongdun.analytics.tracing.advice.dwell import Dwells, Floats
from rongdun.analytics.tracing.advice.innocents import Harm, harm_of
from rongdun.analytics.tracing.advice.known import Known
from rongdun.analytics.tracing.advice.model import Means
from rongdun.analytics.tracing.advice.prior import Prior


@dataclass(frozen=True, slots=True)
class Options:
    """Fen expected by account: ``there`` when a stop lands, ``left`` unseen by the time a statement tells.

    ``stop`` and ``ask`` alone; ``stop_too`` and ``ask_too`` what each adds beside the other. ``holds`` is what a stop
    would hold of the victims' if nothing were charged for the holder's own money, which ``harm`` tells of.
    """

    there: Floats
    holds: Floats
    harm: Harm
    left: Floats
    stop: Floats
    ask: Floats
    stop_too: Floats
    ask_too: Floats


def options_of(known: Known) -> Options:
    """Return what each account's orders are expected to save."""
    prior, means = known.prior, known.situation.means
    chain = _chain_of(known)
    there = known.total(_there(known))
    harm = harm_of(known)
    done = _stop_done(known)
    gains = done * (1 - harm.kept)
    stop = there * gains - harm.cost
    told = known.age_now + known.of_sums(known.ask_wait())
    held = np.minimum(known.held_since(), _sent_stop(known))
    free = np.minimum(held, told)
    shown = 1 - np.array([one.failed_share for one in known.ask_speed])
    own, lies = _informed(known, told, held)
    own = np.maximum(own * gains - harm.cost - lies * prior.price * means.minutes_stop, 0.0)
    alone = shown * (own + known.total(_behind(known, chain, free, told)))
    lands = known.age_now + known.of_sums(known.stop_wait())
    beside = shown * known.total(_behind(known, chain, np.minimum(free, lands), told))
    both = stop + beside
    return Options(
        there=there,
        holds=there * done,
        harm=harm,
        left=known.total(_left(known, np.minimum(held, told))),
        stop=stop,
        ask=alone,
        stop_too=np.asarray(both - alone + lies * shown * prior.price * means.minutes_stop),
        ask_too=beside,
    )


def _there(known: Known) -> Floats:
    """Return for each sum the fen expected to lie there still when a stop lands."""
    sums = known.sums
    lands = known.age_now[:, None] + known.stop_waits()[sums.account]
    until = np.minimum(lands, known.held_since()[:, None])
    share = known.dwells.still(sums.cell[:, None], known.age_base[:, None], until).mean(axis=1)
    return np.asarray(sums.fen * share)


def _informed(known: Known, told: Floats, held: Floats) -> tuple[Floats, Floats]:
    """Return by account the fen a stop would hold that waits for the statement, and how probably it will be sent.

    What stays behind in any case is not what one waits for.
    """
    sums, dwells = known.sums, known.dwells
    had = np.maximum(dwells.surviving(sums.cell, known.age_base), 1e-12)
    stays = np.where(np.isfinite(held), 1.0, dwells.stays(sums.cell) / had)
    lies = np.maximum(dwells.still(sums.cell, known.age_base, told) - stays, 0.0)
    wait = known.of_sums(np.median(known.stop_waits(), axis=1))
    later = np.maximum(dwells.still(sums.cell, known.age_base, told + wait) - stays, 0.0)
    none = np.exp(known.total(np.log1p(-np.minimum(lies, 0.999))))
    return known.total(sums.fen * later), 1 - none


def _behind(known: Known, chain: Chain, until: Floats, told: Floats) -> Floats:
    """Return for each sum what a statement lets one save further on, of what leaves by ``until`` and has left."""
    sums, age = known.sums, known.age_base
    until, told = np.maximum(until, age), np.maximum(told, age)
    future = chain.behind(sums.cell, sums.tier, sums.fen, age, until, told)
    if not sums.gone.any():
        return future
    zero = np.zeros(len(sums))
    left = 1 - known.dwells.still(sums.cell, zero, age)
    past = chain.behind(sums.cell, sums.tier, sums.gone, zero, age, told)
    return np.asarray(future + np.divide(past, left, out=zero, where=left > 1e-9))


def _left(known: Known, until: Floats) -> Floats:
    """Return for each sum the fen that will have left it unseen."""
    sums = known.sums
    until = np.maximum(until, known.age_base)
    return np.asarray(sums.gone + sums.fen * (1 - known.dwells.still(sums.cell, known.age_base, until)))


def _sent_stop(known: Known) -> Floats:
    """Return the age of each sum at which a stop on its way will hold; infinite where none is."""
    wait = np.where(np.isnan(known.stop_sent), np.inf, known.stop_wait())
    return np.asarray(known.age_now + known.of_sums(wait))


def _stop_done(known: Known) -> Floats:
    failed = np.array([one.failed_share for one in known.stop_speed])
    unnamed = np.array([0.0 if one.name else known.prior.unnamed_refused for one in known.accounts])
    return np.asarray(1 - np.minimum(failed + unnamed, 1.0))


def _chain_of(known: Known) -> Chain:
    means = known.situation.means
    stop = means.minutes_stop + float(np.median([one.median_minutes for one in known.stop_speed]))
    ask = means.minutes_ask + float(np.median([one.median_minutes for one in known.ask_speed]))
    same = replace(
        means, queries_left=None, queries_most=0
    )  # how many are left changes with each that is sent
    return _chain(_Ground(known.prior), same, round(stop, 1), round(ask, 1))


@dataclass(frozen=True, slots=True)
class _Ground:
    """A prior as the key of a cache: equal where it is the same object."""

    prior: Prior

    def __hash__(self) -> int:
        return id(self.prior)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ground) and other.prior is self.prior


@lru_cache(maxsize=64)
def _chain(ground: _Ground, means: Means, stop_wait: float, ask_wait: float) -> Chain:
    return Chain(ground.prior, Dwells(ground.prior.dwell), means, stop_wait, ask_wait)
