"""The one table: filter, sort, columns, views, bulk action and export, shown on the deadlines."""

import io
from urllib.parse import unquote

from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import People, choose


def rows(page: Page) -> Locator:
    return page.locator("tr[data-row]")


def test_filter_sort_columns_and_a_view_that_is_kept(people: People) -> None:
    page = people("leader1", "/duty/deadlines")
    expect(rows(page).first).to_be_visible()
    everything = rows(page).count()
    page.get_by_role("button", name="筛选").click()
    choose(page, page.get_by_role("combobox", name="紧急程度"), "已逾期")
    page.keyboard.press("Escape")
    expect(page.get_by_role("list", name="已生效的筛选条件")).to_contain_text("紧急程度 为 已逾期")
    expect(rows(page)).not_to_have_count(everything)
    for text in rows(page).all_inner_texts():
        assert "已超" in text
    page.get_by_role("button", name="对象", exact=True).click()
    expect(page.get_by_role("columnheader", name="对象")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="选择列").click()
    page.get_by_role("checkbox", name="法律依据").check()
    expect(page.get_by_role("columnheader", name="法律依据")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="视图").click()
    page.get_by_placeholder("把当前条件存为…").fill("演示逾期")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="演示逾期", exact=True)).to_be_visible()

    page.goto("/duty/deadlines")
    expect(rows(page)).to_have_count(everything)
    page.get_by_role("button", name="视图").click()
    page.get_by_role("button", name="演示逾期", exact=True).click()
    expect(page.get_by_role("columnheader", name="法律依据")).to_be_visible()
    expect(page.get_by_role("list", name="已生效的筛选条件")).to_contain_text("已逾期")
    assert "sort=" in unquote(page.url)


def test_no_match_says_so_and_how_to_go_on(people: People) -> None:
    page = people("leader1", "/duty/deadlines?q=没有这样的")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="清除筛选条件").click()
    expect(rows(page).first).to_be_visible()


def test_selected_rows_are_acknowledged_together(people: People) -> None:
    page = people("stop1", "/duty/deadlines?q=冻结单")
    expect(rows(page).first).to_be_visible()
    open_rows = rows(page).filter(has_text="未知悉")
    labels = [one.split("\t") for one in open_rows.all_inner_texts()[:2]]
    for index in range(2):
        open_rows.nth(index).get_by_role("checkbox").check()
    expect(page.get_by_text("已选 2 行")).to_be_visible()
    page.get_by_role("button", name="知悉", exact=True).click()
    expect(page.get_by_text("2 项已处理")).to_be_visible()
    assert len(labels) == 2
    expect(rows(page).filter(has_text="演示·郑四")).to_have_count(2)


def test_an_export_opens_and_says_whose_it_is(people: People) -> None:
    page = people("leader1", "/duty/deadlines?q=止付单")
    expect(rows(page).first).to_be_visible()
    shown = rows(page).count()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="导出").click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(downloading.value.path().read_bytes()))
    lines = [" ".join(map(str, line)) for line in book.get_sheet_by_index(0).to_python()]
    assert sum("止付单 ZF-演示" in line for line in lines) == shown
    assert "演示·何十二" in lines[1]
    assert "leader1" in lines[1]


def test_the_keyboard_walks_the_rows_and_opens_one(people: People) -> None:
    page = people("leader1", "/duty/deadlines")
    expect(rows(page).first).to_be_visible()
    page.get_by_role("search").get_by_role("textbox").press("ArrowDown")
    expect(rows(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="时限详情")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows(page).nth(1)).to_be_focused()
