"""A rule changes by two pairs of eyes, and never under a clock that runs."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import People

TOMORROW = (datetime.now(UTC) + timedelta(hours=8, days=1)).date().isoformat()


def consequences(page: Page) -> Locator:
    return page.get_by_role("complementary").or_(
        page.locator("section", has=page.get_by_role("heading", name="变更后果"))
    )


def draft(page: Page, *, value: str, since: str = TOMORROW, reason: str) -> None:
    page.get_by_role("link", name="起草变更").or_(page.get_by_role("button", name="起草变更")).click()
    page.get_by_label("取值").fill(value)
    page.get_by_label("施行日").fill(since)
    page.get_by_label("施行日").press("Enter")
    page.get_by_label("变更理由").fill(reason)


def test_one_drafts_and_another_confirms(people: People) -> None:
    maker = people("city1", "/policy/rules/stop.reply")
    expect(maker.get_by_role("heading", name="银行止付反馈")).to_be_visible()
    draft(maker, value="20", reason="演示:压缩反馈时间")
    expect(consequences(maker)).to_contain_text("20分钟")
    expect(consequences(maker)).to_contain_text("正在计时的")
    maker.get_by_role("button", name="保存草稿").click()
    expect(maker.get_by_text("草稿", exact=True)).to_be_visible()
    maker.get_by_role("button", name="提交复核").click()
    maker.get_by_role("dialog").get_by_role("button", name="提交复核").click()
    expect(maker.get_by_text("待复核")).to_be_visible()
    expect(maker.get_by_role("button", name="确认")).to_be_disabled()
    expect(maker.get_by_text("确认：经办人与审核人不得为同一人")).to_be_visible()

    checker = people("city2", "/policy/changes")
    checker.get_by_role("row").filter(has_text="stop.reply").click()
    difference = checker.locator("section", has=checker.get_by_role("heading", name="变更内容"))
    expect(difference.locator("del", has_text="30分钟")).to_be_visible()
    expect(difference.locator("ins", has_text="20分钟")).to_be_visible()
    expect(consequences(checker)).to_contain_text("30分钟")
    checker.get_by_role("button", name="确认").click()
    checker.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(checker.get_by_text("已确认", exact=True)).to_be_visible()
    expect(maker.get_by_text("已确认", exact=True)).to_be_visible()

    checker.goto("/policy/rules/stop.reply")
    expect(checker.locator(".rule-future")).to_contain_text("20分钟")
    expect(checker.locator(".rule-in_force")).to_contain_text("30分钟")


def test_versions_that_overlap_are_refused_with_the_row_in_the_way(people: People) -> None:
    maker = people("leader1", "/policy/rules/stop.validity")
    draft(maker, value="24", since="2016-06-01", reason="演示:与现行版本同日施行")
    expect(consequences(maker).get_by_role("alert")).to_contain_text("施行期重叠")
    expect(consequences(maker).get_by_role("alert")).to_contain_text("2016-06-01")
    people.watch(maker).expect(409, "POST .*/api/policy/changes")
    maker.get_by_role("button", name="保存草稿").click()
    expect(maker.get_by_text("其他版本重叠").first).to_be_visible()
    expect(maker.get_by_text("请选择“更正”")).to_be_visible()
    assert maker.url.endswith("/policy/changes/new?key=stop.validity")


def test_a_returned_change_comes_back_with_a_word(people: People) -> None:
    maker = people("leader1", "/policy/rules/query.reply")
    draft(maker, value="90", reason="演示:放宽")
    maker.get_by_role("button", name="保存草稿").click()
    maker.get_by_role("button", name="提交复核").click()
    maker.get_by_role("dialog").get_by_role("button", name="提交复核").click()
    expect(maker.get_by_text("待复核")).to_be_visible()
    checker = people("city1", maker.url.removeprefix(people.centre.url))
    checker.get_by_role("button", name="退回").click()
    dialog = checker.get_by_role("dialog")
    dialog.get_by_role("button", name="退回").click()
    expect(dialog.get_by_text("必填")).to_be_visible()
    dialog.get_by_role("textbox").fill("依据不足")
    dialog.get_by_role("button", name="退回").click()
    expect(maker.get_by_text("已退回")).to_be_visible()
    expect(maker.get_by_text("依据不足")).to_be_visible()


def test_rules_are_shown_as_of_a_day(people: People) -> None:
    page = people("intake1", "/policy/rules?q=stop.validity")
    row = page.get_by_role("row").filter(has_text="stop.validity")
    expect(row).to_contain_text("48小时")
    expect(row).to_contain_text("有公开依据")
    page.get_by_label("适用日期").fill("2010-01-01")
    page.get_by_label("适用日期").press("Enter")
    expect(row).to_have_count(0)
