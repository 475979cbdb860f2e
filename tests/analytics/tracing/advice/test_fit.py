"""What closed cases teach, checked on cases whose lesson is known beforehand."""

import json
from collections.abc import Sequence
from dataclasses import replace
from math import erf, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rongdun.analytics.tracing.advice as package
from rongdun.analytics.tracing.advice.dwell import AGES, Dwells
from rongdun.analytics.tracing.advice.fit import Closed, as_toml, fit, learnt_speed, observed_sums
from rongdun.analytics.tracing.advice.learnt import kept_of, with_kept
from rongdun.analytics.tracing.advice.model import MINUTE, Speed
from rongdun.analytics.tracing.advice.prior import BELIEVED, BadPrior, Prior, cell_of, load_prior
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.model import Bounds, Kind, Rule
from tests.analytics.tracing.hand import Move, case, seed

SHIPPED = Path(package.__file__).with_name("prior.toml")
FEN = 1_000_000


def closed(
    moves: Sequence[Move], until: int, confirmed: dict[str, int] | None = None, own: int = 0
) -> Closed:
    """Tell a case by hand whose accounts all have statements until minute ``until``; A has ``own`` fen before."""
    told = case(*moves, as_of=until, opening={"A": own} if own else None)
    found = {rule: attribute(told.ledger, told.arrivals, rule, Bounds()) for rule in BELIEVED}
    by_key = {}
    for letter, fen in (confirmed or {}).items():
        place = told.names.index(letter)
        by_key[told.ledger.accounts.institution[place], told.ledger.accounts.number[place]] = fen
    return Closed(sub=told.ledger, found=found, confirmed=by_key)


def there_after(minutes: float, table: Sequence[float]) -> float:
    return float(Dwells([table]).surviving(np.array([0]), np.array([minutes]))[0])


def test_with_no_cases_the_prior_comes_out_as_it_went_in() -> None:
    prior = load_prior()
    same = fit([], prior)
    assert np.allclose(same.dwell, prior.dwell, atol=1e-9)
    assert dict(same.rules) == pytest.approx(dict(prior.rules))
    assert list(same.exit_share) == pytest.approx(list(prior.exit_share))


def test_money_that_always_moves_on_after_an_hour_is_learnt() -> None:
    """Two hundred sums lie exactly an hour in the first account: half an hour in they are there, after two not."""
    moves = [seed("W", "A", FEN, 0), Move("A", "B", FEN, 60)]
    learnt = fit([closed(moves, 600)] * 200, load_prior())
    first = learnt.dwell[cell_of(1, Kind.PERSONAL)]
    assert there_after(30, first) > 0.8
    assert there_after(120, first) < 0.2


def test_money_still_there_counts_only_as_far_as_it_was_seen() -> None:
    """Seen for ten minutes and still there: nothing is learnt of what happens after an hour but by what was before."""
    prior = load_prior()
    learnt = fit([closed([seed("W", "A", FEN, 0), Move("B", "C", 1, 0)], 10)] * 300, prior)
    before, after = (each.dwell[cell_of(1, Kind.PERSONAL)] for each in (prior, learnt))
    assert there_after(8, after) > 0.8
    ratio = there_after(600, after) / there_after(60, after)
    assert ratio == pytest.approx(there_after(600, before) / there_after(60, before), rel=0.01)


def test_one_case_changes_little_and_many_much() -> None:
    moves = [seed("W", "A", FEN, 0), Move("A", "B", FEN, 60)]

    def at_half_an_hour(cases: int) -> float:
        return there_after(
            30, fit([closed(moves, 600)] * cases, load_prior()).dwell[cell_of(1, Kind.PERSONAL)]
        )

    none, few, many = (at_half_an_hour(cases) for cases in (0, 2, 400))
    assert none < few < many
    assert few - none < many - few


def flat(strength: float = 40.0) -> Prior:
    """Assume that all is there for half an hour, and half of it for good."""
    shipped = load_prior()
    row = [1.0 if age < 30 else 0.5 for age in AGES]
    return replace(
        shipped, dwell=[row] * len(shipped.dwell), strength=replace(shipped.strength, dwell=strength)
    )


def test_shares_are_shrunk_as_by_hand() -> None:
    """Sixty sums all leave at the age at which the prior has half of them leave, and weighs as forty.

    All kinds: (60 + 40 × 0.5) / (60 + 40) = 0.8 leave, 0.2 stay; personal ones are shrunk to that once more:
    (60 + 40 × 0.8) / (60 + 40) = 0.92 leave. Of companies nothing was seen: what all kinds do.
    """
    age = float(next(age for age in AGES if age >= 30))
    leaves = int(age * MINUTE)
    told = closed([seed("W", "A", FEN, 0), Move("A", "B", FEN, 1)], 600)
    moved = replace(told.sub.transfers, time=np.array([0, leaves], np.int64))
    learnt = fit([replace(told, sub=replace(told.sub, transfers=moved))] * 60, flat())
    personal, company = (learnt.dwell[cell_of(1, kind)] for kind in (Kind.PERSONAL, Kind.CORPORATE))
    assert (there_after(20, personal), there_after(600, personal)) == pytest.approx((1.0, 0.08))
    assert there_after(600, company) == pytest.approx(0.2)


