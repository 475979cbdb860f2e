"""Worked examples, reckoned by hand; the package's README shows the same. Amounts in fen, time in minutes."""

from typing import Any

import pytest

from rongdun.analytics.tracing import reference
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.model import HOUR, Attribution, Bounds, End, Kind, Rule
from tests.analytics.tracing.hand import MINUTE, WIDE, Case, Move, case, seed

FIFO, LIFO, PRO_RATA, WINDOW, POISON = Rule


@pytest.fixture(params=[attribute, reference.attribute], ids=["kernel", "reference"])
def by(request: pytest.FixtureRequest) -> Any:
    return request.param


# Pooled: 30 clean lie in A; 王 pays in 100, 李 50; A pays 120 to B.
POOLED = case(
    seed("王", "A", 100, 0), seed("李", "A", 50, 1), Move("A", "B", 120, 2), opening={"A": 30}
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "carried"),
    [
        (FIFO, ["A>B 王 90"]),  # 30 clean, then 90 of 王's 100
        (LIFO, ["A>B 李 50", "A>B 王 70"]),  # the last in first
        # 120/180 of each: 王 66.67, 李 33.33, clean 20; the one fen left over to the largest remainder, 王's
        (PRO_RATA, ["A>B 王 67", "A>B 李 33"]),
        (WINDOW, ["A>B 王 100", "A>B 李 20"]),  # clean money does not count, the oldest first
        (POISON, ["A>B 王 120", "A>B 李 120"]),  # all of it, for each
    ],
)
def test_pooled_victims_and_an_opening_balance(by: Any, rule: Rule, carried: list[str]) -> None:
    found = by(POOLED.ledger, POOLED.arrivals, rule, WIDE)
    assert POOLED.shares(found) == [">A 王 100", ">A 李 50", *carried]


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (FIFO, {"A:王": 10, "A:李": 50, "B:王": 90}),
        (LIFO, {"A:王": 30, "B:李": 50, "B:王": 70}),
        (PRO_RATA, {"A:王": 33, "A:李": 17, "B:王": 67, "B:李": 33}),
        (WINDOW, {"A:李": 30, "B:王": 100, "B:李": 20}),
        (POISON, {"A:王": 60, "A:李": 60, "B:王": 120, "B:李": 120}),
    ],
)
def test_what_is_left_after_a_partial_spend(by: Any, rule: Rule, left: dict[str, int]) -> None:
    assert POOLED.left(by(POOLED.ledger, POOLED.arrivals, rule, WIDE)) == left


def test_without_an_opening_balance_the_first_victim_pays_first(by: Any) -> None:
    made = case(seed("王", "A", 100, 0), seed("李", "A", 50, 1), Move("A", "B", 120, 2))
    assert made.shares(by(made.ledger, made.arrivals, FIFO, WIDE))[2:] == ["A>B 王 100", "A>B 李 20"]


# A received 王 60 then 李 40, paid all of it to B in one transfer, and B pays 50 on.
CHAIN = case(
    seed("王", "A", 60, 0), seed("李", "A", 40, 1), Move("A", "B", 100, 2), Move("B", "C", 50, 3)
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "into", "out"),
    [
        (FIFO, ["A>B 王 60", "A>B 李 40"], ["B>C 王 50"]),
        # LIFO took 李 first, so B queued 李 before 王: the last in at B is 王
        (LIFO, ["A>B 李 40", "A>B 王 60"], ["B>C 王 50"]),
        (PRO_RATA, ["A>B 王 60", "A>B 李 40"], ["B>C 王 30", "B>C 李 20"]),
    ],
)
def test_parts_are_queued_in_the_order_in_which_they_were_taken(
    by: Any, rule: Rule, into: list[str], out: list[str]
) -> None:
    assert CHAIN.shares(by(CHAIN.ledger, CHAIN.arrivals, rule, WIDE))[2:] == into + out


