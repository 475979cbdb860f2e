"""What closed cases teach, checked on cases whose lesson is known beforehand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import rongdun.analytics.tracing.advice as package
from rongdun.analytics.tracing.advice.dwell import AGES, Dwells
from rongdun.analytics.tracing.advice.fit import Closed, as_toml, fit, learnt_speed
from rongdun.analytics.tracing.advice.model import Speed
from rongdun.analytics.tracing.advice.prior import BELIEVED, cell_of, load_prior
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
