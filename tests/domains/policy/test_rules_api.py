"""The rule table as screens and sheets show it."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.domains.policy.conftest import RULES, Desk


def test_each_rule_in_force_is_one_row(desk: Desk) -> None:
    seen: dict[str, int] = {}
    for page in range(1, 5):
        for item in desk.get(RULES, size=100, page=page)["items"]:
            seen[item["key"]] = seen.get(item["key"], 0) + 1
    assert seen["stop.validity"] == 1
    assert max(seen.values()) == 1
    assert desk.get(RULES)["total"] == len(seen)


@pytest.mark.parametrize(
    ("on", "version"), [("2018-01-01", "261-2016"), ("2020-01-01", "85-2019"), ("2026-01-01", "JOINT-2024")]
)
def test_the_table_shows_the_rules_of_the_day_asked_for(desk: Desk, on: str, version: str) -> None:
    (row,) = desk.get(RULES, on=on, q="discipline.rule_version")["items"]
    assert row["value"] == version


def test_a_row_says_in_words_what_it_holds_and_how_sure_it_is(desk: Desk) -> None:
    (row,) = desk.get(RULES, filter="key:eq:account.non_counter_daily_check")["items"]
    assert row["shown"] == {"zh": "50,000元", "en": "50,000 yuan"}
    assert row["group_name"]["zh"] == "账户管理"
    (weak,) = desk.get(RULES, filter="key:eq:filing.review_normal")["items"]
    assert (weak["tag"], weak["certainty"]["zh"]) == ("Sw", "依据较弱，须核对")


def test_rules_are_filtered_by_group_and_certainty(desk: Desk) -> None:
    items = desk.get(RULES, filter=["group:eq:stop", "tag:eq:M"])["items"]
    assert {item["key"] for item in items} == {"stop.onward_allowed", "stop.lapses_by_itself"}


def test_the_history_of_a_rule_shows_versions_and_days_without_one(desk: Desk) -> None:
    history = desk.get(f"{RULES}/discipline.new_account_ban")
    assert [(row["value"], row["status"]) for row in history["versions"]] == [(5, "past"), (3, "past")]
    assert history["gaps"] == [{"since": "2024-12-01", "until": None}]


def test_an_unknown_rule_is_not_found(desk: Desk) -> None:
    assert desk.get(f"{RULES}/stop.invented", 404)["code"] == "unknown_rule"


def test_the_form_is_told_every_unit_with_the_kind_of_value_it_takes(desk: Desk) -> None:
    units = {unit["unit"]: unit["kind"] for unit in desk.get("/api/policy/units")["units"]}
    assert {unit: units[unit] for unit in ("hour", "workday", "fen", "flag", "codes", "count")} == {
        "hour": "duration",
        "workday": "duration",
        "fen": "money",
        "flag": "flag",
        "codes": "codes",
        "count": "number",
    }


def texts_of(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as book:
        return book.read("xl/sharedStrings.xml").decode("utf-8")


def test_the_table_is_taken_out_as_a_sheet_with_the_name_of_who_took_it(desk: Desk) -> None:
    answer: Any = desk.client.get(f"{RULES}/export.xlsx", params={"filter": "key:eq:stop.validity"})
    assert answer.status_code == 200
    words = texts_of(answer.content)
    assert "48小时" in words
    assert "止付有效期" in words
    assert "演示·陈一" in words


def test_the_changes_are_taken_out_as_a_sheet(desk: Desk) -> None:
    desk.draft()
    answer: Any = desk.client.get("/api/policy/changes/export.xlsx", headers={"Accept-Language": "en"})
    words = texts_of(answer.content)
    assert "72 hours" in words
    assert "Draft" in words
