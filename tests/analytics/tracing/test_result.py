"""A trace as the command line writes it, and the guard that keeps wrong numbers from being handed out."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from rongdun.analytics.tracing import attribute as compiled
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.conserve import conserves
from rongdun.analytics.tracing.errors import DoesNotConserve, SeedTooLarge
from rongdun.analytics.tracing.model import Arrivals, Attribution, End, Kind, Rule, Seed
from rongdun.analytics.tracing.result import as_json, whose_money
from rongdun.analytics.tracing.seeds import place
from tests.analytics.tracing.hand import MINUTE, WIDE, Move, case, seed

MORNING = int(datetime.fromisoformat("2025-03-01T09:00:00+08:00").timestamp()) // 60
"""A minute since 1970."""

MADE = case(
    seed("王", "A", 100, MORNING), Move("A", "B", 60, MORNING + 10), Move("A", "H", 30, MORNING + 20),
    Move("B", "", 50, MORNING + 30, End.CASH),
    opening={"A": 0}, hubs="H", kinds={"H": Kind.PLATFORM}, as_of=MORNING + 60,
)  # fmt: skip


def told(**changes: Any) -> dict[str, Any]:
    ledger = replace(MADE.ledger, transfers=replace(MADE.ledger.transfers, **changes))
    found = attribute(ledger, MADE.arrivals, Rule.FIFO, WIDE)
    plain: dict[str, Any] = json.loads(json.dumps(as_json(ledger, MADE.arrivals, found)))
    return plain


def test_totals_and_times_are_plain() -> None:
    found = told()
    assert found["rule"] == "fifo" and found["as_of"] == "2025-03-01T10:00:00+08:00"
    sums = ("seeds_fen", "left_fen", "ended_fen", "frontier_fen", "limit_fen")
    assert [found[name] for name in sums] == [100, 20, 80, 0, 0]


def test_an_account_row() -> None:
    first = told()["accounts"][0]
    assert first == {
        "victim": "王", "institution": "榕城示范银行", "account": "6200A", "name": "虚构A", "tier": 1,
        "in_fen": 100, "out_fen": 90, "left_fen": 10, "end": "retained", "opening": "known",
        "first_in": "2025-03-01T09:00:00+08:00", "last_out": "2025-03-01T09:20:00+08:00",
        "dwell_seconds": 60 * (60 * 10 + 30 * 20 + 10 * 60) // 100,
        "observed_until": None, "confidence": "two_sided",
    }  # fmt: skip


def test_a_transfer_row() -> None:
    out, cash = told()["transfers"][1], told()["transfers"][3]
    assert (
        out["from"] == {"institution": "榕城示范银行", "account": "6200A"} and out["to"]["account"] == "6200B"
    )
    assert (out["amount_fen"], out["time"], out["end"]) == (60, "2025-03-01T09:10:00+08:00", "followed")
    assert out["shares"] == [{"victim": "王", "fen": 60, "end": "followed"}] and out["books"] == "both"
    assert cash["to"] is None and cash["end"] == "cash"


def test_hubs_are_told_with_what_stopped_there() -> None:
    assert told()["hubs"] == [
        {
            "institution": "榕城示范银行",
            "account": "6200H",
            "name": "虚构H",
            "kind": "platform",
            "stopped_fen": 30,
        }
    ]


def test_the_weakest_transfer_decides_how_sure_we_are() -> None:
    rows = told(books=np.array([3, 1, 2, 3], np.int8))["accounts"]
    assert {row["account"][-1]: row["confidence"] for row in rows} == {
        "A": "two_sided", "B": "one_sided", "H": "one_sided",
    }  # fmt: skip
    ledger, arrivals = place(MADE.ledger, [Seed("李", "", "6200B", 7, MORNING * MINUTE)])
    row = as_json(ledger, arrivals, attribute(ledger, arrivals, Rule.FIFO, WIDE))["accounts"][0]
    assert row["confidence"] == "assumed_arrival"


def test_whose_money_an_account_holds() -> None:
    made = case(seed("王", "A", 10, 0), seed("李", "A", 30, 1), Move("A", "B", 5, 2))
    owners = whose_money(attribute(made.ledger, made.arrivals, Rule.FIFO, WIDE), made.arrivals, 0)
    assert [(owner.victim, owner.left_fen, owner.out_fen) for owner in owners] == [
        ("李", 30, 0),
        ("王", 5, 5),
    ]


def test_a_result_that_lost_a_fen_does_not_conserve() -> None:
    found = attribute(MADE.ledger, MADE.arrivals, Rule.FIFO, WIDE)
    assert conserves(found, MADE.ledger)
    less = replace(found, totals=replace(found.totals, left_fen=found.totals.left_fen - 1))
    moved = replace(found, holdings=replace(found.holdings, left_fen=found.holdings.left_fen + 1))
    more = replace(found, shares=replace(found.shares, fen=found.shares.fen + 1_000))
    assert not any(conserves(wrong, MADE.ledger) for wrong in (less, moved, more))


def test_wrong_numbers_are_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(found: Attribution, ledger: Any) -> bool:
        return False

    monkeypatch.setattr(compiled, "conserves", wrong)
    with pytest.raises(DoesNotConserve):
        attribute(MADE.ledger, MADE.arrivals, Rule.FIFO, WIDE)


def test_seeds_cannot_exceed_their_transfer() -> None:
    one = MADE.arrivals
    twice = Arrivals(
        one.victims,
        np.repeat(one.transfer, 2),
        np.repeat(one.victim, 2),
        np.repeat(one.amount_fen, 2),
        np.repeat(one.assumed, 2),
    )
    with pytest.raises(SeedTooLarge):
        attribute(MADE.ledger, twice, Rule.FIFO, WIDE)
