"""A folder is dropped with good, dirty and hopeless files: a ledger, a workbook of rejects, an undo."""

import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.analytics.statements.making import CARD, CARD2, PLAIN, REPLY, csv_bytes, row, write_book
from tests.domains.tracing.conftest import DIRTY, UNKNOWN, statement
from tests.journeys.conftest import PHONE, People
from tests.journeys.test_look import complaints

FOLDER = "演示回函"
LATER = csv_bytes(
    REPLY, [row(交易时间="20250301130000", 交易金额="100.00", 交易余额="550.00", 交易流水号="S900")]
)
"""The balance before it was 800.00: 150.00 went in rows that nobody sent."""


def _of_another(content: bytes) -> bytes:
    return content.replace(CARD.encode(), CARD2.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a bank might send: good, dirty, unknown and hopeless files in one folder."""
    folder = tmp_path / FOLDER
    (folder / "补充").mkdir(parents=True)
    (folder / "演示银行交易明细信息.csv").write_bytes(statement(0, 1))
    (folder / "补充" / "演示银行交易明细信息2.csv").write_bytes(LATER)
    (folder / "脏.csv").write_bytes(_of_another(DIRTY))
    (folder / "演示农商行.csv").write_bytes(_of_another(UNKNOWN))
    (folder / "说明.txt").write_text("这是一段说明,没有表格", encoding="utf-8")
    (folder / "程序.exe").write_bytes(b"MZ" + bytes(range(256)) * 20)
    (folder / ".DS_Store").write_bytes(b"\x00")
    return folder


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook: one sheet as the platform sends it, one as nobody knows it."""
    text = UNKNOWN.decode("gb18030").replace("记账日", "登账日")
    unknown = [line.split(",") for line in text.splitlines()]
    known = [REPLY, [PLAIN.get(name, "") for name in REPLY]]
    folder = tmp_path / "补充回函"
    folder.mkdir()
    write_book(folder / "演示银行交易明细信息.xlsx", {"明细": known, "手工流水": unknown})
    return folder


def drop(page: Page, path: Path) -> None:
    """Drop a folder from the file manager: the browser itself opens it, as it does for a hand."""
    zone = page.get_by_role("region", name="拖入流水文件").bounding_box()
    assert zone
    client = page.context.new_cdp_session(page)
    data: dict[str, Any] = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        client.send(
            "Input.dispatchDragEvent",
            {"type": kind, "x": zone["x"] + 200, "y": zone["y"] + zone["height"] / 2, "data": data},
        )


def _imported(people: People, folder: Path) -> Page:
    page = people("analyst1", "/tracing/imports")
    people.watch(page).expect(415, "POST .*/api/files")
    expect(page.get_by_text("把文件夹或文件拖到这里")).to_be_visible()
    drop(page, folder)
    files = page.get_by_role("form", name="待导入的文件")
    expect(files.get_by_text("6 个文件")).to_be_visible()
    refused = files.get_by_role("listitem").filter(has_text="程序.exe")
    expect(refused).to_contain_text("不接受这种文件")
    files.get_by_label("说明", exact=True).fill("榕案2026-001 演示")
    files.get_by_role("button", name="导入 5 个文件").click()
    expect(page.get_by_role("heading", name="的导入")).to_be_visible()
    expect(page.get_by_label("状态", exact=True).get_by_text("已入账")).to_be_visible(timeout=60_000)
    return page


def _file(page: Page, name: str) -> Any:
    return page.get_by_role("region", name="本次导入的文件").get_by_role("rowgroup").filter(has_text=name)


def test_a_folder_becomes_a_ledger_a_workbook_of_rejects_and_an_undo(people: People, folder: Path) -> None:
    page = _imported(people, folder)
    address = page.url
    dirty = _file(page, "脏.csv")
    expect(dirty).to_contain_text("交易时间")
    expect(dirty).to_contain_text("时间无法识别")
    expect(dirty).to_contain_text("第 3 行")
    expect(_file(page, "补充/演示银行交易明细信息2.csv")).to_contain_text("资金查控 交易明细信息")
    expect(_file(page, "说明.txt")).to_contain_text("未读入")
    assert complaints(page) == []

    with page.expect_download() as taken:
        page.get_by_role("button", name="下载拒收行").click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(Path(taken.value.path()).read_bytes()))
    assert taken.value.suggested_filename.startswith("拒收行")
    assert "前天下午" in str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])

    _file(page, "演示农商行.csv").get_by_role("button", name="对应列").click()
    drawer = page.get_by_role("dialog", name="对应列")
    expect(drawer.get_by_label("“记账日”列的含义")).to_have_value("time")
    expect(drawer.get_by_label("“发生金额”列的含义")).to_have_value("amount")
    drawer.get_by_role("button", name="试读").click()
    expect(drawer.get_by_role("status")).to_contain_text("可入账 2 行")
    assert complaints(page) == []
    drawer.get_by_role("button", name="保存并读取").click()
    expect(_file(page, "演示农商行.csv")).to_contain_text("已读", timeout=60_000)

    page.get_by_role("link", name="查看账户流水").click()
    account = page.get_by_role("row").filter(has_text="演示银行")
    account.get_by_role("link").click()
    expect(page.get_by_role("row").filter(has_text="缺页").first).to_contain_text("−150.00")
    expect(page.get_by_text("6299990000000000011")).to_have_count(0)
    assert complaints(page) == []

    page.goto(address)
    page.get_by_role("button", name="撤销导入").click()
    dialog = page.get_by_role("dialog", name="撤销这次导入")
    dialog.get_by_role("button", name="撤销导入").click()
    expect(dialog.get_by_text("必填")).to_be_visible()
    dialog.get_by_label("理由").fill("演示完毕")
    dialog.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_text("演示·张六 撤销")).to_be_visible()
    expect(page.get_by_label("状态", exact=True).get_by_text("已撤销")).to_be_visible(timeout=60_000)
    page.goto("/tracing/accounts")
    expect(page.get_by_text("台账里还没有账户")).to_be_visible()