def test_clean_money_keeps_its_place_among_the_parts(by: Any) -> None:
    """A holds 10 clean, then 王 20, then 5 clean: B queues them so, and pays 12: 10 clean and 2 of 王."""
    made = case(
        seed("王", "A", 20, 0), Move("", "A", 5, 1), Move("A", "B", 35, 2), Move("B", "C", 12, 3),
        opening={"A": 10},
    )  # fmt: skip
    assert made.shares(by(made.ledger, made.arrivals, FIFO, WIDE))[1:] == ["A>B 王 20", "B>C 王 2"]
    # LIFO takes 5 clean, 王 20, 10 clean; the last in at B are the 10 clean, then 2 of 王
    assert made.shares(by(made.ledger, made.arrivals, LIFO, WIDE))[1:] == ["A>B 王 20", "B>C 王 2"]


def test_three_victims_share_a_fen_that_cannot_be_split(by: Any) -> None:
    """10 of 30, ten each: 3.33 each; the remainders are equal, the spare fen is the first victim's."""
    made = case(*(seed(victim, "A", 10, 0) for victim in "王李陈"), Move("A", "B", 10, 1))
    assert made.shares(by(made.ledger, made.arrivals, PRO_RATA, WIDE))[3:] == [
        "A>B 王 4",
        "A>B 李 3",
        "A>B 陈 3",
    ]


def test_the_window_lets_old_money_lie(by: Any) -> None:
    """Δ is 30 minutes: 王's money is 40 minutes old when 70 leave, only 李's 50 go along."""
    made = case(seed("王", "A", 100, 0), seed("李", "A", 50, 20), Move("A", "B", 70, 40))
    found = by(made.ledger, made.arrivals, WINDOW, Bounds(delta=30 * MINUTE))
    assert made.left(found) == {"A:王": 100, "B:李": 50}
    patient = by(made.ledger, made.arrivals, WINDOW, Bounds(delta=30 * MINUTE, delta_of={0: HOUR}))
    assert made.left(patient) == {"A:王": 30, "A:李": 50, "B:王": 70}, "Δ of this account is an hour"


def test_money_passes_through_in_one_moment_in_the_order_given(by: Any) -> None:
    made = case(seed("王", "A", 10, 5), Move("A", "B", 10, 5), Move("B", "C", 10, 5))
    assert made.left(by(made.ledger, made.arrivals, FIFO, WIDE)) == {"C:王": 10}


def test_more_goes_out_than_is_there_because_pages_are_missing(by: Any) -> None:
    made = case(seed("王", "A", 10, 0), Move("A", "B", 25, 1), Move("B", "C", 20, 2))
    for rule in (FIFO, LIFO, PRO_RATA):
        found = by(made.ledger, made.arrivals, rule, WIDE)
        assert made.shares(found)[1] == "A>B 王 10", "the other 15 are clean"
        assert found.totals.left_fen == 10


def test_a_cycle_brings_money_back_at_the_end_of_the_queue(by: Any) -> None:
    """王 10 goes A, B, A: it comes back behind the 5 clean that had come meanwhile."""
    made = case(
        seed("王", "A", 10, 0), Move("A", "B", 10, 1), Move("", "A", 5, 2), Move("B", "A", 10, 3), Move("A", "C", 7, 4)
    )  # fmt: skip
    found = by(made.ledger, made.arrivals, FIFO, WIDE)
    assert made.left(found) == {"A:王": 8, "C:王": 2}
    assert found.holdings.tier.tolist() == [1, 2, 2], "A stays tier 1"
    assert found.holdings.in_fen.tolist() == [20, 10, 2]


# Ends


