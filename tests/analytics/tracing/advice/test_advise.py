"""Advice as an officer would judge it: what is fresh and large first, nothing twice, innocents left alone."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.tracing.advice.advise import advise
from rongdun.analytics.tracing.advice.dwell import AGES, Dwell, Dwells, normal_cdf
from rongdun.analytics.tracing.advice.model import (
    MINUTE,
    Action,
    Arrival,
    KnownAccount,
    Means,
    Pending,
    Situation,
    Speed,
    Suggestion,
)
from rongdun.analytics.tracing.advice.prior import BELIEVED, BadPrior, load_prior
from rongdun.analytics.tracing.model import Kind, Rule

NOW = 1_740_800_000_000_000
YUAN = 100
BANK = "演示榕江银行"


def sum_of(minutes_ago: float, yuan: int, **by_rule: int) -> Arrival:
    """Money of victims that came so long ago; ``fifo=…`` where the rules differ."""
    tainted = {rule: by_rule.get(rule.value, yuan) * YUAN for rule in BELIEVED}
    return Arrival(time=NOW - round(minutes_ago * MINUTE), fen=yuan * YUAN, tainted=tainted)


def account(number: str, *sums: Arrival, **more: Any) -> KnownAccount:
    return KnownAccount(**{"institution": BANK, "number": number, "name": "演示户", "arrivals": sums} | more)


def told(*accounts: KnownAccount, **more: Any) -> list[Suggestion]:
    return advise(Situation(now=NOW, accounts=accounts, **more), load_prior())


def of(found: Sequence[Suggestion], action: Action, number: str) -> list[Suggestion]:
    return [one for one in found if one.action is action and one.number == number]


def expected(*accounts: KnownAccount, action: Action = Action.STOP, **more: Any) -> int:
    return sum(one.expected_fen for one in of(told(*accounts, **more), action, "A"))


def test_the_normal_distribution_is_that_of_the_books() -> None:
    points = np.linspace(-6, 6, 241)
    exact = [0.5 * math.erfc(-x / math.sqrt(2)) for x in points]
    assert np.abs(normal_cdf(points) - exact).max() < 2e-7


def test_half_of_what_moves_on_is_gone_at_the_median() -> None:
    """By hand: 4 % stay for good; of the 96 % one in ten is parked and still there, half of the rest is gone."""
    dwell = Dwell(
        median_minutes=4,
        sigma=1,
        parked_share=0.1,
        parked_median_minutes=1e6,
        parked_sigma=0.1,
        stays_share=0.04,
    )
    half = 0.04 + 0.96 * (0.1 + 0.9 * 0.5)
    assert dwell.surviving(np.array([4.0])).tolist() == pytest.approx([half], abs=1e-6)
    tables = Dwells([dwell.surviving(AGES).tolist()])
    there = tables.surviving(np.array([0, 0]), np.array([0.0, 4.0]))
    assert there.tolist() == pytest.approx([1.0, half], abs=0.01)


def test_with_nothing_known_one_waits() -> None:
    (only,) = told()
    assert only.action is Action.WAIT and only.why[0] and only.why[1]


def test_what_came_just_now_is_stopped_before_what_came_long_ago() -> None:
    found = told(account("old", sum_of(600, 50_000)), account("new", sum_of(2, 50_000)))
    stops = [one.number for one in found if one.action is Action.STOP]
    assert stops == ["new", "old"]


def test_more_is_expected_of_a_quick_bank_than_of_a_slow_one() -> None:
    quick = Speed(median_minutes=2, sigma=0.4, failed_share=0.02)
    slow = Speed(median_minutes=40, sigma=0.4, failed_share=0.02)
    one = account("A", sum_of(3, 80_000))
    assert expected(one, stop_speed={BANK: quick}) > 2 * expected(one, stop_speed={BANK: slow})


def test_never_more_is_expected_than_came() -> None:
    one = account("A", sum_of(0, 30_000))
    assert 0 < expected(one) <= 30_000 * YUAN
    assert expected(one, action=Action.ASK) <= 30_000 * YUAN


def test_an_order_on_its_way_is_not_advised_again() -> None:
    one = account("A", sum_of(3, 80_000))
    sent = [
        Pending(action=action, institution=BANK, number="A", sent_at=NOW)
        for action in (Action.STOP, Action.ASK)
    ]
    assert [found.action for found in told(one, pending=sent)] == [Action.WAIT]


def test_a_stopped_account_is_not_stopped_again_until_the_stop_runs_out() -> None:
    def stops(hours_left: float) -> list[Suggestion]:
        until = NOW + round(hours_left * 60 * MINUTE)
        one = account("A", sum_of(60 * 47, 80_000), stopped_until=until, stops_used=1)
        return of(told(one), Action.STOP, "A")

    assert not stops(30)
    assert stops(2)


def test_a_third_stop_of_one_account_is_never_advised() -> None:
    one = account("A", sum_of(3, 80_000), stops_used=2)
    assert not of(told(one), Action.STOP, "A")


def empty(number: str, yuan: int) -> KnownAccount:
    """An account that was emptied: where the money went is worth a question, a stop is not."""
    return account(number, sum_of(20, yuan), balance_fen=0, balance_at=NOW)


def test_no_more_questions_are_advised_than_may_be_sent_and_the_best_of_them() -> None:
    three = [empty("small", 40_000), empty("large", 90_000), empty("middle", 60_000)]

    def asked(left: int | None) -> tuple[list[str], list[str]]:
        found = told(*three, means=Means(queries_left=left, queries_most=500))
        numbers = [one.number for one in found if one.action is Action.ASK]
        return numbers, [one.why[0] for one in found if one.action is Action.WAIT]

    assert asked(None) == asked(3) == (["large", "middle", "small"], [])
    numbers, said = asked(2)
    assert numbers == ["large", "middle"]
    assert said == ["今日调单上限 500 份，还可发 2 份；另有 1 户值得调流水，不再建议"]
    numbers, said = asked(0)
    assert numbers == [] and "另有 3 户" in said[0]


def test_where_nothing_may_be_asked_a_stop_counts_on_its_own() -> None:
    """A statement would have told whether the stop pays: without one it is worth no less, and is still advised."""
    one = account("A", sum_of(3, 80_000))
    free, spent = (told(one, means=Means(queries_left=left, queries_most=500)) for left in (None, 0))
    (before,), (after,) = (of(found, Action.STOP, "A") for found in (free, spent))
    assert of(free, Action.ASK, "A") and not of(spent, Action.ASK, "A")
    assert after.expected_fen >= before.expected_fen
    assert spent[-1].action is Action.WAIT and not spent[-1].number


def test_the_line_on_queries_stands_within_what_is_asked_for() -> None:
    many = [account(str(number), sum_of(3, 80_000)) for number in range(8)]
    situation = Situation(now=NOW, accounts=many, means=Means(queries_left=0, queries_most=500))
    found = advise(situation, load_prior(), most=5)
    assert [one.action for one in found] == [Action.STOP] * 4 + [Action.WAIT]


def test_an_empty_account_is_asked_not_stopped() -> None:
    one = account("A", sum_of(20, 80_000), balance_fen=0, balance_at=NOW)
    found = told(one)
    assert not of(found, Action.STOP, "A")
    assert of(found, Action.ASK, "A")


def test_a_balance_of_exactly_what_came_says_it_is_still_there() -> None:
    unsure = account("A", sum_of(60, 80_000))
    sure = account("A", sum_of(60, 80_000), balance_fen=80_000 * YUAN, balance_at=NOW)
    assert expected(sure) > 3 * expected(unsure)


def test_a_statement_until_now_that_shows_the_money_beats_hope() -> None:
    hoped = account("A", sum_of(60, 80_000))
    seen = account("A", sum_of(60, 80_000), observed_until=NOW, left=dict.fromkeys(BELIEVED, 80_000 * YUAN))
    gone = account("A", sum_of(60, 80_000), observed_until=NOW, left=dict.fromkeys(BELIEVED, 0))
    assert expected(seen) > expected(hoped) > expected(gone) == 0


def test_a_statement_just_read_that_shows_the_money_leads_to_a_stop_not_to_another_question() -> None:
    seen = account("A", sum_of(10, 40_000), observed_until=NOW, left=dict.fromkeys(BELIEVED, 40_000 * YUAN))
    found = told(seen, means=Means(ask_again_minutes=5.0))
    assert [one.action for one in found] == [Action.STOP]


def test_rules_that_differ_are_mixed() -> None:
    def one(**by_rule: int) -> int:
        left = {rule: by_rule.get(rule.value, 0) * YUAN for rule in BELIEVED}
        return told(account("A", sum_of(10, 40_000), observed_until=NOW, left=left))[0].expected_fen

    assert (
        0 < one(lifo=40_000) < one(lifo=40_000, fifo=40_000) < one(lifo=40_000, fifo=40_000, pro_rata=40_000)
    )


@pytest.mark.parametrize("kind", [Kind.MERCHANT, Kind.SALARY, Kind.PLATFORM])
def test_a_shop_with_much_money_of_its_own_is_left_alone(kind: Kind) -> None:
    shop = account(
        "A", Arrival(time=NOW, fen=200 * YUAN, tainted=dict.fromkeys(BELIEVED, 200 * YUAN)), kind=kind,
        balance_fen=90_000 * YUAN, balance_at=NOW,
    )  # fmt: skip
    assert not of(told(shop), Action.STOP, "A")


def test_a_shared_account_is_neither_stopped_nor_asked() -> None:
    assert [one.action for one in told(account("A", sum_of(3, 80_000), hub=True))] == [Action.WAIT]


def test_a_way_out_is_alerted_while_it_is_fresh() -> None:
    fresh = told(account("A", sum_of(2, 80_000), kind=Kind.PAYMENT))
    assert [one.action for one in fresh] == [Action.ALERT]
    late = told(account("A", sum_of(600, 80_000), kind=Kind.PAYMENT))
    assert [one.action for one in late] == [Action.WAIT]


def test_every_line_says_why_in_both_languages_with_a_figure() -> None:
    found = told(account("A", sum_of(3, 80_000)), account("B", sum_of(1, 80_000), kind=Kind.CRYPTO, tier=3))
    assert {one.action for one in found} == {Action.STOP, Action.ASK, Action.ALERT}
    for one in found:
        for line in (*one.why, *one.change):
            assert line and "\n" not in line and any(sign.isdigit() for sign in line)


def test_a_file_that_is_no_prior_is_refused(tmp_path: Any) -> None:
    wrong = tmp_path / "prior.toml"
    wrong.write_text("source = 1", encoding="utf-8")
    with pytest.raises(BadPrior):
        load_prior(wrong)


sums = st.builds(sum_of, st.floats(0, 5000), st.integers(1, 500_000))
accounts = st.lists(
    st.builds(
        lambda arrivals, tier, kind, balance, seen: account(
            "A", *arrivals, tier=tier, kind=kind, balance_fen=balance, balance_at=NOW - MINUTE,
            observed_until=NOW - 30 * MINUTE if seen else 0, left={Rule.FIFO: 100 * YUAN},
        ),
        st.lists(sums, max_size=4), st.integers(1, 12), st.sampled_from(Kind), st.none() | st.integers(0, 10**9),
        st.booleans(),
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(accounts)
def test_whatever_is_known_the_same_is_said_twice_and_the_best_stands_first(
    known: list[KnownAccount],
) -> None:
    numbered = [account(str(at), *one.arrivals, tier=one.tier, kind=one.kind, balance_fen=one.balance_fen,
                        balance_at=one.balance_at, observed_until=one.observed_until, left=one.left)
                for at, one in enumerate(known)]  # fmt: skip
    found = told(*numbered)
    assert found == told(*numbered)
    assert found
    rates = [one.fen_per_minute for one in found]
    assert rates == sorted(rates, reverse=True)
    came = sum(one.fen for account in numbered for one in account.arrivals) + 100 * YUAN * len(numbered)
    assert all(0 <= one.expected_fen <= came for one in found)
