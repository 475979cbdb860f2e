"""A case of two victims through four tiers of accounts, from imported statements to who holds whose money."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.domains.tracing.conftest import GULOU, TAIJIANG, TRACER, Desk, officer
from tests.domains.tracing.four_tiers import CARDS, MOVES, OWNERS, VICTIMS, book_of

SEEDS = [
    {
        "victim": VICTIMS[-payer - 1],
        "institution": "演示银行",
        "account": CARDS[0],
        "amount": f"{yuan}元",
        "time": f"2025-03-01 12:{minute:02d}:00",
    }
    for minute, payer, _, yuan in MOVES
    if payer < 0
]


def _statements(owners: Iterable[int]) -> dict[str, bytes]:
    return {f"演示银行交易明细信息{owner + 1}.csv": book_of(owner) for owner in owners}


def _computed(desk: Desk, **changes: Any) -> Any:
    made = desk.post("/api/traces", {"title": "演示 四层", "seeds": SEEDS, **changes}, 201)
    desk.work()
    found = desk.get(f"/api/traces/{made['id']}")
    assert found["error"] is None
    return found


def _left(desk: Desk, found: Any, rule: str = "fifo") -> dict[str, tuple[int, int, str]]:
    """Return tier, yuan left and end of each account by its last digits."""
    result = desk.get(f"/api/traces/{found['id']}/result", rule=rule)
    return {
        one["account"][-4:]: (
            one["tier"],
            sum(held["left_fen"] for held in one["holdings"]) // 100,
            max((held["end"] for held in one["holdings"]), key=lambda end: end != "followed"),
        )
        for one in result["accounts"]
        if one["holdings"]
    }


@pytest.fixture
def tracing_desk(desk: Desk) -> Desk:
    desk.actor = officer(GULOU, *TRACER)
    return desk


def test_every_yuan_of_two_victims_is_where_it_lies_by_hand(tracing_desk: Desk) -> None:
    tracing_desk.imported(_statements(range(4)))
    found = _computed(tracing_desk)
    sums = {name: found[f"{name}_fen"] // 100 for name in ("seeds", "left", "ended", "frontier", "limit")}
    assert sums == {"seeds": 150_000, "left": 134_000, "ended": 16_000, "frontier": 0, "limit": 0}
    assert _left(tracing_desk, found) == {
        "0011": (1, 31_000, "retained"),
        "0022": (2, 11_000, "retained"),
        "0033": (3, 21_000, "retained"),
        "0044": (4, 71_000, "retained"),
    }
    for rule in ("fifo", "lifo", "pro_rata", "window"):
        totals = tracing_desk.get(f"/api/traces/{found['id']}/result", rule=rule)["totals"]
        assert totals["seeds_fen"] == sum(fen for name, fen in totals.items() if name != "seeds_fen"), rule


def test_first_in_first_out_and_last_in_first_out_leave_different_victims_money(tracing_desk: Desk) -> None:
    tracing_desk.imported(_statements(range(4)))
    found = _computed(tracing_desk)

    def at_first(rule: str) -> dict[int, int]:
        result = tracing_desk.get(f"/api/traces/{found['id']}/result", rule=rule)
        first = next(one for one in result["accounts"] if one["tier"] == 1)
        return {held["victim"]: held["left_fen"] // 100 for held in first["holdings"]}

    # Of 120,000 out, 1,000 are its own by FIFO; by LIFO the second victim's 50,000 go first, then 70,000.
    assert at_first("fifo") == {0: 0, 1: 31_000}
    assert at_first("lifo") == {0: 30_000, 1: 0}


def test_an_account_without_a_statement_is_where_sight_ends_until_it_comes(tracing_desk: Desk) -> None:
    tracing_desk.imported(_statements(range(3)))
    found = _computed(tracing_desk)
    assert found["frontier_fen"] == 87_000_00
    assert _left(tracing_desk, found)["0044"] == (4, 87_000, "frontier")
    tracing_desk.imported(_statements([3]))
    seen = tracing_desk.get(f"/api/traces/{found['id']}")
    assert seen["moved_on"] is True
    tracing_desk.post(f"/api/traces/{found['id']}/compute", {"version": seen["version"]})
    tracing_desk.work()
    assert tracing_desk.get(f"/api/traces/{found['id']}")["frontier_fen"] == 0


def test_a_unit_traces_in_its_own_statements_only(tracing_desk: Desk) -> None:
    tracing_desk.imported(_statements(range(2)))
    tracing_desk.actor = officer(TAIJIANG, *TRACER)
    tracing_desk.imported(_statements([2, 3]))
    tracing_desk.actor = officer(GULOU, *TRACER)
    found = _computed(tracing_desk)
    assert set(_left(tracing_desk, found)) == {"0011", "0022", "0033"}
    assert found["frontier_fen"] == 108_000_00
    tracing_desk.actor = officer("cn.fj.fz.", *TRACER)
    whole = _computed(tracing_desk)
    assert (whole["frontier_fen"], whole["ended_fen"]) == (0, 16_000_00)


def test_a_transfer_by_hand_carries_on_where_no_statement_does(tracing_desk: Desk) -> None:
    tracing_desk.imported(_statements([0, 1, 3]))
    found = _computed(tracing_desk)
    accounts = tracing_desk.get(f"/api/traces/{found['id']}/result")["accounts"]
    third = next(one["id"] for one in accounts if one["account"].endswith("0033"))
    second = next(one["id"] for one in accounts if one["account"].endswith("0022"))
    assert _left(tracing_desk, found)["0022"] == (2, 11_000, "retained")
    by_hand = {
        "payer": {"account_id": second},
        "payee": {"institution": "演示银行", "account": CARDS[3], "name": OWNERS[3]},
        "amount": "0.6万",
        "time": "2025-03-01 12:15",
        "reason": "演示:柜面凭证",
    }
    added = tracing_desk.post(f"/api/traces/{found['id']}/transfers", by_hand, 201)
    tracing_desk.post(f"/api/traces/{found['id']}/compute", {"version": added["version"]})
    tracing_desk.work()
    again = _left(tracing_desk, found)
    assert (again["0022"][1], again["0044"][0]) == (5_000, 3)
    assert third in {one["id"] for one in tracing_desk.get(f"/api/traces/{found['id']}/result")["accounts"]}
    moved = tracing_desk.get(f"/api/traces/{found['id']}/result")["transfers"]
    assert [one["amount_fen"] for one in moved if one["hand"]] == [6_000_00]


def test_told_to_stop_at_an_account_money_ends_there_for_this_case(tracing_desk: Desk) -> None:
    tracing_desk.imported(_statements(range(4)))
    found = _computed(tracing_desk)
    accounts = tracing_desk.get(f"/api/traces/{found['id']}/result")["accounts"]
    second = next(one["id"] for one in accounts if one["account"].endswith("0022"))
    path = f"/api/traces/{found['id']}"
    tracing_desk.call("PUT", f"{path}/accounts/{second}/choice", json={"hub": "stop", "delta_minutes": None})
    tracing_desk.post(f"{path}/compute", {"version": tracing_desk.get(path)["version"]})
    tracing_desk.work()
    assert _left(tracing_desk, found)["0022"][2] == "hub"
    result = tracing_desk.get(f"{path}/result")
    assert [result["accounts"][one["account"]]["id"] for one in result["stops"]] == [second]
    assert [one["reason"] for one in result["stops"]] == ["case"]
