"""The worked examples of the package's README, reckoned by hand."""

from rongdun.analytics.refunds.apportion import apportion
from rongdun.analytics.refunds.choose import CONTRADICTED, MIXED, NO_STATEMENT, NOT_HERE, choose
from rongdun.analytics.refunds.model import Apportionment, Arrival, Claim, Evidence, Mode

MINUTE = 60_000_000
NINE = 1_772_413_200_000_000
"""9:00 in Shanghai on 2 March 2026."""


def yuan(amount: float) -> int:
    return round(amount * 100)


def reckon(frozen: float, losses: dict[str, float], evidence: Evidence, **returned: float) -> Apportionment:
    claims = [Claim(key, yuan(loss), yuan(returned.get(key, 0))) for key, loss in losses.items()]
    return apportion(yuan(frozen), claims, choose(yuan(frozen), claims, evidence))


def paid(found: Apportionment) -> dict[str, float]:
    return {share.key: share.fen / 100 for share in found.shares}


def came(minute: int, amount: float, **whose: float) -> Arrival:
    carried = {key: yuan(part) for key, part in whose.items()}
    return Arrival(NINE + minute * MINUTE, yuan(amount), carried)


UNKNOWN = Evidence()


def test_one_record_goes_straight_back() -> None:
    found = reckon(8_200, {"王": 10_000}, Evidence(True, [came(0, 10_000, 王=10_000)], {"王": yuan(8_200)}))
    assert (found.mode, paid(found), found.leftover_fen) == (Mode.SINGLE, {"王": 8_200}, 0)


def test_interest_stays_frozen() -> None:
    found = reckon(10_003.15, {"王": 10_000}, Evidence(True, [came(0, 10_000, 王=10_000)]))
    assert (paid(found), found.leftover_fen) == ({"王": 10_000}, 315)


def test_time_stamps_tell_whose_money_is_left() -> None:
    seen = Evidence(
        True, [came(0, 30_000, 王=30_000), came(20, 20_000, 李=20_000)], {"王": 0, "李": yuan(20_000)}
    )
    found = reckon(20_000, {"王": 30_000, "李": 20_000}, seen)
    assert (found.mode, paid(found)) == (Mode.BY_TIME, {"王": 0, "李": 20_000})


def test_pro_rata_over_the_losses_with_both_denominators() -> None:
    found = reckon(50_000, {"王": 60_000, "李": 30_000, "赵": 10_000}, UNKNOWN)
    assert (found.mode, found.why) == (Mode.PRO_RATA, NO_STATEMENT)
    assert paid(found) == {"王": 30_000, "李": 15_000, "赵": 5_000}
    assert (found.verified_fen, found.frozen_fen) == (yuan(100_000), yuan(50_000))


def test_a_fen_left_over_goes_to_one() -> None:
    assert paid(reckon(100, {"1": 100, "2": 100, "3": 100}, UNKNOWN)) == {"1": 33.34, "2": 33.33, "3": 33.33}


def test_fen_left_over_go_to_the_largest_fractions() -> None:
    assert paid(reckon(0.10, {"a": 0.70, "b": 0.20, "c": 0.17}, UNKNOWN)) == {"a": 0.06, "b": 0.02, "c": 0.02}


def test_nobody_gets_more_than_the_loss() -> None:
    found = reckon(120_000, {"王": 60_000, "李": 30_000}, UNKNOWN)
    assert (paid(found), found.leftover_fen) == ({"王": 60_000, "李": 30_000}, yuan(30_000))


def test_a_remainder_larger_than_a_loss_breaks_no_cap() -> None:
    found = reckon(0.99, {f"{number:03d}": 0.01 for number in range(100)}, UNKNOWN)
    assert sorted(share.fen for share in found.shares) == [0] + [1] * 99


def test_what_is_traced_goes_first_and_one_moment_is_shared() -> None:
    seen = Evidence(
        True,
        [came(0, 10_000, 王=10_000), came(30, 6_000, 李=6_000), came(30, 3_000, 赵=3_000)],
        {"王": yuan(10_000), "李": yuan(3_000), "赵": yuan(3_000)},
    )
    found = reckon(16_000, {"王": 10_000, "李": 6_000, "赵": 3_000}, seen)
    assert (found.mode, found.why) == (Mode.PRO_RATA, MIXED)
    assert paid(found) == {"王": 10_000, "李": 4_000, "赵": 2_000}
    assert [share.mode.value for share in found.shares] == ["B", "C", "C"]


def test_one_moment_that_is_whole_needs_no_sharing() -> None:
    seen = Evidence(
        True,
        [came(30, 6_000, 李=6_000), came(30, 3_000, 赵=3_000)],
        {"李": yuan(6_000), "赵": yuan(3_000)},
    )
    assert reckon(9_000, {"李": 6_000, "赵": 3_000}, seen).mode is Mode.BY_TIME


def test_a_trace_that_contradicts_the_bank_is_not_relied_on() -> None:
    seen = Evidence(
        True,
        [came(0, 8_000, 王=8_000), came(1, 4_000, 李=4_000)],
        {"王": yuan(8_000), "李": yuan(4_000)},
    )
    found = reckon(9_000, {"王": 8_000, "李": 4_000}, seen)
    assert (found.why, paid(found)) == (CONTRADICTED, {"王": 6_000, "李": 3_000})


def test_money_that_is_gone_by_time_stamp_is_not_traced() -> None:
    seen = Evidence(True, [came(0, 8_000, 王=8_000), came(1, 4_000)], {"王": 0})
    assert reckon(4_000, {"王": 8_000}, seen).why == NOT_HERE


def test_a_later_victim_shares_what_comes_later() -> None:
    first = reckon(30_000, {"王": 60_000, "李": 40_000}, UNKNOWN)
    assert paid(first) == {"王": 18_000, "李": 12_000}
    second = reckon(6_000, {"王": 60_000, "李": 40_000, "赵": 28_000}, UNKNOWN, **paid(first))
    assert paid(second) == {"王": 2_571.43, "李": 1_714.29, "赵": 1_714.28}
