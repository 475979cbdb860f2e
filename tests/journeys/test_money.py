"""A case is followed through four tiers: statements in, a trace out, marked, noted, and handed over."""

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect
from python_calamine import CalamineWorkbook

from tests.domains.tracing.four_tiers import CARDS, MOVES, OWNERS, VICTIMS, book_of
from tests.journeys.conftest import DESK, PHONE, People
from tests.journeys.test_look import complaints


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What four banks sent."""
    folder = tmp_path / "演示资金回函"
    folder.mkdir()
    for owner in range(len(CARDS)):
        (folder / f"演示银行交易明细信息{owner + 1}.csv").write_bytes(book_of(owner))
    return folder


def _pasted() -> str:
    lines = [
        f"{VICTIMS[-payer - 1]}\t演示银行\t{CARDS[0]}\t{yuan / 10_000:g}万\t2025-03-01 12:{minute:02d}"
        for minute, payer, _, yuan in MOVES
        if payer < 0
    ]
    return "\n".join(["受害人\t收款银行\t收款账号\t金额\t转账时间", *lines])


def _imported(page: Page, folder: Path) -> None:
    page.goto("/tracing/imports")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="选择文件", exact=True).click()
    chooser.value.set_files(sorted(folder.iterdir()))
    page.get_by_role("button", name="导入 4 个文件").click()
    expect(page.get_by_label("状态", exact=True).get_by_text("已入账")).to_be_visible(timeout=60_000)


def taken_back(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="撤销导入").click()
    dialog = page.get_by_role("dialog", name="撤销这次导入")
    dialog.get_by_label("理由").fill("演示完毕")
    dialog.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_label("状态", exact=True).get_by_text("已撤销")).to_be_visible(timeout=60_000)


def _traced(page: Page) -> None:
    page.goto("/tracing/traces/new")
    page.get_by_label("名称").fill("演示 榕案2026-050")
    page.get_by_role("button", name="整段粘贴").click()
    page.get_by_label("每行一笔").fill(_pasted())
    page.get_by_role("button", name="填入 2 行").click()
    expect(page.get_by_label("第 2 行 金额")).to_have_value("5万")
    page.get_by_label("第 2 行 金额").fill("约5万")
    page.get_by_role("button", name="建立并计算").click()
    expect(page.get_by_text("无法识别")).to_be_visible()
    expect(page.get_by_label("第 1 行 受害人")).to_have_value(VICTIMS[0])
    page.get_by_label("第 2 行 金额").fill("5万")
    page.get_by_role("button", name="建立并计算").click()
    expect(page.get_by_role("heading", name="演示 榕案2026-050")).to_be_visible()


def _accounts(page: Page) -> list[tuple[str, str]]:
    """Return tier and what is left of each account, as the table beside the tree says."""
    found = page.get_by_role("tabpanel").locator("tr[data-row]")
    return [(cells[1], cells[3]) for cells in (one.locator("td").all_inner_texts() for one in found.all())]


def _take(page: Page, kind: str, *, clear: bool = False) -> Download:
    page.get_by_role("button", name="导出", exact=True).click()
    dialog = page.get_by_role("dialog", name="导出")
    dialog.get_by_label(kind).check()
    if clear:
        dialog.get_by_label("明文").check()
        dialog.get_by_label("查看目的").focus()
        page.keyboard.press("Enter")
        page.get_by_role("option", name="案件侦办").locator("visible=true").click()
    with page.expect_download() as taken:
        dialog.get_by_role("button", name="导出", exact=True).click()
    expect(dialog).to_have_count(0)
    return taken.value


@pytest.fixture
def money(people: People, folder: Path) -> Iterator[Page]:
    """The money page of a case of two victims, computed, and its statements taken back afterwards."""
    page = people("analyst1", "/")
    people.watch(page).expect(422, "POST .*/api/traces")
    _imported(page, folder)
    imported = page.url
    _traced(page)
    expect(page.get_by_text("被骗 150,000.00 =")).to_be_visible(timeout=90_000)
    yield page
    taken_back(page, imported)


def test_a_case_is_followed_through_four_tiers_and_handed_over(people: People, money: Page) -> None:
    page = money
    expect(page.get_by_text("在账 134,000.00")).to_be_visible()
    expect(page.get_by_text("已流出 16,000.00")).to_be_visible()
    left = [("1", "31,000.00"), ("2", "11,000.00"), ("3", "21,000.00"), ("4", "71,000.00")]
    assert _accounts(page) == left
    drawn = page.get_by_role("application", name="资金层级图")
    expect(drawn).to_have_attribute("data-drawn", re.compile(r"^[6-9]$"))
    assert complaints(page) == []

    page.get_by_text("后进先出", exact=True).click()
    expect(page).to_have_url(re.compile("rule=lifo"))
    expect(page.get_by_text("被骗 150,000.00 =")).to_be_visible()
    page.get_by_text("全额污染", exact=True).click()
    expect(page.get_by_text("是上限，各项合计大于被骗金额")).to_be_visible()
    page.get_by_text("先进先出", exact=True).click()

    slider = page.get_by_role("slider", name="时间")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("截至该时刻：转出 100,000.00 = 在账 100,000.00")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("截至 2025-03-01 12:05:00")).to_be_visible()
    expect(page.get_by_role("tabpanel").locator("tr[data-row]")).to_have_count(2)
    page.keyboard.press("End")
    expect(page.get_by_text("被骗 150,000.00 =")).to_be_visible()

    page.get_by_role("tabpanel").locator("tr[data-row]").last.click()
    panel = page.get_by_role("article", name="所选账户")
    expect(panel.get_by_text("还有 71,000.00 元可能在账")).to_be_visible()
    expect(panel.get_by_text("有取现")).to_be_visible()
    panel.get_by_label("已冻结").check()
    expect(panel.get_by_text("核对冻结金额")).to_be_visible()
    panel.get_by_label("备注").fill("演示：网点监控已调取")
    panel.get_by_role("button", name="添加备注").click()
    expect(panel.get_by_role("listitem").filter(has_text="网点监控已调取")).to_contain_text("演示·张六")
    expect(panel.get_by_role("link", name="查看账户流水")).to_be_visible()
    expect(page.get_by_text(CARDS[3])).to_have_count(0)
    assert complaints(page) == []

    _look_at_exports(page)


def _look_at_exports(page: Page) -> None:
    drawn = ElementTree.fromstring(Path(_take(page, "层级图 SVG").path()).read_text(encoding="utf-8"))
    words = "".join(drawn.itertext())
    assert all(word in words for word in ("演示 榕案2026-050", "先进先出", "模拟", "取现", "冻"))
    assert CARDS[0] not in words
    assert Path(_take(page, "层级图 PNG").path()).read_bytes().startswith(b"\x89PNG")

    masked = CalamineWorkbook.from_filelike(
        io.BytesIO(Path(_take(page, "资金流向表 Excel").path()).read_bytes())
    )
    assert CARDS[0] not in str(masked.get_sheet_by_index(0).to_python())
    clear = _take(page, "资金流向表 Excel", clear=True)
    assert clear.suggested_filename.startswith("资金流向表-ZJ")
    lines = _lines(CalamineWorkbook.from_filelike(io.BytesIO(Path(clear.path()).read_bytes())))
    assert sum(line["其中涉案金额（元）"] for line in lines if line["层级"] == 1) == 150_000
    fourth = [line for line in lines if line["收款账号"] == CARDS[3]]
    assert {(line["收款户名"], line["层级"], line["交易金额（元）"]) for line in fourth} == {
        (OWNERS[3], 4, 90_000)
    }
    assert sum(line["其中涉案金额（元）"] for line in fourth) == 87_000
    assert [line["去向/止点"] for line in lines if line["层级"] == 5] == ["取现"]

    pdf = Path(_take(page, "资金流向表 PDF").path()).read_bytes()
    assert pdf.startswith(b"%PDF-")


def _lines(book: CalamineWorkbook) -> list[dict[str, Any]]:
    rows = book.get_sheet_by_name("资金流向").to_python()
    assert "模拟" in str(rows[1][0])
    return [dict(zip(map(str, rows[4]), cells, strict=True)) for cells in rows[5:]]


def test_what_is_added_by_hand_is_followed_after_computing_again(money: Page) -> None:
    page = money
    page.get_by_role("button", name="补充转账").click()
    dialog = page.get_by_role("dialog", name="补充转账")
    payer = dialog.get_by_role("group", name="付款方")
    payer.get_by_label("其他账户").check()
    payer.get_by_label("账号").fill(CARDS[3])
    payer.get_by_label("银行或机构").fill("演示银行")
    payee = dialog.get_by_role("group", name="收款方")
    payee.get_by_label("账号").fill("6299990000000060066")
    payee.get_by_label("户名").fill("演示·戊五")
    dialog.get_by_label("金额").fill("6万")
    dialog.get_by_label("转账时间").fill("2025-03-01 12:40")
    dialog.get_by_label("依据").fill("演示：柜面凭证")
    dialog.get_by_role("button", name="补充", exact=True).click()
    expect(page.get_by_text("重新计算后生效").first).to_be_visible()
    page.get_by_role("button", name="重新计算").click()
    expect(page.get_by_text("待调取 60,000.00")).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="转账").click()
    expect(page.get_by_role("row").filter(has_text="手工")).to_contain_text("60,000.00")


def test_by_keyboard_the_tree_is_walked_folded_and_unfolded(money: Page) -> None:
    page = money
    tree = page.get_by_role("application", name="资金层级图")
    tree.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    spoken = page.get_by_role("status").filter(has_text="留")
    expect(spoken.first).to_contain_text("0011")
    page.keyboard.press(" ")
    expect(tree).to_have_attribute("data-drawn", "3")
    page.keyboard.press(" ")
    expect(tree).to_have_attribute("data-drawn", re.compile(r"^[6-9]$"))
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="已隐藏 1 个")).to_be_visible()
    page.get_by_role("button", name="已隐藏 1 个").click()
    expect(tree).to_have_attribute("data-drawn", re.compile(r"^[6-9]$"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_in_english_nothing_is_cut_off_and_who_may_only_read_changes_nothing(
    people: People, money: Page, size: dict[str, int]
) -> None:
    page = people("leader1", money.url, size=size, language="en")
    expect(page.get_by_text("Taken 150,000.00 =")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert complaints(page) == []
    expect(page.get_by_role("button", name="Compute again")).to_have_count(0)
    station = people("station1", "/tracing/traces")
    expect(station.get_by_text("还没有资金追踪")).to_be_visible()
    people.watch(station).expect(404, "GET .*/api/traces/")
    station.goto(money.url)
    expect(station.get_by_text("不在您的数据范围内")).to_be_visible()


def test_what_to_do_next_stands_beside_the_tree_and_a_draft_is_one_click_away(
    people: People, money: Page
) -> None:
    page = money
    page.get_by_role("button", name=re.compile("全部建议")).click()
    panel = page.get_by_role("tabpanel", name="下一步")
    expect(panel.get_by_text("流水的最后时刻")).to_be_visible()
    expect(panel.get_by_text("停留时间和规则权重为出厂值")).to_be_visible()
    first = panel.get_by_role("listitem").first
    expect(first).to_contain_text("止付")
    expect(first).to_contain_text("预计可止")
    expect(first).to_contain_text("何时改变")
    assert CARDS[0] not in panel.inner_text(), "numbers are masked"
    assert complaints(page) == []
    first.get_by_role("button", name="起草止付").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("止付")).to_be_checked()
    dialog.get_by_role("button", name="取消").click()
    first.get_by_role("button").first.click()
    expect(page.get_by_role("tab", name="所选")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_in_english_the_next_steps_are_whole(people: People, money: Page, size: dict[str, int]) -> None:
    page = people("analyst1", money.url, size=size, language="en")
    page.get_by_role("button", name=re.compile("All suggestions")).click()
    panel = page.get_by_role("tabpanel", name="Next")
    expect(panel.get_by_role("listitem").first).to_contain_text("What would change it")
    expect(panel.get_by_text("Dwell and weights of the rules are as shipped")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert complaints(page) == []
