"""From the ringing phone to the first order, by keyboard; wrong input, duplicates, the receipt, and the filed case."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, People, choose_unit
from tests.journeys.test_look import complaints

KEY_MS = 180
"""A key every 180 ms: an officer who types with both hands while listening, not a typist."""

PINYIN = 3
"""Keys a Chinese character takes."""

THINK_MS = 400
"""Looking up to the next field."""

ACCOUNT = "6299990012345678907"
"""A card of nobody, with a check digit that holds."""


def type_in(page: Page, text: str) -> None:
    """Type as a person does: digit by digit, Chinese characters by their keys."""
    page.wait_for_timeout(THINK_MS)
    for character in text:
        page.keyboard.type(character)
        page.wait_for_timeout(KEY_MS * (1 if character.isascii() else PINYIN))


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the field of that name has the focus."""
    wanted = page.get_by_label(label, exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)
        if wanted.evaluate("field => field === document.activeElement"):
            return
    pytest.fail(f"{label} is not reached by Tab")


def fill_report(page: Page, *, name: str = "演示甲", account: str = ACCOUNT, id_number: str = "") -> None:
    """Fill the form quickly, where speed is not what the journey is about."""
    page.get_by_label("受害人姓名").fill(name)
    page.get_by_label("身份证号").fill(id_number)
    page.get_by_label("收款账号").fill(account)
    page.get_by_label("收款户名").fill("演示乙")
    page.get_by_label("开户机构").fill("演示工商银行")
    page.get_by_label("金额", exact=True).fill("4.98万")
    page.get_by_label("转账时间").fill("昨天上午9点10分")
    page.get_by_label("简要案情").fill("演示:自称客服,称要关闭百万保障。")


def test_the_first_stop_goes_out_within_a_minute_by_keyboard_alone(people: People) -> None:
    page = people("intake1", "/intake")
    expect(page.get_by_label("受害人姓名")).to_be_focused()
    drafts = page.get_by_role("region", name="拟发止付单")

    began = time.monotonic()
    type_in(page, "演示甲")
    tab_to(page, "联系电话")
    type_in(page, "19900000001")
    tab_to(page, "收款账号")
    type_in(page, ACCOUNT)
    # The order stands beside the form while the officer still types, and says what it lacks.
    expect(drafts).to_contain_text("…8907")
    expect(drafts).to_contain_text("止付还缺")
    tab_to(page, "收款户名")
    type_in(page, "演示乙")
    tab_to(page, "开户机构")
    type_in(page, "演示工商银行")
    tab_to(page, "金额")
    type_in(page, "4.98万")
    tab_to(page, "转账时间")
    type_in(page, "10分钟前")
    page.keyboard.press("Alt+1")
    expect(drafts).to_contain_text("仍在与骗子通话")
    expect(drafts).to_contain_text("四项齐全")
    tab_to(page, "简要案情")
    type_in(page, "自称客服诱导转账")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="已发出")).to_be_visible()
    took = time.monotonic() - began

    assert took < 60, f"the first order went out after {took:.0f} s"
    expect(page.get_by_role("region", name="止付、调单、冻结")).to_contain_text("49,800.00")
    expect(page.get_by_text("处置中").first).to_be_visible()


def test_wrong_input_loses_nothing_and_is_named_where_it_stands(people: People) -> None:
    page = people("intake2", "/intake")
    people.watch(page).expect(422, "POST .*/api/reports")
    fill_report(page, name="演示丁", id_number="350100190001010013")
    page.get_by_label("金额", exact=True).fill("大概五万")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("证件号码校验位不符").first).to_be_visible()
    expect(page.get_by_text("无法识别").first).to_be_visible()
    expect(page.get_by_label("收款账号")).to_have_value(ACCOUNT)
    page.get_by_label("身份证号").fill("350100190001010012")
    page.get_by_label("金额", exact=True).fill("5万")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=re.compile("演\\*\\*"))).to_be_visible()


def test_a_draft_survives_the_window_and_the_next_caller_starts_afresh(people: People) -> None:
    page = people("intake3", "/intake")
    page.get_by_label("受害人姓名").fill("演示戊")
    page.get_by_label("简要案情").fill("演示:正在通话")
    page.wait_for_timeout(800)
    page.goto("/duty/board")
    page.goto("/intake")
    expect(page.get_by_label("受害人姓名")).to_have_value("演示戊")
    page.get_by_role("button", name="只登记，暂不起草").click()
    expect(page.get_by_role("heading", name=re.compile("演\\*\\*"))).to_be_visible()
    page.goto("/intake")
    expect(page.get_by_label("受害人姓名")).to_have_value("")


