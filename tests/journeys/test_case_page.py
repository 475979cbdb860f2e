"""What ties the desks together: from a case to its money, orders, returns and papers, and back."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.test_look import LOOKS, complaints
from tests.journeys.test_restitution import call

STOPPED = "6299990000000070018"


def _reported(people: People) -> tuple[Page, Any]:
    """Return the page of a report with a drafted stop, and the report."""
    page = people("intake1", "/intake/reports")
    moment = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=20)
    paid = {"institution": "演示工商银行", "account": STOPPED, "name": "演示金山489工程有限公司"}
    form = {
        "source": "96110",
        "classification": "consummated",
        "fraud_type": "02",
        "story": "演示:冒充客服。",
        "victim": {"name": "演示·苏五十", "phone": "1990000"},
        "transfers": [{**paid, "amount": "4.98万", "time": f"{moment:%Y-%m-%d %H:%M:%S}"}],
        "stops": "draft",
    }
    report = call(page, "post", "/api/reports", form)["report"]
    page.goto(f"/intake/reports/{report['id']}")
    return page, report


def _accepted(page: Page, report: Any) -> str:
    """Accept the report for the county; return the address of its case."""
    units = call(page, "get", "/api/units?q=鼓楼分局&size=5", {})["items"]
    body = {"version": report["version"], "unit_id": units[0]["id"]}
    accepted = call(page, "post", f"/api/reports/{report['id']}/accept", body)
    return f"/cases/{accepted['case_id']}"


def test_the_case_leads_to_its_money_its_next_order_and_its_papers(people: People) -> None:
    intake, report = _reported(people)
    address = _accepted(intake, report)
    page = people("handler1", address)

    page.get_by_role("button", name="由我主办").click()
    expect(page.get_by_role("button", name="不再主办")).to_be_visible()

    papers = page.get_by_role("region", name="文书")
    with page.expect_download() as taken:
        papers.get_by_role("button", name=f"受案回执 {report['number']} PDF").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-")

    orders = page.get_by_role("region", name="止付、调单、冻结")
    orders.get_by_role("button", name=re.compile("^调单")).click()
    dialog = page.get_by_role("dialog", name="新建指令")
    expect(dialog).to_contain_text("账号不必再输")
    expect(dialog.get_by_label("调单", exact=True)).to_be_checked()
    dialog.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("调单 CX")
    expect(page.get_by_role("main")).to_contain_text("演示工商银行")
    assert STOPPED not in page.get_by_role("main").inner_text()
    page.get_by_role("link", name=re.compile("案件 AJ")).click()

    page.get_by_role("button", name="追踪资金").click()
    expect(page).to_have_url(re.compile("/tracing/traces/"))
    page.get_by_role("link", name="所属案件").click()
    money = page.get_by_role("region", name="资金追踪")
    expect(money.get_by_role("link", name=re.compile("^ZJ"))).to_be_visible()
    expect(page.get_by_role("region", name="资金返还")).to_contain_text("还没有返还")
    page.get_by_role("button", name="新建返还单").click()
    expect(page.get_by_role("dialog", name="新建返还单")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="登记异议").click()
    expect(page.get_by_role("dialog", name="登记异议")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_report_case_and_order_pass_wcag_and_scroll_only_downwards(people: People, look: str) -> None:
    intake, report = _reported(people)
    order = call(intake, "get", f"/api/orders?filter=report_id:eq:{report['id']}", {})["items"][0]
    paths = [f"/intake/reports/{report['id']}", f"/orders/{order['id']}"]
    against: list[str] = []
    for path in [*paths, _accepted(intake, report)]:
        page = people("stop1", path, **LOOKS[look])  # type: ignore[arg-type]
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(600)
        against += [f"{path}: {one}" for one in complaints(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            against.append(f"{path}: scrolls sideways")
    assert not against, "\n".join(against)
