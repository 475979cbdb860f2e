"""A case nobody reported is opened by hand: what is wrong is said at its field, and nothing typed is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, People, choose
from tests.journeys.test_look import complaints

STORY = "演示：巡查取现时发现，被害人被冒充客服诱导转账。"


def _victim(page: Page, place: int, **cells: str) -> None:
    line = page.get_by_role("listitem", name=f"被害人 {place}", exact=True)
    for label, value in cells.items():
        line.get_by_label(label, exact=True).fill(value)
    page.get_by_label("案情", exact=True).focus()


def test_a_case_nobody_reported_is_opened_by_hand_and_nothing_is_lost_on_a_refusal(people: People) -> None:
    page = people("handler1", "/cases")
    people.watch(page).expect(422, "POST .*/api/cases$")
    page.get_by_role("button", name="新建案件").click()
    expect(page).to_have_url(f"{people.centre.url}/cases/new")
    accept = page.get_by_role("button", name="受案", exact=True)
    accept.click()
    expect(page.get_by_text("必填", exact=True)).to_have_count(4)

    page.get_by_label("线索转入").check()
    choose(page, page.get_by_label("诈骗类型"), "冒充电商物流客服类")
    page.get_by_label("案情", exact=True).fill(STORY)
    _victim(
        page,
        1,
        **{"姓名（必填）": "演示·苏五十", "损失（元，必填）": "约五万", "身份证号": "350102199001010013"},
    )
    expect(page.get_by_text("无法识别")).to_be_visible()
    expect(page.get_by_text("校验")).to_be_visible()
    accept.click()
    expect(page.get_by_role("alert")).to_contain_text("其余内容已保留")
    expect(page.get_by_label("案情", exact=True)).to_have_value(STORY)
    expect(page.get_by_label("线索转入")).to_be_checked()

    _victim(page, 1, **{"损失（元，必填）": "5万", "身份证号": "350102199001010016"})
    expect(page.get_by_text("50,000.00 元", exact=True)).to_be_visible()
    page.get_by_role("button", name="再加一名被害人").click()
    _victim(page, 2, **{"姓名（必填）": "演示·林五一", "损失（元，必填）": "3万"})
    expect(page.get_by_text("损失合计 80,000.00 元")).to_be_visible()
    accept.click()
    expect(page).to_have_url(re.compile("/cases/[0-9a-f-]{36}$"))
    facts = page.get_by_role("region", name="基本情况")
    expect(facts).to_contain_text("线索转入")
    expect(facts).to_contain_text("80,000.00")
    expect(facts).to_contain_text("演示·高十七")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_form_of_a_case_passes_wcag_and_scrolls_only_downwards(
    people: People, language: str, size: dict[str, Any]
) -> None:
    page = people("handler1", "/cases/new", language=language, size=size)
    page.get_by_role("button", name="受案" if language == "zh-CN" else "Accept the case", exact=True).click()
    expect(page.get_by_text("必填" if language == "zh-CN" else "Required", exact=True)).to_have_count(4)
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_who_may_not_accept_cases_is_not_offered_it(people: People) -> None:
    page = people("leader1", "/cases")
    expect(page.get_by_role("heading", level=1, name="案件")).to_be_visible()
    expect(page.get_by_role("button", name="新建案件")).to_have_count(0)
    page.goto("/cases/new")
    expect(page.get_by_text("办理案件")).to_be_visible()