def test_each_end_is_told_and_counted(by: Any) -> None:
    made = case(
        seed("王", "A", 100, 0),
        Move("A", "", 40, 1, End.CASH), Move("A", "", 1, 2, End.FEE), Move("A", "M", 9, 3),
        Move("A", "X", 20, 4), Move("A", "H", 5, 5), Move("A", "K", 5, 6),
        kinds={"M": Kind.MERCHANT, "K": Kind.CRYPTO}, unseen="X", hubs="H",
    )  # fmt: skip
    found = by(made.ledger, made.arrivals, FIFO, WIDE)
    assert made.shares(found)[1:] == [
        "A> 王 40 CASH", "A> 王 1 FEE", "A>M 王 9 CONSUMPTION", "A>X 王 20 FRONTIER", "A>H 王 5 HUB", "A>K 王 5 CRYPTO",
    ]  # fmt: skip
    totals = found.totals
    assert (totals.left_fen, totals.ended_fen, totals.frontier_fen, totals.limit_fen) == (20, 60, 20, 0)
    assert made.ends(found) == {
        "A:王": "RETAINED", "H:王": "HUB", "K:王": "CRYPTO", "M:王": "CONSUMPTION", "X:王": "FRONTIER",
    }  # fmt: skip


def test_an_account_that_was_emptied_says_how(by: Any) -> None:
    made = case(
        seed("王", "A", 100, 0), Move("A", "B", 30, 1), Move("A", "", 60, 2, End.CASH), Move("A", "", 10, 3, End.FEE),
        Move("B", "C", 30, 4),
    )  # fmt: skip
    ends = made.ends(by(made.ledger, made.arrivals, FIFO, WIDE))
    assert ends == {"A:王": "CASH", "B:王": "FOLLOWED", "C:王": "RETAINED"}


def test_deeper_than_asked_and_later_than_asked(by: Any) -> None:
    made = case(
        seed("王", "A", 100, 0), Move("A", "B", 60, 10), Move("B", "C", 50, 20), Move("A", "D", 40, 200)
    )
    found = by(made.ledger, made.arrivals, FIFO, Bounds(depth=2, window=HOUR))
    assert made.shares(found)[1:] == ["A>B 王 60", "B>C 王 50 DEPTH", "A>D 王 40 WINDOW"]
    assert found.totals.limit_fen == 90 and made.left(found) == {"B:王": 10}


def test_the_window_runs_from_a_victims_last_transfer(by: Any) -> None:
    made = case(seed("王", "A", 10, 0), seed("王", "A", 10, 50), Move("A", "B", 15, 100))
    found = by(made.ledger, made.arrivals, FIFO, Bounds(window=HOUR))
    assert made.left(found) == {"A:王": 5, "B:王": 15}


def test_what_lay_there_before_the_first_arrival_is_the_opening_balance(by: Any) -> None:
    """B's first arrival is minute 5: what A paid it in minute 1 is part of its 30, not 7 more."""
    made = case(
        Move("A", "B", 7, 1), seed("王", "A", 10, 2), Move("A", "B", 10, 5), Move("B", "C", 32, 6),
        opening={"A": 7, "B": 30}, since={"A": 0, "B": 5, "C": 6},
    )  # fmt: skip
    assert made.left(by(made.ledger, made.arrivals, FIFO, WIDE)) == {"B:王": 8, "C:王": 2}


# Refunds


def test_a_refund_of_exactly_one_payment_gives_back_what_that_one_carried(by: Any) -> None:
    """X, of which we have no statement, got 10 of 王 and then 20 of 李; it gives 10 back: 王's."""
    made = case(
        seed("王", "A", 10, 0), Move("A", "X", 10, 1), seed("李", "A", 20, 2), Move("A", "X", 20, 3),
        Move("X", "A", 10, 4, refund=True), unseen="X",
    )  # fmt: skip
    found = by(made.ledger, made.arrivals, FIFO, WIDE)
    assert made.left(found) == {"A:王": 10, "X:李": 20}
    assert found.totals.frontier_fen == 20


def test_any_other_refund_is_of_the_latest_payments(by: Any) -> None:
    made = case(
        seed("王", "A", 10, 0), Move("A", "X", 10, 1), seed("李", "A", 20, 2), Move("A", "X", 20, 3),
        Move("X", "A", 25, 4, refund=True), unseen="X",
    )  # fmt: skip
    assert made.left(by(made.ledger, made.arrivals, FIFO, WIDE)) == {"A:王": 5, "A:李": 20, "X:王": 5}


