"""The duty board: what expires first is first, one key acts, and nobody's list stands still unseen."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.centre import Centre
from tests.journeys.conftest import People, choose


def rows(page: Page) -> Locator:
    return page.locator("tr[data-row]")


def row_of(page: Page, label: str) -> Locator:
    return rows(page).filter(has_text=label)


def test_what_expires_first_is_first(people: People) -> None:
    page = people("leader1", "/duty/board")
    expect(rows(page).first).to_be_visible()
    answer = page.request.get("/api/deadlines?size=200&sort=due_at&filter=state:eq:running").json()
    due = {one["id"]: one["due_at"] for one in answer["items"]}
    shown = rows(page).evaluate_all("all => all.map(one => one.dataset.id)")
    running = [one for one in shown if one in due]
    assert len(running) > 15
    assert [due[one] for one in running] == sorted(due[one] for one in running)
    expect(rows(page).first).to_contain_text("已超")
    counted = [int(one) for one in page.locator(".tile .n").all_inner_texts()]
    assert sum(counted) == len(shown)


def test_a_deadline_is_acknowledged_and_completed_by_keyboard(people: People) -> None:
    page = people("leader1", "/duty/board")
    label = "督办 DB-演示-0001"
    choose(page, page.get_by_role("combobox", name="到期范围"), "7 天内")
    expect(row_of(page, label)).to_be_visible()
    rows(page).first.focus()
    for _ in range(rows(page).count()):
        if label in page.evaluate("document.activeElement.innerText"):
            break
        page.keyboard.press("j")
    page.keyboard.press("a")
    expect(row_of(page, label)).to_contain_text("演示·何十二")
    row_of(page, label).focus()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="办结时限")
    dialog.get_by_label("办理结果").fill("报告已报送")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已办结")).to_be_visible()
    expect(row_of(page, label)).to_have_count(0)
    page.goto("/duty/deadlines?filter=&q=DB-演示-0001")
    row_of(page, label).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("报告已报送")).to_be_visible()
    expect(drawer.get_by_text("按时办结").first).to_be_visible()


def test_somebody_without_the_right_sees_no_buttons(people: People) -> None:
    page = people("auditor", "/duty/board")
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("button", name="知悉")).to_have_count(0)
    expect(page.get_by_role("button", name="办结")).to_have_count(0)


def test_an_empty_board_says_so(people: People) -> None:
    page = people("regulator4", "/duty/board")
    expect(page.get_by_text("这段时间内没有要到期的事项")).to_be_visible()


def test_what_one_does_another_sees_without_asking(people: People) -> None:
    label = "申诉 SS-演示-0001"
    watcher, actor = people("leader2", "/duty/board?h=168"), people("leader1", "/duty/board?h=168")
    expect(row_of(watcher, label).get_by_role("button", name="知悉")).to_be_visible()
    row_of(actor, label).get_by_role("button", name="知悉").click()
    expect(row_of(watcher, label)).to_contain_text("演示·何十二", timeout=8_000)


def test_a_killed_web_process_is_said_and_what_was_missed_comes_after(people: People, centre: Centre) -> None:
    label = "惩戒 CJ-演示-0001"
    page = people("leader2", "/duty/board?h=168")
    people.watch(page).expect_loss()
    expect(row_of(page, label).get_by_role("button", name="知悉")).to_be_visible()
    expect(page.get_by_role("img", name="实时连接正常")).to_be_visible()
    page.context.set_offline(True)
    centre.kill_web()
    expect(page.get_by_text("连接已断开，正在重连")).to_be_visible()
    other = people("leader1", "/duty/board?h=168")
    row_of(other, label).get_by_role("button", name="知悉").click()
    expect(row_of(other, label)).to_contain_text("演示·何十二")
    page.context.set_offline(False)
    expect(page.get_by_text("连接已断开，正在重连")).to_have_count(0, timeout=40_000)
    expect(row_of(page, label)).to_contain_text("演示·何十二")


def test_the_handover_sheet_is_a_pdf(people: People) -> None:
    page = people("leader1", "/duty/board")
    with page.expect_download(timeout=60_000) as downloading:
        page.get_by_role("button", name="打印 PDF").click()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")


def test_the_wall_shows_the_same_in_figures_a_room_can_read(people: People) -> None:
    page = people("leader1", "/wall", size={"width": 1920, "height": 1080})
    expect(page.locator(".next li")).to_have_count(10)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("main")).to_contain_text("演示")
    sizes = page.locator(".next .what").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 28
    expect(page.locator("time.clock")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    across, down = page.evaluate(
        "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
    )
    assert across <= 0
    assert down <= 0
