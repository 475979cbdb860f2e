"""From statement files to where the money is: through the ledger's import, the index, reach and a rule; by hand."""

from pathlib import Path
from typing import Any

import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.statements.schema import ACCOUNTS
from rongdun.analytics.tracing.backward import look_back
from rongdun.analytics.tracing.index.hubs import BY_KIND, HubPolicy
from rongdun.analytics.tracing.model import HOUR, Bounds, End, Kind, Rule, Seed
from rongdun.analytics.tracing.trace import Trace, trace
from tests.analytics.ledger.hand import NOON, reading, row

VICTIM, MULE, SECOND, FAR, UTILITY = (f"622200000000000000{last}" for last in (1, 2, 3, 4, 5))
START = int(NOON.timestamp() * 1_000_000)
MINUTE = 60_000_000


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The mule gets 10,000 yuan on top of 500, passes 6,000 on, takes 1,000 in cash, pays 10 in fees and 200 for power;
    the second passes 4,000 on to an account nobody has a statement of. All rows say what was left (fen)."""

    def mule(minute: float, yuan: int, way: int, left: int, **told: Any) -> dict[str, Any]:
        return row(minute, yuan * 100, way, account=MULE, balance_fen=left * 100, **told)

    class_of: dict[str, dict[str, Any]] = {name: {"class": name} for name in ("cash", "fee")}
    first = [
        mule(0, 10_000, 1, 10_500, cp_account=VICTIM, serial="s1"),
        mule(5, 6_000, -1, 4_500, cp_account=SECOND, serial="s2"),
        mule(9, 1_000, -1, 3_500, cash=True, **class_of["cash"]),
        mule(9, 10, -1, 3_490, **class_of["fee"]),
        mule(12, 200, -1, 3_290, cp_account=UTILITY, cp_name="测试市供电公司"),
    ]
    second = [
        row(5.5, 600_000, 1, account=SECOND, cp_account=MULE, serial="s2", balance_fen=600_000),
        row(20, 400_000, -1, account=SECOND, cp_account=FAR, balance_fen=200_000),
        row(21, 50_000, -1, account=SECOND, cp_account=FAR, success=False),
    ]
    power = [row(12, 20_000, 1, account=UTILITY, owner_name="测试市供电公司", cp_account=MULE)]
    made = Ledger(tmp_path / "台账")
    made.import_readings([reading(f"{at}.csv", rows) for at, rows in enumerate((first, second, power))])
    return made.directory


SEED = Seed("测试受害人", "测试银行", MULE, 10_000_00, START + 2 * MINUTE)


def held(told: Trace) -> dict[str, tuple[int, int, int, int]]:
    """Return tier, in, left (yuan) and end by account."""
    rows = told.attribution.holdings
    return {
        told.subledger.accounts.number[int(account)]: (
            int(tier),
            int(into) // 100,
            int(left) // 100,
            int(end),
        )
        for account, tier, into, left, end in zip(
            rows.account, rows.tier, rows.in_fen, rows.left_fen, rows.end, strict=True
        )
    }


def test_lifo_through_two_tiers_cash_fee_hub_and_frontier(ledger: Path) -> None:
    """Last in, first out: everything the mule pays is the victim's; 2,790 of the 10,000 stay. The seed is told two
    minutes late and is the observed transfer all the same."""
    told = trace(ledger, [SEED], Rule.LIFO)
    assert held(told) == {
        MULE: (1, 10_000, 2_790, End.RETAINED),
        SECOND: (2, 6_000, 2_000, End.RETAINED),
        FAR: (3, 4_000, 4_000, End.FRONTIER),
        UTILITY: (2, 200, 200, End.HUB),
    }
    assert not told.arrivals.assumed.any()
    totals = told.attribution.totals
    assert (totals.left_fen, totals.ended_fen, totals.frontier_fen) == (4_790_00, 1_210_00, 4_000_00)
    assert [(told.subledger.accounts.number[one.account], one.reason) for one in told.stops] == [
        (UTILITY, BY_KIND)
    ]


def test_fifo_pays_the_opening_balance_out_first(ledger: Path) -> None:
    """500 lay there, known from the balance column: 5,500 of the 6,000 are the victim's."""
    told = trace(ledger, [SEED], Rule.FIFO)
    assert held(told)[SECOND][1] == 5_500
    mule = told.subledger.accounts.number.index(MULE)
    assert told.subledger.accounts.opening_fen[mule] == 500_00
    assert told.subledger.accounts.opening_known[mule]