def test_a_shop_gives_back_what_was_spent_there(by: Any) -> None:
    made = case(
        seed("王", "A", 50, 0), Move("A", "", 30, 1, End.CONSUMPTION), Move("", "A", 30, 9, refund=True),
        Move("", "A", 8, 10, refund=True),
    )  # fmt: skip
    found = by(made.ledger, made.arrivals, FIFO, WIDE)
    assert found.totals.left_fen == 50 and found.totals.ended_fen == 0
    assert made.shares(found)[-1] == ">A 王 30", "the 8 match no payment and are clean"


def test_a_refund_from_a_followed_account_takes_that_victims_money_first(by: Any) -> None:
    """B holds 李 40 and, behind it, 王 30 from A. It gives A 30 back: 王's, though 李's would be first out."""
    made = case(
        seed("李", "B", 40, 0), seed("王", "A", 30, 1), Move("A", "B", 30, 2), Move("B", "A", 30, 3, refund=True)
    )  # fmt: skip
    assert made.left(by(made.ledger, made.arrivals, FIFO, WIDE)) == {"A:王": 30, "B:李": 40}


def test_a_refund_of_money_already_gone_is_paid_from_what_is_there(by: Any) -> None:
    """王's 30 went on to C, then 李 paid in 40; the 30 given back can only be 李's."""
    made = case(
        seed("王", "A", 30, 0), Move("A", "B", 30, 1), Move("B", "C", 30, 2), seed("李", "B", 40, 3),
        Move("B", "A", 30, 4, refund=True),
    )  # fmt: skip
    assert made.left(by(made.ledger, made.arrivals, FIFO, WIDE)) == {"A:李": 30, "B:李": 10, "C:王": 30}


def test_a_victims_own_transfer_brings_his_money_alone(by: Any) -> None:
    """李 had been sent 5 of 王's; his 20 are his own, 王's 5 stay with him."""
    made = case(
        seed("王", "A", 50, 0), Move("A", "L", 5, 1), seed("李", "B", 20, 2, payer="L"), opening={"L": 20}
    )  # fmt: skip
    assert made.left(by(made.ledger, made.arrivals, LIFO, WIDE)) == {"A:王": 45, "B:李": 20, "L:王": 5}


def test_dwell_is_the_mean_time_a_fen_lay_there(by: Any) -> None:
    """100 fen come in minute 0, 40 leave in minute 10, the rest lies until minute 20: (40·10 + 60·20) / 100 = 16."""
    made = case(seed("王", "A", 100, 0), Move("A", "", 40, 10, End.CASH), as_of=20)
    rows = by(made.ledger, made.arrivals, FIFO, WIDE).holdings
    assert rows.held[0] / rows.in_fen[0] == 16 * MINUTE
    assert (rows.first_in[0], rows.last_out[0]) == (0, 10 * MINUTE)


def test_amounts_too_large_for_a_plain_product_are_split_exactly(by: Any) -> None:
    """7·10¹⁵ of 9·10¹⁵+1 fen: products of 53 and 53 bits do not fit in 63."""
    big = 3 * 10**15
    made = case(
        seed("王", "A", big, 0), seed("李", "A", 2 * big + 1, 0), seed("陈", "A", big, 0), Move("A", "B", 7 * 10**15, 1)
    )  # fmt: skip
    found = by(made.ledger, made.arrivals, PRO_RATA, WIDE)
    exact = {victim: 7 * 10**15 * fen / (4 * big + 1) for victim, fen in (("王", big), ("李", 2 * big + 1))}
    told = dict(line.split()[1:3] for line in made.shares(found)[3:])
    assert sum(int(fen) for fen in told.values()) == 7 * 10**15
    assert all(abs(int(told[victim]) - fen) <= 1 for victim, fen in exact.items())


def test_several_rules_of_one_case_tell_one_total(by: Any) -> None:
    def total(found: Attribution) -> int:
        sums = found.totals
        return sums.left_fen + sums.ended_fen + sums.frontier_fen + sums.limit_fen

    made: Case = POOLED
    assert {total(by(made.ledger, made.arrivals, rule, WIDE)) for rule in list(Rule)[:4]} == {150}
