"""What everybody can read: both languages, both themes, a phone, a screen reader, and nothing from outside."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, People

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENS = [
    ("leader1", "/duty/board"),
    ("leader1", "/duty/deadlines"),
    ("leader1", "/wall"),
    ("leader1", "/policy/rules"),
    ("leader1", "/policy/rules/stop.validity"),
    ("leader1", "/policy/changes/new?key=stop.validity"),
    ("leader1", "/policy/changes"),
    ("leader1", "/exchange/outbox"),
    ("leader1", "/exchange/inbox"),
    ("leader1", "/exchange/institutions"),
    ("intake1", "/intake"),
    ("intake1", "/intake/reports"),
    ("stop1", "/cases"),
    ("stop1", "/orders"),
    ("leader1", "/orders/review"),
    ("handler1", "/restitution/relief"),
    ("handler1", "/restitution/returns"),
    ("intake1", "/drill"),
    ("analyst1", "/tracing/imports"),
    ("analyst1", "/tracing/traces"),
    ("analyst1", "/tracing/traces/new"),
    ("analyst1", "/tracing/accounts"),
    ("leader1", "/twin"),
    ("auditor", "/oversight/audit"),
    ("admin", "/people/units"),
    ("admin", "/people/users"),
    ("admin", "/people/roles"),
    ("admin", "/account"),
    ("intake1", "/people/users"),
    ("intake1", "/nowhere"),
]
LOOKS = {
    "zh-light": {"language": "zh-CN", "theme": "light", "size": DESK},
    "en-dark": {"language": "en", "theme": "dark", "size": DESK},
    "zh-phone": {"language": "zh-CN", "theme": "light", "size": PHONE},
}
WARM_S = 5.0


def complaints(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, a line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async rules => (await axe.run({runOnly: rules, resultTypes: ['violations']})).violations.map(
            one => one.id + ' ' + one.nodes.map(node => node.target.join(' ')).slice(0, 4).join(', '))""",
        RULES,
    )
    return [str(one) for one in found]


@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_passes_wcag_and_scrolls_only_downwards(people: People, look: str) -> None:
    pages: dict[str, Page] = {}
    against: list[str] = []
    for login, path in SCREENS:
        page = pages.get(login) or people(login, **LOOKS[look])  # type: ignore[arg-type]
        pages[login] = page
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        page.wait_for_timeout(400)
        against += [f"{path}: {one}" for one in complaints(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            against.append(f"{path}: scrolls sideways")
    assert not against, "\n".join(against)


@pytest.mark.parametrize("look", LOOKS)
def test_the_door_passes_wcag(people: People, look: str) -> None:
    page = people.visitor(**LOOKS[look])  # type: ignore[arg-type]
    page.goto("/login")
    expect(page.locator("#login")).to_be_visible()
    accounts = page.locator("[data-login]")
    expect(accounts.first).to_be_visible()
    assert complaints(page) == []
    if LOOKS[look]["language"] == "en":
        units = "".join(accounts.locator(".unit").all_inner_texts())
        assert "Police" in units
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in units)


def test_dialogs_and_drawers_pass_wcag(people: People) -> None:
    page = people("leader1", "/duty/board")
    page.locator("tr[data-row]").first.click()
    expect(page.get_by_role("dialog", name="时限详情").get_by_text("提醒阶梯")).to_be_visible()
    page.wait_for_timeout(400)
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="全局搜索").fill("止付")
    expect(page.get_by_role("option").first).to_be_visible()
    page.wait_for_timeout(400)
    assert complaints(page) == []


def test_english_is_whole_and_is_remembered(people: People) -> None:
    page = people("leader1", "/duty/board")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Duty board")).to_be_visible()
    expect(page.get_by_role("button", name="Acknowledge").first).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Fuzhou Anti-Fraud Centre")
    units = page.locator("tr[data-row] td.unit")
    expect(units.filter(has_text="Police Station").first).to_be_visible()
    assert not any("\u4e00" <= letter <= "\u9fff" for unit in units.all_inner_texts() for letter in unit)
    page.reload()
    expect(page.get_by_role("heading", name="Duty board")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    named = page.get_by_role("navigation", name="Main navigation").or_(page.get_by_role("navigation").first)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in named.inner_text())
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="值班台")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("福州市反诈骗中心")
    expect(units.filter(has_text="派出所").first).to_be_visible()


def test_dark_is_remembered(people: People) -> None:
    page = people("leader1", "/duty/board")
    page.get_by_role("button", name="切换为深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("button", name="切换为浅色")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_grid_worker_does_their_work_on_a_phone(people: People) -> None:
    page = people("station1", "/duty/board?h=168", size=PHONE)
    row = page.locator("tr[data-row]").filter(has_text="YJ-演示-0005")
    row.get_by_role("button", name="知悉").tap()
    expect(row).to_contain_text("演示·江十四")
    page.get_by_role("button", name="打开导航").tap()
    page.get_by_role("dialog").get_by_role("link", name="办理时限").tap()
    expect(page.get_by_role("heading", name="办理时限")).to_be_visible()
    card = page.locator("li.card").filter(has_text="YJ-演示-0005")
    expect(card).to_contain_text("演示·江十四")


def test_tab_reaches_the_work_and_focus_is_seen(people: People) -> None:
    page = people("leader1", "/duty/board")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到主要内容")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tr[data-row]')"):
            break
    row = page.locator("tr[data-row]:focus")
    expect(row).to_have_count(1)
    assert row.evaluate("one => getComputedStyle(one).outlineStyle") != "none"


def test_the_first_page_is_there_within_five_seconds(people: People) -> None:
    people("leader1", "/duty/board")
    page = people("leader1", "about:blank")
    begun = time.monotonic()
    page.goto("/duty/board")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    assert time.monotonic() - begun < WARM_S
