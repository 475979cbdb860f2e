"""Prevents the search box from missing what stands there, however its words are spread over a case."""

import itertools
from typing import Any

import pytest
from sqlalchemy import text

from tests.domains.cases.conftest import GULOU, TAIJIANG, Desk, officer

CASES = (
    ("孙*敏被冒充客服诈骗案", "演示鼓楼分局2所", GULOU, "榕公立字〔2026〕11号"),
    ("李*被冒充公检法诈骗案", "演示鼓楼分局", GULOU, ""),
    ("孙*敏被刷单返利诈骗案", "演示台江分局2所", TAIJIANG, "榕公立字〔2026〕12号"),
)
WORDS = ("孙*敏", "冒充", "客服", "2所", "分局", "台江", "榕公立字〔2026〕11号", "演示", "诈骗案", "冒充刷单")


def city(desk: Desk) -> list[dict[str, Any]]:
    """Three cases of two counties, as they are stored."""
    for title, unit, path, filing in CASES:
        ref = desk.open_case(unit_path=path)
        with desk.centre.transact() as uow:
            uow.session.execute(
                text(
                    "update cases set title = :title, unit_name = :unit, filing_number = :filing where id = :id"
                ),
                {"title": title, "unit": unit, "filing": filing, "id": ref.id},
            )
    with desk.centre.transact() as uow:
        rows = uow.session.execute(
            text("select number, title, unit_name, filing_number, unit_path from cases")
        )
        return [dict(row) for row in rows.mappings()]


def holds(row: dict[str, Any], word: str) -> bool:
    """Another reader of the same rows: a few lines."""
    codes = [row["number"], row["filing_number"]]
    names = [row["title"], row["unit_name"]]
    return any(code.startswith(word) for code in codes) or any(word in name for name in names)


def found(desk: Desk, q: str) -> set[str]:
    answer = desk.client.get("/api/cases", params={"q": q})
    return {one["number"] for one in answer.json()["items"]}


@pytest.mark.parametrize("low", ["cn.fj.fz.", GULOU])
def test_every_word_stands_somewhere_in_the_case(desk: Desk, low: str) -> None:
    desk.actor = officer("cn.fj.fz.", "case.read", "case.write")
    stored = city(desk)
    desk.actor = officer(low, "case.read")
    numbers = [row["number"] for row in stored]
    questions = [
        *itertools.product(WORDS),
        *itertools.combinations(WORDS, 2),
        (numbers[0], "敏被"),
        ("案", "冒充"),
    ]
    for words in questions:
        expected = {
            row["number"]
            for row in stored
            if row["unit_path"].startswith(low) and all(holds(row, word) for word in words)
        }
        assert found(desk, " ".join(words)) == expected, words


@pytest.mark.parametrize("q", ["'); drop table cases; --", "%% %s", "%1$L", "''", "{} {x}", "$1 $2"])
def test_what_looks_like_a_command_is_a_word(desk: Desk, q: str) -> None:
    desk.open_case()
    assert found(desk, q) == set()