def test_one_unknown_sheet_is_mapped_in_place_and_nothing_counts_twice(people: People, book: Path) -> None:
    page = people("analyst1", "/tracing/imports")
    drop(page, book)
    page.get_by_role("form", name="待导入的文件").get_by_role("button", name="导入 1 个文件").click()
    sheet = _file(page, "演示银行交易明细信息.xlsx/手工流水")
    expect(sheet).to_contain_text("没有认识的表头", timeout=60_000)
    sheet.get_by_role("button", name="对应列").click()
    drawer = page.get_by_role("dialog", name="对应列")
    expect(drawer.get_by_label("版式名称")).to_have_value("手工流水")
    drawer.get_by_role("button", name="试读").click()
    expect(drawer.get_by_role("status")).to_contain_text("可入账 2 行")
    drawer.get_by_role("button", name="保存并读取").click()
    expect(page.get_by_label("状态", exact=True).get_by_text("已入账", exact=True)).to_be_visible(
        timeout=60_000
    )
    expect(sheet).to_contain_text("已读")
    counts = page.get_by_role("region", name="状态").locator("dd")
    expect(counts).to_have_text(["3", "3", "0", "0", "0"])
    assert complaints(page) == []


def test_an_import_is_left_and_found_again_and_nobody_else_finds_it(people: People, folder: Path) -> None:
    page = _imported(people, folder)
    address = page.url
    page.goto("/duty/board")
    page.goto("/tracing/imports")
    page.get_by_role("row").filter(has_text="榕案2026-001").first.click()
    expect(page.get_by_role("heading", name="的导入")).to_be_visible()
    station = people("station1", "/tracing/imports")
    expect(station.get_by_text("还没有导入过流水")).to_be_visible()
    expect(station.get_by_role("button", name="选择文件夹")).to_have_count(0)
    people.watch(station).expect(404, "GET .*/api/imports/")
    station.goto(address)
    expect(station.get_by_text("不在您的数据范围内")).to_be_visible()


def test_on_a_phone_nothing_is_cut_off(people: People, folder: Path) -> None:
    page = _imported(people, folder)
    phone = people("analyst2", page.url, size=PHONE)
    expect(phone.get_by_text("脏.csv")).to_be_visible()
    for path in (page.url, "/tracing/imports", "/tracing/accounts"):
        phone.goto(path)
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert complaints(phone) == []
