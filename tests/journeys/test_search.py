"""One search for everything, and the keys that lead to it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import People


@pytest.mark.parametrize(
    ("typed", "kind", "found", "arrived"),
    [
        ("金山派出所", "单位", "金山派出所", "/people/units"),
        ("演示·魏", "人员", "演示·魏二十四", "/people/users"),
        ("止付有效期", "政策规则", "止付有效期", "/policy/rules/stop.validity"),
        ("ZF-演示-0003", "办理时限", "ZF-演示-0003", "/duty/"),
        ("外发", "页面", "外发队列", "/exchange/outbox"),
    ],
)
def test_control_k_finds_units_people_rules_deadlines_and_pages(
    people: People, typed: str, kind: str, found: str, arrived: str
) -> None:
    page = people("leader1", "/account")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="全局搜索").fill(typed)
    hit = page.get_by_role("group", name=kind).get_by_role("option").filter(has_text=found).first
    expect(hit).to_be_visible()
    while hit.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(arrived)))
    expect(page.get_by_role("heading").first).to_be_visible()


def test_keys_open_search_help_and_pages(people: People) -> None:
    page = people("leader1", "/account")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="全局搜索")).to_be_focused()
    page.keyboard.type("没有这样的东西")
    expect(page.get_by_text("没有找到“没有这样的东西”")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="全局搜索")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("Ctrl K")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="快捷键")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="值班台")).to_be_visible()


def test_search_shows_nothing_beyond_ones_rights(people: People) -> None:
    page = people("intake1", "/account")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="全局搜索").fill("演示·魏二十四")
    expect(page.get_by_text("没有找到“演示·魏二十四”")).to_be_visible()