def test_what_happens_once_a_stop_holds_the_account_tells_nothing_of_mules() -> None:
    """Stopped after twenty minutes, paid back after an hour: no more is learnt than that it lay there until then."""
    told = closed([seed("W", "A", FEN, 0), Move("A", "B", FEN, 60)], 600)
    accounts = told.sub.accounts
    place = accounts.number.index("6200A")
    held = {(accounts.institution[place], "6200A"): 20 * MINUTE}
    before = load_prior()
    after = fit([replace(told, held_at=held)] * 300, before)
    was, now = (one.dwell[cell_of(1, Kind.PERSONAL)] for one in (before, after))
    assert there_after(15, now) > 0.9
    ratio = there_after(600, now) / there_after(60, now)
    assert ratio == pytest.approx(there_after(600, was) / there_after(60, was), rel=0.01)


def test_slower_mules_than_assumed_are_learnt_case_by_case() -> None:
    """Money lies for a lognormal time of median 45 minutes: what is learnt goes from the prior towards that."""
    rng = np.random.default_rng(7)
    truth = 0.5 * (1 - erf(log(30 / 45) / (0.8 * sqrt(2))))
    waits = np.maximum(45 * np.exp(0.8 * rng.standard_normal(250)), 1).astype(int).tolist()
    world = [closed([seed("W", "A", FEN, 0), Move("A", "B", FEN, wait)], 6000) for wait in waits]
    prior = load_prior()
    off = [
        abs(there_after(30, fit(world[:count], prior).dwell[cell_of(1, Kind.PERSONAL)]) - truth)
        for count in (0, 25, 250)
    ]
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.12 < 0.5 < off[0]


def test_what_was_confirmed_is_compared_with_what_a_rule_left_at_that_moment() -> None:
    """30,000 of the holder's own lay there; by FIFO 30,000 of W's stay until they are paid back in minute 90.

    A freeze confirmed them in minute 30: FIFO alone says so, by hand (7.5 + 60) / (30 + 60).
    """
    moves = [seed("W", "A", 10_000_000, 10), Move("A", "B", 10_000_000, 20), Move("A", "W", 3_000_000, 90)]
    told = closed(moves, 600, {"A": 3_000_000}, own=3_000_000)
    then = replace(told, confirmed_at=dict.fromkeys(told.confirmed, 30 * MINUTE))
    learnt = fit([then] * 60, load_prior())
    assert learnt.rules[Rule.FIFO] == pytest.approx(67.5 / 90)
    assert observed_sums(told) == 3, "to A, on to B, and what FIFO has paid back to W"


def test_what_is_kept_is_read_back_and_nothing_else_is() -> None:
    prior = load_prior()
    learnt = fit([closed([seed("W", "A", FEN, 0), Move("A", "B", FEN, 60)], 600)] * 20, prior)
    kept = json.loads(json.dumps(kept_of(learnt)))
    again = with_kept(prior, kept)
    assert np.allclose(again.dwell, learnt.dwell, atol=1e-5)
    assert dict(again.rules) == pytest.approx(dict(learnt.rules), abs=1e-5)
    assert again.innocent == prior.innocent
    rising = [[0.5, 0.6, *row[2:]] for row in kept["dwell"]]
    changes: list[dict[str, Any]] = [
        {"dwell": rising},
        {"exit_share": [2.0] * 8},
        {"fan": []},
        {"rules": {"fifo": 1}},
    ]
    for wrong in ({}, *({**kept, **change} for change in changes)):
        with pytest.raises(BadPrior):
            with_kept(prior, wrong)


def test_the_rule_that_says_what_was_confirmed_is_believed_more() -> None:
    """A holds 30,000 of its own, gets 100,000 of W's and pays 100,000 on.

    By LIFO nothing of W's is left, by FIFO 30,000: where nothing was confirmed, LIFO gains and FIFO loses.
    """
    moves = [seed("W", "A", 10_000_000, 10), Move("A", "B", 10_000_000, 20)]
    learnt = fit([closed(moves, 600, {"A": 0}, own=3_000_000)] * 60, load_prior())
    assert learnt.rules[Rule.LIFO] > 0.3 > learnt.rules[Rule.FIFO]
    assert sum(learnt.rules.values()) == pytest.approx(1.0)


def test_a_bank_that_answers_in_two_minutes_is_learnt_slowly_then_surely() -> None:
    prior = Speed(median_minutes=6.0, sigma=0.6, failed_share=0.06)
    few, many = learnt_speed([2.0] * 2, 0, prior, 8.0), learnt_speed([2.0] * 200, 0, prior, 8.0)
    assert 6.0 > few.median_minutes > many.median_minutes > 2.0
    assert many.median_minutes == pytest.approx(2.0, rel=0.1)
    assert learnt_speed([], 0, prior, 8.0).median_minutes == pytest.approx(6.0)
    assert learnt_speed([6.0] * 20, 20, prior, 8.0).failed_share > 0.3


def test_what_was_learnt_is_read_back_from_its_file(tmp_path: Path) -> None:
    learnt = fit([closed([seed("W", "A", FEN, 0), Move("A", "B", FEN, 60)], 600)] * 20, load_prior())
    file = tmp_path / "learnt.toml"
    file.write_text(as_toml(learnt, SHIPPED.read_text(encoding="utf-8")), encoding="utf-8")
    again = load_prior(file)
    assert np.allclose(again.dwell, learnt.dwell, atol=1e-4)
    assert dict(again.rules) == pytest.approx(dict(learnt.rules), abs=1e-3)
    assert len(again.dwell[0]) == len(AGES)