def test_a_pasted_story_fills_the_cells(people: People) -> None:
    page = people("intake2", "/intake")
    story = (
        "昨天上午9点10分转账49800元到演示工商银行6299990012345678907,户名演示乙。"
        "对方电话19912345678,网址 http://demo-kefu.top/a"
    )
    page.get_by_label("简要案情").fill(story)
    page.get_by_role("button", name="识读案情，填入空格").click()

    expect(page.get_by_label("收款账号")).to_have_value(ACCOUNT)
    expect(page.get_by_label("收款户名")).to_have_value("演示乙")
    expect(page.get_by_label("开户机构")).to_have_value("演示工商银行")
    expect(page.get_by_label("金额", exact=True)).to_have_value("49,800.00")
    expect(page.get_by_label("转账时间")).to_have_value(re.compile("09:10:00$"))
    expect(page.get_by_label("第 1 项", exact=True)).to_have_value("19912345678")


def test_from_the_report_to_the_filed_case(people: People) -> None:
    page = people("intake1", "/intake")
    fill_report(page, name="演示庚", id_number="350100190001010020", account="6299990112345678906")
    page.keyboard.press("Control+Enter")
    made = page.get_by_role("status").filter(has_text="待审核")
    expect(made).to_be_visible()

    with page.expect_download() as taken:
        page.get_by_role("button", name="受案回执").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-")
    assert taken.value.suggested_filename.startswith("受案回执")

    page.get_by_role("button", name="受案", exact=True).click()
    dialog = page.get_by_role("dialog", name="受案")
    choose_unit(page, dialog.get_by_label(re.compile("受案单位")), "福州市公安局鼓楼分局")
    dialog.get_by_role("button", name="受案").click()
    page.get_by_role("link", name=re.compile("^AJ")).click()
    expect(page).to_have_url(re.compile("/cases/"))
    expect(page.get_by_text("已受案").first).to_be_visible()
    address = page.url

    handler = people("handler1", address)
    handler.get_by_role("button", name="由我主办").click()
    handler.get_by_role("button", name="呈请立案").click()
    dialog = handler.get_by_role("dialog", name="呈请立案")
    dialog.get_by_label("理由").fill("有犯罪事实,需要追究刑事责任")
    dialog.get_by_role("button", name="呈请立案").click()
    expect(handler.get_by_text("批准后即为立案")).to_be_visible()
    expect(handler.get_by_role("button", name="批准立案")).to_be_disabled()

    approver = people("county1", address)
    approver.get_by_role("button", name="批准立案").click()
    dialog = approver.get_by_role("dialog", name="批准立案")
    dialog.get_by_role("button", name="批准立案").click()
    expect(approver.get_by_text("已立案").first).to_be_visible()
    timeline = approver.get_by_role("region", name="时间线")
    expect(timeline).to_contain_text("批准立案")
    expect(timeline).to_contain_text("有犯罪事实")
    # The handler sees the stop the centre drafted before there was a case; the centre the whole story.
    expect(handler.get_by_role("region", name="止付、调单、冻结")).to_contain_text("演示工商银行")
    page.reload()
    expect(page.get_by_role("region", name="时间线")).to_contain_text("接警登记")
    # Live: the handler's page follows without being touched.
    expect(handler.get_by_text("已立案").first).to_be_visible()


def test_the_same_matter_told_twice_is_seen_while_typing(people: People) -> None:
    first = people("intake1", "/intake")
    fill_report(first, name="演示辛", id_number="350100190001010039", account="6299990212345678905")
    first.get_by_role("button", name="只登记，暂不起草").click()
    expect(first.get_by_role("heading", name=re.compile("演\\*\\*"))).to_be_visible()

    second = people("intake2", "/intake")
    fill_report(second, name="演示辛", id_number="350100190001010039", account="6299990212345678905")
    known = second.get_by_role("region", name="已知情况")
    expect(known.get_by_text("疑似重复")).to_be_visible()
    expect(known.get_by_role("link", name=re.compile("^JQ"))).to_be_visible()
    second.get_by_text("重复警情").click()
    second.get_by_role("button", name="只登记，暂不起草").click()
    second.get_by_role("button", name="办结").click()
    dialog = second.get_by_role("dialog", name="办结")
    expect(dialog.get_by_label("重复的警情编号")).to_have_value(re.compile("^JQ"))
    dialog.get_by_label("理由").fill("同一人同一笔")
    dialog.get_by_role("button", name="办结").click()
    expect(second.get_by_text("已办结").first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_screens_look_right(people: People, size: dict[str, int], language: str) -> None:
    for path in ("/intake", "/intake/reports", "/cases"):
        page = people("intake1", path, size=size, language=language)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(500)
        assert complaints(page) == []
        if size is DESK:
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
