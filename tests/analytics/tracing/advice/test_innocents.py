"""Prevents a stop that costs innocents more of their own money than it saves victims, and one put off in silence."""

from typing import Any

import pytest

from rongdun.analytics.tracing.advice.innocents import harm_of
from rongdun.analytics.tracing.advice.known import Known
from rongdun.analytics.tracing.advice.model import Action, KnownAccount, Means, Pending, Situation
from rongdun.analytics.tracing.advice.prior import BELIEVED, load_prior
from rongdun.analytics.tracing.model import Kind
from tests.analytics.tracing.advice.test_advise import BANK, NOW, YUAN, account, of, sum_of, told

JUST_READ = Means(ask_again_minutes=5.0)


def seen(yuan: int, balance: int, **more: Any) -> KnownAccount:
    """An account whose statement until now shows so much of victims' money left, in a balance of so much."""
    left = dict.fromkeys(BELIEVED, yuan * YUAN)
    return account(
        "A", sum_of(60, yuan), observed_until=NOW, left=left, balance_fen=balance * YUAN, balance_at=NOW, **more
    )  # fmt: skip


def test_a_shop_that_sold_something_is_told_not_stopped_and_the_officer_reads_why() -> None:
    """By hand: 98 % of shops are innocent and have 50,000 yuan of their own, 49,000 against 2 % of 50,000."""
    found = told(account("A", sum_of(5, 50_000), kind=Kind.MERCHANT))
    [alert] = found
    assert alert.action is Action.ALERT
    assert "暂不止付" in alert.why[0] and "98%" in alert.why[0] and "50,000.00" in alert.why[0]
    assert "not stopped for now" in alert.why[1] and "\n" not in "".join(alert.why)


@pytest.mark.parametrize(
    ("own", "stopped"), [(0, True), (60_000, True), (400_000, False), (2_000_000, False)]
)
def test_a_persons_own_money_is_weighed_against_what_a_stop_saves(own: int, stopped: bool) -> None:
    """By hand: 3 % of holders are innocent. 3 % of 60,000 is 1,800 yuan, of 400,000 12,000, against at most 10,000."""
    found = told(seen(10_000, 10_000 + own), means=JUST_READ)
    assert bool(of(found, Action.STOP, "A")) == stopped
    if not stopped:
        [only] = found
        assert (only.action, only.number, only.expected_fen) == (Action.WAIT, "A", 0)
        assert "暂不止付" in only.why[0] and f"{own:,}.00" in only.why[0]
        assert f"{own:,}.00 yuan of his own by its balance" in only.why[1]
        assert only.change[0].endswith("则止付")


def test_where_the_balance_is_not_known_it_is_asked_for_first_and_then_decided() -> None:
    """By hand: 6 % of firms are innocent and have 5,000 of their own: 300 yuan. Of 1,000 that came three minutes ago,

    and half of which leaves within four, a fifth lies there when the stop lands in seven: 200 to 250.
    """
    [ask] = told(account("A", sum_of(3, 1_000), kind=Kind.CORPORATE))
    assert ask.action is Action.ASK
    assert "暂不止付" in ask.why[0] and "5,000.00 yuan of his own as is usual" in ask.why[1]
    empty = seen(1_000, 1_000, kind=Kind.CORPORATE)
    assert of(told(empty, means=JUST_READ), Action.STOP, "A")


def test_a_question_says_that_it_stands_for_a_stop() -> None:
    firm = account("A", sum_of(3, 20_000), kind=Kind.CORPORATE, balance_fen=9_000_000 * YUAN, balance_at=NOW)
    [ask] = of(told(firm), Action.ASK, "A")
    assert "暂不止付" in ask.why[0] and "to be involved" in ask.change[1]


def test_victims_money_in_a_balance_is_not_taken_for_the_holders_own() -> None:
    """Told an hour ago, when 80,000 yuan had just come: 80,000 of the 81,000 were the victim's, gone since or not."""
    one = account("A", sum_of(61, 80_000), balance_fen=81_000 * YUAN, balance_at=NOW - 60 * 60_000_000)
    harm = harm_of(Known(Situation(now=NOW, accounts=[one]), load_prior()))
    assert harm.own[0] < 3_000 * YUAN


def test_no_stop_is_put_off_that_is_on_its_way_or_not_possible() -> None:
    rich = seen(10_000, 2_000_000)
    sent = [Pending(action=Action.STOP, institution=BANK, number="A", sent_at=NOW)]
    for one, pending in (
        (rich, sent),
        (seen(10_000, 2_000_000, stops_used=2), []),
        (seen(10_000, 2_000_000, hub=True), []),
    ):
        [only] = told(one, pending=pending, means=JUST_READ)
        assert (only.action, only.number) == (Action.WAIT, "")
