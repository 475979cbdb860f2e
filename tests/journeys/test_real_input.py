"""Real input: a folder of statements dropped, seeds typed, the next step advised and drafted, the table taken away."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.domains.tracing.four_tiers import CARDS, VICTIMS, book_of
from tests.journeys.conftest import People
from tests.journeys.test_import import drop
from tests.journeys.test_money import taken_back
from tests.journeys.test_restitution import call

ANSWERED = range(3)
"""Three of the four banks have answered: the fourth account is where advice has something to ask or to stop."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The statements of three accounts in the platform's layout, as they were saved from the banks' answers."""
    folder = tmp_path / "演示真实材料"
    folder.mkdir()
    for owner in ANSWERED:
        (folder / f"演示银行交易明细信息{owner + 1}.csv").write_bytes(book_of(owner))
    return folder


@pytest.fixture
def matter(people: People) -> str:
    """The number of the case the statements belong to."""
    handler = people("handler1", "/cases")
    victims = [{"name": VICTIMS[0], "loss": "10万"}]
    body = {"source": "found", "fraud_type": "02", "story": "演示:刷单返利。", "victims": victims}
    return str(call(handler, "post", "/api/cases", body)["number"])


@pytest.fixture
def page(people: People, folder: Path) -> Iterator[Page]:
    """An analyst at the import page who dropped the folder; it is taken back afterwards."""
    page = people("analyst1", "/tracing/imports")
    expect(page.get_by_text("把文件夹或文件拖到这里")).to_be_visible()
    drop(page, folder)
    files = page.get_by_role("form", name="待导入的文件")
    files.get_by_role("button", name=f"导入 {len(ANSWERED)} 个文件").click()
    expect(page.get_by_label("状态", exact=True).get_by_text("已入账")).to_be_visible(timeout=60_000)
    imported = page.url
    yield page
    taken_back(page, imported)


def _type_seeds(page: Page) -> None:
    page.goto("/tracing/traces/new")
    page.get_by_label("名称").fill("演示 真实材料")
    cells = {"受害人": VICTIMS[0], "收款银行": "演示银行", "收款账号": CARDS[0], "金额": "10万"}
    for name, value in {**cells, "转账时间": "2025-03-01 12:00"}.items():
        page.get_by_label(f"第 1 行 {name}").fill(value)
    page.get_by_role("button", name="建立并计算").click()
    expect(page.get_by_role("heading", name="演示 真实材料")).to_be_visible()
    expect(page.get_by_text("被骗 100,000.00 =")).to_be_visible(timeout=90_000)


def test_a_folder_of_statements_ends_in_advice_a_drafted_order_and_the_table(page: Page, matter: str) -> None:
    _type_seeds(page)

    # By hand, first in first out: 87,000 of the victim went on into the fourth account, whose bank is silent.
    expect(page.get_by_text("待调取 87,000.00")).to_be_visible()
    page.get_by_role("tab", name="下一步").click()
    about = page.get_by_role("tabpanel").get_by_role("listitem").first
    expect(about).to_contain_text(CARDS[3][-4:])
    expect(about).to_contain_text("第4级")
    expect(about).to_contain_text("预计可止")
    about.get_by_role("button").last.click()
    drafts = page.get_by_role("dialog")
    drafts.get_by_label("案件或警情").click()
    page.get_by_role("option", name=re.compile(matter)).locator("visible=true").click()
    drafts.get_by_role("button", name="起草 1 张").click()
    expect(drafts.get_by_role("status")).to_contain_text("1")
    drafts.get_by_role("button", name="关闭").last.click()

    with page.expect_navigation():
        about.get_by_role("link", name=re.compile("ZF|CX")).click()
    expect(page.get_by_role("heading", name=re.compile("(止付|查询|调单) (ZF|CX)"))).to_be_visible()
    expect(page.get_by_text("草稿").first).to_be_visible()
    expect(page.get_by_text(CARDS[3])).to_have_count(0)

    page.get_by_role("main").get_by_role("link", name="资金", exact=True).click()
    page.get_by_role("button", name="导出", exact=True).click()
    dialog = page.get_by_role("dialog", name="导出")
    dialog.get_by_label("资金流向表 Excel").check()
    with page.expect_download() as taken:
        dialog.get_by_role("button", name="导出", exact=True).click()
    assert taken.value.suggested_filename.startswith("资金流向表-")
    book = CalamineWorkbook.from_filelike(io.BytesIO(Path(taken.value.path()).read_bytes()))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert VICTIMS[0][0] in "".join(map(str, cells))
