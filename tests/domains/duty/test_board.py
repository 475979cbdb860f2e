"""The board: what expires, what first, seen by whom, and trouble with the watching itself."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from rongdun.kernel.ids import new_id
from tests.domains.duty.conftest import Desk, actor


def _labels(items: list[dict[str, Any]]) -> list[str]:
    return [item["subject"]["label"] for item in items]


def test_what_expires_first_is_on_top_and_what_expires_later_is_not_there(desk: Desk) -> None:
    desk.open("1")
    desk.open("2", "report.entry")
    desk.open("3", "clue.sign_normal")
    board = desk.get("/api/duty/board", horizon=24)
    assert _labels(board["items"]) == ["FZ-2", "FZ-3"]
    assert _labels(desk.get("/api/duty/board", horizon=48)["items"]) == ["FZ-2", "FZ-3", "FZ-1"]


def test_an_item_says_what_is_left_and_on_what_basis(desk: Desk) -> None:
    desk.open("1")
    desk.clock.advance(timedelta(hours=45, minutes=30))
    (item,) = desk.get("/api/duty/board")["items"]
    assert item["remaining_s"] == 2.5 * 3600
    assert (item["level"], item["state"], item["paused"]) == ("urgent", "running", False)
    assert item["due_at"] == "2026-07-03T04:00:00Z"
    assert "86号" in item["legal_basis"]
    assert [step["level"] for step in item["steps"]] == [
        "notice",
        "notice",
        "urgent",
        "critical",
        "overdue",
        "overdue",
    ]


def test_the_board_is_right_even_when_no_worker_runs(desk: Desk) -> None:
    desk.open("1")
    desk.clock.advance(timedelta(hours=49))
    board = desk.get("/api/duty/board")
    (item,) = board["items"]
    assert (item["state"], item["level"], item["remaining_s"]) == ("running", "overdue", -3600.0)
    assert board["counts"] == {"overdue": 1, "critical": 0, "urgent": 0, "notice": 0, "calm": 0}


def test_counts_are_by_level_and_cover_what_the_list_holds(desk: Desk) -> None:
    for number in range(3):
        desk.open(str(number), start=desk.clock.now() - timedelta(hours=47, minutes=30))
    desk.open("calm")
    desk.clock.advance(timedelta(minutes=1))
    counts = desk.get("/api/duty/board", horizon=48)["counts"]
    assert counts == {"overdue": 0, "critical": 3, "urgent": 0, "notice": 0, "calm": 1}


def test_an_outage_is_shown_on_the_board_and_the_deadline_marked_as_missed_meanwhile(desk: Desk) -> None:
    desk.open("1")
    desk.sweep()
    desk.clock.advance(timedelta(hours=50))
    desk.sweep()
    board = desk.get("/api/duty/board")
    (item,), (notice,) = board["items"], board["notices"]
    assert item["missed_marked_late"] is True
    assert (notice["kind"], notice["seconds"]) == ("outage", 50 * 3600)
    assert "180000" in notice["message"]["zh"]


def test_other_units_do_not_see_it_and_the_partner_and_the_case_team_do(desk: Desk) -> None:
    case = new_id()
    deadline_id = desk.open("1", partner_path="cn.fj.fz.bank_a.", case_id=case)
    leader = desk.actor
    desk.actor = actor("cn.fj.xm.", "deadline.read")
    assert desk.get("/api/deadlines")["items"] == []
    desk.get(f"/api/deadlines/{deadline_id}", status=404)
    desk.actor = actor("cn.fj.fz.bank_a.", "deadline.read")
    assert len(desk.get("/api/deadlines")["items"]) == 1
    team = actor("cn.fj.nd.", "deadline.read")
    desk.actor = type(team)(
        **{name: getattr(team, name) for name in team.__slots__}
        | {"scope": type(team.scope).subtree("cn.fj.nd.", teams=(case,))}
    )
    assert len(desk.get("/api/deadlines")["items"]) == 1
    desk.actor = leader


def test_without_the_permission_there_is_no_board(desk: Desk) -> None:
    desk.actor = actor("cn.fj.fz.")
    assert desk.get("/api/duty/board", status=403)["code"] == "forbidden"


def test_the_table_filters_by_state_and_rule(desk: Desk) -> None:
    desk.open("1")
    done = desk.open("2", "report.entry")
    desk.clock.advance(timedelta(hours=1))
    desk.act(done, "complete", note="已录入")
    late = desk.get("/api/deadlines", filter="state:eq:missed")["items"]
    assert [(item["subject"]["label"], item["outcome"]) for item in late] == [("FZ-2", "met_late")]
    assert _labels(desk.get("/api/deadlines", filter="state:eq:running")["items"]) == ["FZ-1"]
    assert _labels(desk.get("/api/deadlines", q="FZ-2")["items"]) == ["FZ-2"]


def test_the_export_holds_the_rows_in_words(desk: Desk) -> None:
    desk.open("1")
    answer = desk.client.get("/api/deadlines/export.xlsx")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert "FZ-1" in words
    assert "止付有效期" in words
    assert "计时中" in words


def test_the_handover_sheet_is_a_pdf(desk: Desk) -> None:
    desk.open("1")
    answer = desk.client.get("/api/duty/board.pdf", params={"horizon": 48})
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
