"""What a victim reports is the transfer the bank shows, once; what the bank does not show is assumed and says so."""

import numpy as np

from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.model import End, Rule, Seed
from rongdun.analytics.tracing.seeds import place
from tests.analytics.tracing.hand import MINUTE, WIDE, Move, case

BANK = "榕城示范银行"
LEDGER = case(
    Move("", "A", 100, 10), Move("", "A", 100, 20), Move("A", "B", 150, 30), opening={}, as_of=1_000
).ledger


def reported(victim: str, minute: int, fen: int = 100, account: str = "6200A", bank: str = BANK) -> Seed:
    return Seed(victim, bank, account, fen, minute * MINUTE)


def test_a_seed_is_the_nearest_transfer_of_its_amount() -> None:
    ledger, arrivals = place(LEDGER, [reported("王", 18)])
    assert len(ledger.transfers) == 3, "not one more"
    assert arrivals.transfer.tolist() == [1] and not arrivals.assumed.any()


def test_a_transfer_serves_one_seed_and_the_nearest_pair_is_joined_first() -> None:
    _, arrivals = place(LEDGER, [reported("王", 12), reported("李", 11)])
    brought = dict(zip(arrivals.victim.tolist(), arrivals.transfer.tolist(), strict=True))
    assert [arrivals.victims[at] for at in (0, 1)] == ["王", "李"]
    assert brought == {1: 0, 0: 1}, "李 is one minute from the first, 王 has the second"


def test_a_third_report_of_the_same_amount_is_one_more_arrival() -> None:
    ledger, arrivals = place(LEDGER, [reported("王", 10), reported("李", 20), reported("陈", 15)])
    assert arrivals.assumed.tolist() == [False, True, False]
    assert ledger.transfers.books[arrivals.transfer].tolist() == [3, 0, 3]
    assert ledger.transfers.time.tolist() == [10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE]
    assert ledger.transfers.row.tolist() == [0, -1, 1, 2]


def test_beyond_the_tolerance_or_of_another_amount_it_is_assumed() -> None:
    for seed in (reported("王", 51), reported("王", 10, fen=101)):
        _, arrivals = place(LEDGER, [seed])
        assert arrivals.assumed.tolist() == [True]
    _, arrivals = place(LEDGER, [reported("王", 50)])
    assert arrivals.assumed.tolist() == [False], "thirty minutes are within"


def test_the_institution_may_be_left_out_or_written_otherwise() -> None:
    for bank in ("", "榕城示范银行股份有限公司"):
        _, arrivals = place(LEDGER, [reported("王", 10, bank=bank)])
        assert arrivals.transfer.tolist() == [0]


def test_money_into_an_account_nobody_has_seen_is_at_the_frontier() -> None:
    ledger, arrivals = place(LEDGER, [reported("王", 12, account="6299Z")])
    found = attribute(ledger, arrivals, Rule.FIFO, WIDE)
    assert ledger.accounts.number[-1] == "6299Z" and not ledger.accounts.observed[-1]
    assert found.holdings.end.tolist() == [End.FRONTIER] and found.totals.frontier_fen == 100


def test_an_assumed_arrival_comes_before_what_leaves_in_its_moment() -> None:
    ledger, arrivals = place(LEDGER, [reported("王", 30, fen=7)])
    found = attribute(ledger, arrivals, Rule.LIFO, WIDE)
    assert found.shares.fen.tolist() == [7, 7] and found.totals.seeds_fen == 7


def test_a_caller_that_knows_the_account_says_so() -> None:
    _, arrivals = place(LEDGER, [reported("王", 10, account="别名卡号")], at=np.array([0]))
    assert arrivals.transfer.tolist() == [0]


def test_what_has_not_happened_yet_is_left_out() -> None:
    _, arrivals = place(LEDGER, [reported("王", 5_000)])
    assert len(arrivals.transfer) == 0
