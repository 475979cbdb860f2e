"""Traces over HTTP: made from what officers paste, computed by a worker, marked, noted, taken out, kept apart."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from rongdun.domains.tracing.traces import tracer
from rongdun.domains.tracing.traces.computing import SILENT
from rongdun.domains.tracing.traces.jobs import SWEEP
from rongdun.domains.tracing.traces.told import (
    Told,
    ToldAccount,
    ToldHolding,
    ToldStop,
    ToldTotals,
    ToldTransfer,
)
from rongdun.kernel.errors import Conflict, Text
from rongdun.runtime.jobs import Work
from tests.analytics.statements.making import CARD, CARD2, PEER
from tests.domains.tracing.conftest import GULOU, IMPORTER, TAIJIANG, TRACER, Desk, officer, statement

RULES = ("fifo", "lifo", "pro_rata", "window", "poison")
NOON = int(datetime(2025, 3, 1, 4, 0, tzinfo=UTC).timestamp() * 1_000_000)
MINUTE = 60_000_000
SEED = {
    "victim": "演示·苏五十",
    "institution": "演示银行",
    "account": f" {CARD[:4]} {CARD[4:]} ",
    "amount": "10万",
    "time": "2025-03-01 12:00:00",
}


def _account(number: str, name: str, *, observed: bool = True, hub: bool = False) -> ToldAccount:
    return ToldAccount("演示银行", number, name, observed, "known", NOON + 600 * MINUTE, hub)


def _moved(payer: int, payee: int, minute: int, fen: int, end: str) -> ToldTransfer:
    books = "payer" if payer >= 0 else "none"
    at, shares = NOON + minute * MINUTE, [(0, fen)]
    return ToldTransfer(payer, payee, at, fen, end, books, hand=False, shares=shares, ends=[end])


def _told(rule: str) -> Told:
    """100,000 yuan arrive; 60,000 go on to an account we know nothing of, 10,000 as cash, 30,000 stay."""
    return Told(
        rule=rule,
        as_of=NOON + 600 * MINUTE,
        victims=["演示·苏五十"],
        totals=ToldTotals(10_000_000, 3_000_000, 1_000_000, 6_000_000, 0),
        accounts=[_account(CARD, "演示甲"), _account(PEER, "=cmd|'/c calc'!A1", observed=False)],
        holdings=[
            ToldHolding(
                0, 0, 1, 10_000_000, 7_000_000, 3_000_000, "retained", NOON, NOON + 9 * MINUTE, 300, "both"
            ),
            ToldHolding(1, 0, 2, 6_000_000, 0, 6_000_000, "frontier", NOON + 5 * MINUTE, 0, 0, "one_sided"),
        ],
        transfers=[
            _moved(-1, 0, 0, 10_000_000, "followed"),
            _moved(0, 1, 5, 6_000_000, "frontier"),
            _moved(0, -1, 9, 1_000_000, "cash"),
        ],
        stops=[ToldStop(1, "degree")],
    )


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[tracer.Order]:
    """A computation whose answer is known; what it was asked for is kept."""
    asked: list[tracer.Order] = []

    def answer(_ledger: object, order: tracer.Order) -> tracer.Traced:
        asked.append(order)
        return tracer.Traced(1, tuple(_told(rule) for rule in RULES))

    monkeypatch.setattr(tracer, "trace", answer)
    return asked


@pytest.fixture
def tracing_desk(desk: Desk, orders: list[tracer.Order]) -> Desk:
    desk.actor = officer(GULOU, *TRACER)
    desk.imported({"a.csv": statement(0, 1)})
    return desk


def _made(desk: Desk, **changes: Any) -> Any:
    return desk.post("/api/traces", {"title": "演示 榕案2026-001", "seeds": [SEED], **changes}, 201)


def _ready(desk: Desk) -> Any:
    made = _made(desk)
    desk.work()
    return desk.get(f"/api/traces/{made['id']}")


def _result(desk: Desk, found: Any, **params: Any) -> Any:
    return desk.get(f"/api/traces/{found['id']}/result", **params)


def test_what_an_officer_pastes_is_computed_by_every_rule_and_adds_up(
    tracing_desk: Desk, orders: list[tracer.Order]
) -> None:
    made = _made(tracing_desk)
    assert (made["state"], made["number"][:6], made["mine"]) == ("COMPUTING", "ZJ2026", True)
    tracing_desk.work()
    found = tracing_desk.get(f"/api/traces/{made['id']}")
    assert (found["state"], sorted(found["rules"])) == ("READY", sorted(RULES))
    assert found["seeds_fen"] == 10_000_000 == found["left_fen"] + found["ended_fen"] + found["frontier_fen"]
    [order] = orders
    assert [(seed.account, seed.amount_fen) for seed in order.seeds] == [(CARD, 10_000_000)]
    assert order.seeds[0].moment == datetime(2025, 3, 1, 4, 0, tzinfo=UTC)
    assert len(order.imports) == 1
    for rule in RULES:
        assert _result(tracing_desk, found, rule=rule)["rule"] == rule


def test_numbers_and_names_are_masked_sealed_and_shown_for_a_purpose(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    result = _result(tracing_desk, found)
    answers = str(found) + str(result)
    assert CARD not in answers
    assert "演示甲" not in answers
    assert result["accounts"][0]["account"] == "6299 **** **** *** 0011"
    stored = tracing_desk.centre.services.database
    with stored.engine.connect() as connection:
        connection.exec_driver_sql("select set_config('rongdun.scope_high', '~', false)")
        kept = connection.exec_driver_sql("select content from trace_results").scalars().all()
    assert len(kept) == 5
    assert not any(CARD.encode() in bytes(one) for one in kept)
    subject = {"kind": "trace_account", "id": f"{found['id']}.{result['accounts'][0]['id']}"}
    asked = {"subject": subject, "field": "account", "purpose": "case_investigation", "note": "演示核对账号"}
    assert tracing_desk.post("/api/reveal", asked)["value"] == CARD


def test_every_wrong_cell_is_named_and_nothing_is_made(tracing_desk: Desk) -> None:
    wrong = {"victim": " ", "account": "6.22202E+18", "amount": "十万左右", "time": "昨天"}
    refused = tracing_desk.post("/api/traces", {"title": "演示", "seeds": [SEED, {**SEED, **wrong}]}, 422)
    assert [one["path"] for one in refused["fields"]] == [f"seeds.1.{name}" for name in wrong]
    future = tracing_desk.post(
        "/api/traces", {"title": "演示", "seeds": [{**SEED, "time": "2026-03-02 12:00:01"}]}, 422
    )
    assert future["fields"][0]["message"]["zh"].startswith("时间在将来")
    assert tracing_desk.get("/api/traces")["total"] == 0


@pytest.mark.parametrize(
    "written",
    [
        "2025/3/1 12:00",
        "2025年3月1日12时00分",
        "20250301120000",
        "2025-03-01T12:00:00",
        "2025.03.01 12:00:00",
    ],
)
def test_times_are_read_as_people_write_them(tracing_desk: Desk, written: str) -> None:
    made = _made(tracing_desk, seeds=[{**SEED, "time": written}])
    assert made["seeds"][0]["time"] == "2025-03-01T04:00:00Z"


def test_without_statements_there_is_nothing_to_follow(desk: Desk, orders: list[tracer.Order]) -> None:
    desk.actor = officer(GULOU, *TRACER)
    refused = desk.post("/api/traces", {"title": "演示", "seeds": [SEED]}, 503)
    assert refused["code"] == "nothing_imported"


def test_the_ledger_moving_on_is_said_and_a_new_computation_settles_it(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    assert (found["moved_on"], found["changed"]) == (False, False)
    tracing_desk.imported({"b.csv": statement(5, 6)})
    assert tracing_desk.get(f"/api/traces/{found['id']}")["moved_on"] is True
    tracing_desk.post(f"/api/traces/{found['id']}/compute", {"version": found["version"]})
    tracing_desk.work()
    again = tracing_desk.get(f"/api/traces/{found['id']}")
    assert (again["state"], again["moved_on"]) == ("READY", False)


def test_marks_notes_and_transfers_by_hand_stay_and_enter_the_next_computation(
    tracing_desk: Desk, orders: list[tracer.Order]
) -> None:
    found = _ready(tracing_desk)
    account = _result(tracing_desk, found)["accounts"][0]["id"]
    base = f"/api/traces/{found['id']}"
    put = tracing_desk.call("PUT", f"{base}/accounts/{account}/marks", json={"marks": ["frozen", "cash_out"]})
    assert [one["mark"] for one in put["marks"]] == ["cash_out", "frozen"]
    tracing_desk.call("PUT", f"{base}/accounts/{account}/marks", json={"marks": ["frozen"]})
    tracing_desk.post(f"{base}/accounts/{account}/notes", {"text": "演示:卡主在福州"}, 201)
    by_hand = {
        "payer": {"account_id": account},
        "payee": {"institution": "演示银行", "account": CARD2, "name": "演示丙"},
        "amount": "3万",
        "time": "2025-03-01 13:00",
        "reason": "网点监控,柜台现金存入",
    }
    added = tracing_desk.post(f"{base}/transfers", by_hand, 201)
    assert (added["changed"], added["hand_transfers"][0]["amount_fen"]) == (True, 3_000_000)
    tracing_desk.post(f"{base}/compute", {"version": added["version"]})
    tracing_desk.work()
    [one] = orders[-1].by_hand
    assert (one.payer[1], one.payee, one.amount_fen) == (CARD, ("演示银行", CARD2, "演示丙"), 3_000_000)
    shown = _result(tracing_desk, found)["accounts"][0]
    assert (shown["marks"], shown["notes"]) == (["frozen"], 1)
    gone = tracing_desk.post(
        f"{base}/transfers/{added['hand_transfers'][0]['id']}/withdraw", {"reason": "登记有误"}
    )
    assert gone["hand_transfers"][0]["withdrawn_reason"] == "登记有误"
    tracing_desk.post(f"{base}/compute", {"version": gone["version"]})
    tracing_desk.work()
    assert orders[-1].by_hand == ()
    actions = [entry.action for entry in tracing_desk.recorded]
    assert {"trace.mark", "trace.note", "trace.add_transfer", "trace.withdraw_transfer"} <= set(actions)


def test_a_decision_on_one_account_goes_with_the_next_computation(
    tracing_desk: Desk, orders: list[tracer.Order]
) -> None:
    found = _ready(tracing_desk)
    account = _result(tracing_desk, found)["accounts"][0]["id"]
    path = f"/api/traces/{found['id']}/accounts/{account}/choice"
    chosen = tracing_desk.call("PUT", path, json={"hub": "follow", "delta_minutes": 15})
    assert (chosen["hub"], chosen["delta_minutes"]) == ("follow", 15)
    now = tracing_desk.get(f"/api/traces/{found['id']}")
    tracing_desk.post(f"/api/traces/{found['id']}/compute", {"version": now["version"]})
    tracing_desk.work()
    [choice] = orders[-1].choices
    assert (choice.number, choice.hub, choice.delta_minutes) == (CARD, "follow", 15)


def test_the_flow_table_is_masked_and_in_clear_for_a_purpose_and_holds_no_formula(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    path = f"/api/traces/{found['id']}/flow.xlsx"
    masked = CalamineWorkbook.from_filelike(io.BytesIO(tracing_desk.get(path)))
    assert CARD not in str(masked.get_sheet_by_index(0).to_python())
    asked = {"purpose": "case_investigation", "note": "随案移送"}
    content = tracing_desk.call("GET", path, params={"rule": "lifo", **asked})
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("资金流向").to_python()
    assert "后进先出" in str(rows[1][0])
    assert found["number"] in str(rows[1][0])
    heading = [str(cell) for cell in rows[4]]
    lines = [dict(zip(heading, row, strict=True)) for row in rows[5:]]
    assert [line["其中涉案金额（元）"] for line in lines] == [100_000, 60_000, 10_000]
    assert [line["去向/止点"] for line in lines] == ["继续流转", "无流水，待调取", "取现"]
    assert lines[1]["收款户名"] == "=cmd|'/c calc'!A1"
    assert lines[0]["收款账号"] == CARD
    assert b"<f>" not in content
    taken = [entry for entry in tracing_desk.recorded if entry.action == "trace.flow_table_taken"]
    assert [(entry.purpose, (entry.after or {})["clear"]) for entry in taken] == [
        (None, False),
        ("case_investigation", True),
    ]


def test_the_pdf_is_a_pdf(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    assert tracing_desk.get(f"/api/traces/{found['id']}/flow.pdf").startswith(b"%PDF-")


def test_another_unit_neither_sees_nor_changes_it_and_a_reader_changes_nothing(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    account = _result(tracing_desk, found)["accounts"][0]["id"]
    base = f"/api/traces/{found['id']}"
    tracing_desk.actor = officer(TAIJIANG, *TRACER)
    assert tracing_desk.get("/api/traces")["total"] == 0
    for path in (base, f"{base}/result", f"{base}/accounts/{account}", f"{base}/flow.xlsx"):
        tracing_desk.get(path, 404)
    tracing_desk.actor = officer("cn.fj.fz.", *TRACER)
    refused = tracing_desk.post(f"{base}/compute", {"version": found["version"]}, 409)
    assert refused["rule"]["key"] == "trace.own_unit"
    tracing_desk.call("PUT", f"{base}/accounts/{account}/marks", 409, json={"marks": []})
    tracing_desk.actor = officer(GULOU, *IMPORTER, "trace.read")
    tracing_desk.get(base)
    tracing_desk.post(f"{base}/compute", {"version": found["version"]}, 403)
    tracing_desk.get(f"{base}/flow.xlsx", 403, purpose="case_investigation", note="随案移送")


def test_other_traces_that_touch_an_account_are_those_one_may_see(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    account = _result(tracing_desk, found)["accounts"][0]["id"]
    tracing_desk.actor = officer(TAIJIANG, *TRACER)
    tracing_desk.imported({"t.csv": statement(0, 1)})
    other = _ready(tracing_desk)
    alone = tracing_desk.get(f"/api/traces/{other['id']}/accounts/{account}")
    assert alone["others"] == []
    tracing_desk.actor = officer("cn.fj.fz.", *TRACER)
    seen = tracing_desk.get(f"/api/traces/{found['id']}/accounts/{account}")
    assert [one["number"] for one in seen["others"]] == [other["number"]]
    assert _result(tracing_desk, found)["accounts"][0]["others"] == 1


def test_cancelled_nothing_is_kept_and_an_earlier_result_stays(tracing_desk: Desk) -> None:
    made = _made(tracing_desk)
    tracing_desk.post(f"/api/traces/{made['id']}/cancel", {"version": made["version"]})
    tracing_desk.work()
    found = tracing_desk.get(f"/api/traces/{made['id']}")
    assert (found["state"], found["rules"]) == ("DRAFT", [])
    tracing_desk.post(f"/api/traces/{made['id']}/compute", {"version": found["version"]})
    tracing_desk.work()
    ready = tracing_desk.get(f"/api/traces/{made['id']}")
    again = tracing_desk.post(f"/api/traces/{made['id']}/compute", {"version": ready["version"]})
    kept = tracing_desk.post(f"/api/traces/{made['id']}/cancel", {"version": again["version"]})
    assert (kept["state"], len(kept["rules"])) == ("READY", 5)


def test_a_silent_worker_is_given_up_and_a_refusal_is_said_in_words(
    tracing_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_ledger: object, _order: tracer.Order) -> tracer.Traced:
        raise Conflict(Text("演示:台账正在重建", "Demo: the ledger is being rebuilt"))

    made = _made(tracing_desk)
    services = tracing_desk.centre.services
    with services.database.engine.begin() as connection:
        connection.exec_driver_sql("select set_config('rongdun.scope_high', '~', true)")
        connection.exec_driver_sql("update traces set started_at = beat_at")
    tracing_desk.clock.advance(SILENT + timedelta(minutes=1))
    SWEEP.run(Work(tracing_desk.centre.transact, services))
    failed = tracing_desk.get(f"/api/traces/{made['id']}")
    assert (failed["state"], failed["error"]["zh"][:4]) == ("FAILED", "计算中断")
    monkeypatch.setattr(tracer, "trace", refuse)
    tracing_desk.post(f"/api/traces/{made['id']}/compute", {"version": failed["version"]})
    tracing_desk.work()
    refused = tracing_desk.get(f"/api/traces/{made['id']}")
    assert (refused["state"], refused["error"]["zh"]) == ("FAILED", "演示:台账正在重建")


def test_changing_how_far_it_goes_says_that_it_must_be_computed_again(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    kept = {
        name: found[name] for name in ("title", "rule", "depth", "window_hours", "delta_minutes", "as_of")
    }
    changed = tracing_desk.call(
        "PATCH", f"/api/traces/{found['id']}", json={**kept, "depth": 3, "version": found["version"]}
    )
    assert (changed["depth"], changed["changed"], changed["state"]) == (3, True, "READY")
    tracing_desk.call(
        "PATCH", f"/api/traces/{found['id']}", 409, json={**kept, "depth": 4, "version": found["version"]}
    )


def test_archived_it_stays_readable_and_nothing_more_is_added(tracing_desk: Desk) -> None:
    found = _ready(tracing_desk)
    account = _result(tracing_desk, found)["accounts"][0]["id"]
    base = f"/api/traces/{found['id']}"
    closed = tracing_desk.post(f"{base}/archive", {"version": found["version"], "reason": "案件办结"})
    assert (closed["state"], closed["archive_reason"]) == ("ARCHIVED", "案件办结")
    refused = tracing_desk.call("PUT", f"{base}/accounts/{account}/marks", 409, json={"marks": ["struck"]})
    assert refused["code"] == "trace_archived"
    assert _result(tracing_desk, found)["totals"]["seeds_fen"] == 10_000_000