def test_depth_window_and_as_of_bound_the_trace(ledger: Path) -> None:
    flat = trace(ledger, [SEED], Rule.LIFO, Bounds(depth=1))
    assert held(flat).keys() == {MULE}
    assert flat.attribution.totals.limit_fen == 6_200_00
    early = trace(ledger, [SEED], Rule.LIFO, as_of=START + 6 * MINUTE)
    assert held(early) == {MULE: (1, 10_000, 4_000, End.RETAINED), SECOND: (2, 6_000, 6_000, End.RETAINED)}
    short = trace(ledger, [SEED], Rule.LIFO, Bounds(window=10 * MINUTE))
    assert short.attribution.totals.limit_fen == 4_200_00


def test_a_hub_the_case_wants_followed_is_followed(ledger: Path) -> None:
    policy = HubPolicy(follow={("测试银行", UTILITY): True})
    told = trace(ledger, [SEED], Rule.LIFO, policy=policy)
    assert held(told)[UTILITY] == (2, 200, 200, End.RETAINED)
    assert told.stops == []


def test_seeds_into_accounts_nobody_has_a_statement_of_stay_visible(ledger: Path) -> None:
    """FAR is named by others only, the last number by nobody: the money is at the frontier, not lost."""
    seeds = [
        Seed("测试甲", "", FAR, 4_000_00, START + 20 * MINUTE),
        Seed("测试乙", "测试银行", "6222999999999999999", 77_00, START),
    ]
    told = trace(ledger, seeds)
    assert held(told) == {
        FAR: (1, 4_000, 4_000, End.FRONTIER),
        "6222999999999999999": (1, 77, 77, End.FRONTIER),
    }
    assert told.arrivals.assumed.tolist().count(True) == 1


def test_a_label_ends_money_where_the_unit_says_so(ledger: Path) -> None:
    label = f"institution,account,kind\n测试银行,{SECOND},币商\n"
    (ledger / "labels.csv").write_text(label, encoding="utf-8")
    assert held(trace(ledger, [SEED], Rule.LIFO))[SECOND] == (2, 6_000, 6_000, End.CRYPTO)


def test_an_import_that_brings_a_statement_moves_the_frontier(ledger: Path) -> None:
    cash: dict[str, Any] = {"class": "cash"}
    more = [
        row(20, 400_000, 1, account=FAR, cp_account=SECOND, balance_fen=400_000),
        row(30, 399_000, -1, account=FAR, cash=True, balance_fen=1_000, **cash),
    ]
    card = {"institution": "测试银行", "account": FAR, "kind": "个人借记卡"}
    Ledger(ledger).import_readings([reading("回函.csv", more), reading("账户.csv", [card], table=ACCOUNTS)])
    told = trace(ledger, [SEED], Rule.LIFO)
    assert held(told)[FAR] == (3, 4_000, 10, End.RETAINED)
    far = told.subledger.accounts.number.index(FAR)
    assert told.subledger.accounts.kind[far] == Kind.PERSONAL
    assert told.version == 2


def test_looking_back_from_the_same_seeds_finds_who_else_paid(ledger: Path) -> None:
    """Another personal account pays the mule 2,000 and then 3,000 yuan the day after; the reported victim is known."""
    other = "6222000000000000009"
    day = 24 * 60
    more = [
        row(day + at, yuan * 100, 1, account=MULE, cp_account=other, cp_name="测试丁", serial=f"n{at}")
        for at, yuan in ((1, 2_000), (2, 3_000))
    ]
    Ledger(ledger).import_readings([reading("回函.csv", more)])
    found = look_back(ledger, [SEED])
    assert [(one.number, one.name, one.fen) for one in found.payers] == [(other, "测试丁", 5_000_00)]
    assert found.payers[0].score == 0.9
    assert "several_accounts" not in found.payers[0].features


def test_the_officers_delta_of_one_account(ledger: Path) -> None:
    """Within three minutes nothing leaves the mule; with an hour for it alone, everything does."""
    bounds = Bounds(delta=3 * MINUTE)
    assert held(trace(ledger, [SEED], Rule.WINDOW, bounds))[MULE][2] == 10_000
    told = trace(ledger, [SEED], Rule.WINDOW, bounds, delta_of={("测试银行", MULE): HOUR})
    assert held(told)[MULE][2] == 2_790
