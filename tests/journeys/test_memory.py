"""The auditor's view: searching, verifying, and a revealed number that stays on record."""

from playwright.sync_api import expect

from tests.journeys.centre import Centre
from tests.journeys.conftest import People, choose


def test_a_revealed_number_needs_a_purpose_and_stays_on_record(people: People) -> None:
    page = people("leader1", "/people/users?q=grid1")
    row = page.get_by_role("row").filter(has_text="grid1")
    expect(row).to_contain_text("199****1038")
    row.get_by_role("button", name="查看完整信息（留痕）").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("本次查看将记入审计")).to_be_visible()
    dialog.get_by_role("button", name="记录并查看").click()
    expect(dialog.get_by_text("必填")).to_be_visible()
    choose(page, dialog.get_by_label("查看目的"), "预警劝阻")
    dialog.get_by_label("说明").fill("YJ-演示-0001 联系网格员上门")
    dialog.get_by_role("button", name="记录并查看").click()
    expect(row).to_contain_text("19900001038")
    row.get_by_role("button", name="重新遮盖").click()
    expect(row).to_contain_text("199****1038")

    auditor = people("auditor", "/oversight/audit?q=YJ-演示-0001")
    entry = auditor.get_by_role("row").filter(has_text="查看完整信息").first
    expect(entry).to_contain_text("演示·何十二")
    expect(entry).to_contain_text("预警劝阻")
    entry.click()
    drawer = auditor.get_by_role("dialog", name="审计记录")
    expect(drawer.get_by_text("本条与前一条相连，未被改动")).to_be_visible()
    expect(drawer.get_by_text("YJ-演示-0001 联系网格员上门")).to_be_visible()
    expect(drawer.get_by_text("19900001038")).to_have_count(0)


def test_the_chain_is_verified_and_an_altered_row_is_found(people: People, centre: Centre) -> None:
    page = people("auditor", "/oversight/audit")
    chain = page.get_by_role("region", name="审计链状态")
    chain.get_by_role("button", name="核验完整性").click()
    expect(chain.get_by_text("完整无改动")).to_be_visible(timeout=60_000)
    expect(chain).to_contain_text("条链")

    [(oldest,)] = centre.execute("select id::text from audit_entries order by at, seq limit 1")
    rewrite(centre, oldest, "note || '改'")
    try:
        chain.get_by_role("button", name="核验完整性").click()
        expect(chain.get_by_text("发现异常，须立即报告")).to_be_visible(timeout=60_000)
        expect(chain.get_by_role("listitem").first).to_be_visible()
    finally:
        rewrite(centre, oldest, "left(note, -1)")
    chain.get_by_role("button", name="核验完整性").click()
    expect(chain.get_by_text("完整无改动")).to_be_visible(timeout=60_000)


def rewrite(centre: Centre, entry: str, note: str) -> None:
    """Change an entry as only somebody with the keys to the database could."""
    centre.at_once(
        "alter table audit_entries disable trigger user",
        f"update audit_entries set note = {note} where id = '{entry}'",
        "alter table audit_entries enable trigger user",
    )


def test_searching_the_audit_is_itself_on_record(people: People) -> None:
    page = people("auditor", "/oversight/audit?q=掠影")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.goto("/oversight/audit?filter=action:like:audit.search")
    expect(page.get_by_role("row").filter(has_text="查询审计").first).to_contain_text("演示·丁三十九")
