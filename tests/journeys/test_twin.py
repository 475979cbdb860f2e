"""What if: a leader asks in two clicks, sees the worlds come, reads both settings side by side, and asks again."""

import re
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PHONE, People, choose
from tests.journeys.test_look import complaints

SOON = 120_000
"""The first world waits for the twin to load; a busy machine takes longer."""

LOOKS: Final[list[dict[str, Any]]] = [
    {"language": "en", "theme": "dark"},
    {"size": PHONE},
    {"size": PHONE, "language": "en", "theme": "dark"},
]


def number(page: Page, label: str, value: int) -> None:
    """Type a number into a field of the form."""
    field = page.get_by_label(label)
    field.fill(str(value))
    field.press("Tab")


def question(page: Page) -> Locator:
    """The field with the question in words."""
    return page.get_by_role("textbox", name=re.compile("问题$"))


def ask(page: Page, title: str, *, worlds: int, seed: int = 2000) -> None:
    """Ask whether acting helps at all: one case a world, nobody acts under A."""
    page.get_by_role("button", name="哪种做法挽回得多？").click()
    question(page).fill(title)
    choose(page, page.get_by_role("group", name="甲").get_by_role("combobox", name="处置做法"), "不处置")
    number(page, "推演世界数", worlds)
    number(page, "每个世界最多案件", 1)
    number(page, "种子", seed)
    page.get_by_role("button", name="开始推演").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def fits(people: People, url: str, look: dict[str, Any]) -> None:
    """Open a run as it looks on another screen: readable to everybody, and scrolled downwards alone."""
    page = people("leader1", url.removeprefix(people.centre.url), **look)
    expect(page.get_by_role("heading", name=re.compile("逐项比较|Measure by measure"))).to_be_visible()
    assert not complaints(page), look
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), look


def test_a_leader_asks_compares_and_asks_again(people: People) -> None:
    page = people("leader1")
    page.get_by_role("link", name="推演", exact=True).click()
    expect(page.get_by_text("还没有推演过")).to_be_visible()
    ask(page, "演示：处置有没有用", worlds=2)
    expect(page.get_by_text("已完成")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("2/2 个世界，2 起案件")).to_be_visible()
    expect(page.get_by_text("只推演了 2 个世界，不足以下结论（至少 10 个）")).to_be_visible()
    saved = page.get_by_role("row", name=re.compile("^挽回金额"))
    expect(saved.get_by_role("cell").first).to_contain_text("0 至 0")
    expect(saved).to_contain_text("世界太少")
    expect(page.get_by_role("img", name=re.compile("占全知上界.*甲 0.0%"))).to_be_visible()
    page.get_by_text("逐个世界（2 个）").click()
    expect(page.get_by_role("row", name=re.compile("^2001 1 "))).to_be_visible()
    assert not complaints(page)
    for look in LOOKS:
        fits(people, page.url, look)
    page.get_by_role("button", name="改一改再推演").click()
    expect(question(page)).to_have_value("演示：处置有没有用")
    expect(page.get_by_label("推演世界数")).to_have_value("2")
    expect(page.get_by_role("row", name=re.compile("演示：处置有没有用"))).to_contain_text("2/2")


def test_a_run_can_be_left_found_again_and_cancelled(people: People) -> None:
    page = people("analyst1", "/twin")
    ask(page, "演示：六十个世界", worlds=60)
    expect(page.get_by_text(re.compile("^[1-9]/60 个世界"))).to_be_visible(timeout=SOON)
    other = people("leader1", "/twin")
    other.get_by_role("link", name="演示：六十个世界").click()
    expect(other.get_by_text("推演中", exact=True)).to_be_visible()
    page.goto("/twin")
    people.watch(page).expect(409, "POST .*/api/twin/runs")
    page.get_by_role("button", name="开始推演").click()
    expect(page.get_by_role("alert")).to_contain_text("中心里已有一次推演正在进行")
    other.get_by_role("button", name="取消推演").click()
    expect(other.get_by_text("已取消", exact=True)).to_be_visible()
    expect(other.get_by_text("逐个世界")).to_be_visible()


def test_whoever_may_only_look_sees_no_form_and_who_may_not_is_told(people: People) -> None:
    auditor = people("auditor", "/twin")
    expect(auditor.get_by_role("heading", level=1, name="推演")).to_be_visible()
    expect(auditor.get_by_role("button", name="开始推演")).to_have_count(0)
    handler = people("handler1", "/twin")
    expect(handler.get_by_text("没有打开此页的权限")).to_be_visible()
