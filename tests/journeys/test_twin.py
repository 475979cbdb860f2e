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


def fen(shown: Locator) -> int:
    """An amount in yuan as fen."""
    return round(float(shown.inner_text().replace(",", "")) * 100)


def money(page: Page, side: str) -> dict[str, int]:
    """What a side shows of the victim's money: still in accounts, held, gone."""
    here = page.get_by_role("region", name=f"{side} 的经过", exact=True)
    return {part: fen(here.locator(f"[data-part={part}] dd")) for part in ("loose", "held", "gone")}


def test_a_world_is_watched_on_a_clock_with_both_settings_side_by_side(people: People) -> None:
    page = people("leader1", "/twin")
    ask(page, "演示：看一个世界", worlds=2, seed=3000)
    page.get_by_role("button", name="看一个世界怎么走").click()
    page.wait_for_url("**/watch")
    clock = page.get_by_role("timer", name="模拟时钟")
    expect(clock).to_have_text("0:00:00", timeout=SOON)  # as soon as the first world is there
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="暂停")).to_be_visible()
    expect(clock).not_to_have_text("0:00:00")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="播放")).to_be_visible()
    page.keyboard.press("Home")
    expect(clock).to_have_text("0:00:00")
    for _ in range(3):
        before = clock.inner_text()
        page.keyboard.press("ArrowRight")
        expect(clock).not_to_have_text(before)
    page.get_by_role("radio", name="×1200").check(force=True)
    page.keyboard.press("End")
    page.get_by_role("button", name="到结尾").click()
    expect(page.get_by_text("分文不差")).to_be_visible()
    whole = page.get_by_role("row", name=re.compile("^本世界合计"))
    lost, none, advice = (fen(whole.get_by_role("cell").nth(place)) for place in range(3))
    a, b = money(page, "甲"), money(page, "乙")
    assert sum(a.values()) == sum(b.values()) == lost, "one case: the world's sums are its own"
    assert (a["held"], b["held"]) == (none, advice)
    assert none == 0 < advice, "nobody acts under A"
    expect(page.get_by_role("region", name=re.compile("^乙 的经过，"))).to_contain_text("止付生效")
    assert not complaints(page)
    for look in LOOKS:
        other = people("leader1", page.url.removeprefix(people.centre.url), **look)
        expect(other.get_by_role("slider")).to_be_visible()
        other.get_by_role("slider").press("End")
        expect(other.get_by_role("heading", name=re.compile("48"))).to_be_visible()
        assert not complaints(other), look
        assert other.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), look
    page.get_by_role("link", name="演示：看一个世界").click()
    expect(page.get_by_text("已完成")).to_be_visible(timeout=SOON)
    page.get_by_text("逐个世界（2 个）").click()
    page.get_by_role("link", name="看一个世界怎么走 3001").click()
    page.wait_for_url("**/watch?world=1")
    expect(page.get_by_role("main").get_by_text("第 2 个（种子 3001）")).to_be_visible()


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
