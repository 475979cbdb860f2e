"""The one search: asks every kind the actor may see, and shows the kinds in their order."""

from collections.abc import Sequence

import pytest

from rongdun.domains.desk.service import HITS
from rongdun.kernel.errors import Text
from rongdun.runtime import search
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.uow import Uow
from tests.domains.desk.conftest import GULOU, Desk, officer


def _kind(kind: str, permission: str, order: int, hits: int = 1) -> list[str]:
    asked: list[str] = []

    def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
        asked.append(q)
        return [
            Hit(
                id=str(n),
                label=Text(f"{kind}{n}", f"{kind} no. {n}"),
                sub=Text(uow.actor.unit_path, ""),
                route=f"/{kind}/{n}",
            )
            for n in range(hits)
        ]

    register_searcher(Searcher(kind=kind, permission=permission, order=order, find=find))
    return asked


@pytest.fixture(autouse=True)
def no_searchers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_searchers", {})


def test_kinds_come_in_their_order_with_a_few_hits_each(desk: Desk) -> None:
    _kind("user", "user.read", 20, hits=HITS + 3)
    _kind("unit", "unit.read", 10)
    _kind("none", "unit.read", 5, hits=0)
    desk.actor = officer(GULOU, "user.read", "unit.read")
    groups = desk.call("GET", "/api/search", 200, params={"q": "a"})["groups"]
    assert [(group["kind"], len(group["items"])) for group in groups] == [("unit", 1), ("user", HITS)]
    assert groups[0]["items"][0] == {"id": "0", "label": "unit0", "sub": GULOU, "route": "/unit/0"}
    english = desk.call("GET", "/api/search", 200, params={"q": "a"}, headers={"Accept-Language": "en"})
    assert english["groups"][0]["items"][0]["label"] == "unit no. 0"


def test_a_kind_one_may_not_see_is_not_even_asked(desk: Desk) -> None:
    asked = _kind("user", "user.read", 1)
    assert desk.call("GET", "/api/search", 200, params={"q": "陈"}) == {"groups": []}
    assert asked == []


@pytest.mark.parametrize(
    ("typed", "asked"), [("  鼓楼   东街 ", ["鼓楼 东街"]), ("   ", []), ("", []), ("a\x00", [])]
)
def test_words_are_tidied_and_nothing_asks_nothing(desk: Desk, typed: str, asked: list[str]) -> None:
    found = _kind("unit", "unit.read", 1)
    desk.actor = officer(GULOU, "unit.read")
    desk.call("GET", "/api/search", 200, params={"q": typed})
    assert found == asked


def test_a_kind_is_declared_once() -> None:
    _kind("unit", "unit.read", 1)
    with pytest.raises(ValueError, match="unit"):
        _kind("unit", "unit.read", 1)
