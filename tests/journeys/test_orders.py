"""An order goes its way: drafted, reviewed with its consequences, sent, answered by form, frozen after filing."""

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, People
from tests.journeys.test_look import complaints

CARDS = (f"6299990000{number:06d}018" for number in count(1))
BANK = "演示工商银行"


def _call(page: Page, verb: str, path: str, body: dict[str, Any]) -> Any:
    """Call the API as the page's person would."""
    token = page.request.get("/api/auth/me").json()["csrf"]
    origin = page.url.split("/", 3)
    headers = {"X-CSRF-Token": token, "Origin": "/".join(origin[:3])}
    answer = getattr(page.request, verb)(path, data=body, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def case(people: People) -> Any:
    """A case of the county that a handler has taken, not filed yet; the bank has no interface."""
    form = "update exchange_institutions set transport = 'form', url = '' where name = %s"
    people.centre.execute(form, BANK)
    page = people("handler1")
    victims = [{"name": "演示·苏五十", "loss": "5万"}]
    body = {"source": "found", "fraud_type": "02", "story": "演示:冒充客服。", "victims": victims}
    found = _call(page, "post", "/api/cases", body)
    return _call(
        page, "post", f"/api/cases/{found['id']}/handle", {"version": found["version"], "handle": True}
    )


def _stopped(page: Page, number: str) -> str:
    """Have the centre stop an account for a report; return the number of the stop."""
    moment = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=20)
    made = _call(
        page,
        "post",
        "/api/orders",
        {
            "kind": "stop",
            "subject": {"kind": "report", "id": str(uuid4()), "label": "演示警情"},
            "target": {"institution": BANK, "number": number, "name": "演示·乙二"},
            "transfer": {"amount_fen": 5_000_000, "time": moment.isoformat()},
            "urgent": True,
            "reason": "演示",
        },
    )
    _call(page, "post", f"/api/orders/{made['id']}/send", {"version": made["version"]})
    return str(made["number"])


def _draft(page: Page, case: Any, *, kind: str = "止付", urgent: bool = False, account: str = "") -> str:
    """Fill the form in by hand; return the number of the draft."""
    page.goto("/orders")
    page.get_by_role("button", name="新建指令").click()
    dialog = page.get_by_role("dialog", name="新建指令")
    dialog.get_by_label(kind, exact=True).check()
    dialog.get_by_label("案件或警情").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(case["number"])
    page.get_by_role("option", name=case["number"]).locator("visible=true").click()
    dialog.get_by_label("受理机构").first.fill(f"{BANK}福州分行")
    dialog.get_by_label("账号").first.fill(account or next(CARDS))
    dialog.get_by_label("户名").first.fill("演示·乙二")
    if kind == "止付":
        dialog.get_by_label("汇款金额（元）").fill("5万")
        moment = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=20)
        dialog.get_by_label("交易时间").fill(f"{moment:%Y-%m-%dT%H:%M:%S}")
    else:
        dialog.get_by_label("冻结金额（元）").fill("5万")
    if not urgent and kind == "止付":
        dialog.get_by_label("紧急：可先发后审").uncheck()
    dialog.get_by_role("button", name="存为草稿").click()
    expect(page).to_have_url(re.compile("/orders/[0-9a-f-]{36}$"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{kind} ")
    return (heading.text_content() or "").split()[-1]


def test_a_leader_reviews_and_sends_and_the_banks_liaison_answers_by_form(people: People, case: Any) -> None:
    drafter = people("stop1")
    number = _draft(drafter, case)
    assert complaints(drafter) == []

    leader = people("leader1", "/orders/review")
    card = leader.get_by_role("article", name=number)
    expect(card.get_by_text("第 1 次止付，最多 2 次")).to_be_visible()
    assert complaints(leader) == []
    card.get_by_role("button", name="审核并发出").click()
    expect(card).to_have_count(0)

    bank = people("bank1", "/orders", size=PHONE)
    bank.get_by_role("link", name=number).click()
    expect(bank.get_by_role("heading", name="填写反馈")).to_be_visible()
    bank.get_by_label("已控金额（元）").fill("5万")
    bank.get_by_label("账户余额（元）").fill("5万")
    assert complaints(bank) == []
    bank.get_by_role("button", name="提交反馈").click()
    expect(bank.get_by_text("已止付", exact=True).first).to_be_visible()

    expect(drafter.get_by_text("已止付", exact=True).first).to_be_visible()
    expect(drafter.get_by_text("50,000.00").first).to_be_visible()
    expect(drafter.get_by_text("止付有效期")).to_be_visible()
    with drafter.expect_download() as taken:
        drafter.get_by_role("button", name="PDF").first.click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")


def test_a_freeze_waits_for_filing_and_is_approved_by_the_county(people: People, case: Any) -> None:
    drafter = people("handler1")
    account = next(CARDS)
    stop = _stopped(people("stop1"), account)
    number = _draft(drafter, case, kind="冻结", account=account)
    county = people("county1", "/orders/review")
    card = county.get_by_role("article", name=number)
    earlier = card.get_by_role("region", name="在先措施")
    expect(earlier).to_contain_text(stop)
    expect(earlier).to_contain_text("等银行反馈")
    assert complaints(county) == []
    expect(card.get_by_text("案件尚未立案，不得冻结")).to_be_visible()
    expect(card.get_by_text("立案前的调查核实不得采取冻结等强制性措施")).to_be_visible()
    expect(card.get_by_role("button", name="县级批准")).to_be_disabled()

    move = f"/api/cases/{case['id']}/move"
    proposed = {"version": case["version"], "action": "propose_file", "reason": "演示:有犯罪事实"}
    told = _call(drafter, "post", move, proposed)
    _call(county, "post", move, {"version": told["version"], "action": "file", "reason": "演示:同意"})
    county.reload()
    card.get_by_role("button", name="县级批准").click()
    county.get_by_role("dialog", name="县级批准").get_by_role("button", name="县级批准").click()
    expect(card).to_have_count(0)

    drafter.get_by_role("button", name="发出", exact=True).click()
    expect(drafter.get_by_text("已发出", exact=True).first).to_be_visible()
    bank = people("bank1", "/orders")
    bank.get_by_role("link", name=number).click()
    bank.get_by_label("已控金额（元）").fill("30000")
    bank.get_by_role("button", name="提交反馈").click()
    expect(bank.get_by_text("已冻结", exact=True).first).to_be_visible()
    expect(drafter.get_by_text("30,000.00").first).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_orders_look_as_they_should_on_desk_and_phone(people: People, case: Any, language: str) -> None:
    number = _draft(people("stop1"), case)
    for size in (DESK, PHONE):
        for path in ("/orders", "/orders/review"):
            page = people("leader1", path, size=size, language=language)
            expect(page.get_by_text(number).first).to_be_visible()
            assert complaints(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page = people("leader1", "/orders", size=size, language=language)
        page.get_by_role("link", name=number).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        assert complaints(page) == []


def _confirmed(people: People, case: Any) -> tuple[str, str]:
    """Have a stop of the case and the capped freeze made from it carried out by the bank; return their ids."""
    handler, county, bank = people("handler1"), people("county1"), people("bank1")
    move = f"/api/cases/{case['id']}/move"
    proposed = {"version": case["version"], "action": "propose_file", "reason": "演示：有犯罪事实"}
    told = _call(handler, "post", move, proposed)
    _call(county, "post", move, {"version": told["version"], "action": "file", "reason": "演示：同意"})
    moment = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=20)
    order: dict[str, Any] = {
        "kind": "stop",
        "subject": {"kind": "case", "id": case["id"], "label": case["number"]},
        "target": {"institution": BANK, "number": next(CARDS), "name": "演示·乙二"},
        "transfer": {"amount_fen": 5_000_000, "time": moment.isoformat()},
        "urgent": True,
        "reason": "演示",
    }
    stop = _call(handler, "post", "/api/orders", order)
    stop = _call(handler, "post", f"/api/orders/{stop['id']}/send", {"version": stop["version"]})
    _answered(bank, stop, held_fen=5_000_000, balance_fen=5_000_000)
    capped = {"kind": "freeze", "scope": "limited", "amount_fen": 4_000_000, "months": 6, "urgent": False}
    freeze = _call(handler, "post", "/api/orders", {**order, **capped, "from_order": stop["id"]})
    for page, step in ((county, "approve_county"), (handler, "send")):
        freeze = _call(page, "post", f"/api/orders/{freeze['id']}/{step}", {"version": freeze["version"]})
    _answered(bank, freeze, held_fen=4_000_000, balance_fen=5_000_000)
    return stop["id"], freeze["id"]


def _answered(bank: Page, order: Any, **told: Any) -> None:
    body = {"instruction": order["steps"][-1]["application_id"], "outcome": "done", **told}
    _call(bank, "post", f"/api/orders/{order['id']}/answer", body)


@pytest.mark.parametrize(
    ("language", "state", "hint", "after"),
    [
        ("zh-CN", "已冻结，止付解除中", "超出冻结限额的资金即可使用", "已转冻结"),
        ("en", "Frozen, the stop is being lifted", "what exceeds the cap can be used again", "Turned into"),
    ],
    ids=["zh", "en"],
)
def test_once_the_freeze_is_in_place_the_bank_is_asked_to_lift_the_stop(
    people: People, case: Any, language: str, state: str, hint: str, after: str
) -> None:
    stop, _ = _confirmed(people, case)
    seen = [people("leader1", f"/orders/{stop}", size=size, language=language) for size in (DESK, PHONE)]
    for page in seen:
        expect(page.get_by_text(state).first).to_be_visible()
        expect(page.get_by_text(hint)).to_be_visible()
        assert complaints(page) == []
    bank = people("bank1", f"/orders/{stop}")
    expect(bank.get_by_role("heading", name="填写反馈")).to_be_visible()
    bank.get_by_role("button", name="提交反馈").click()
    expect(bank.get_by_text("已转冻结", exact=True).first).to_be_visible()
    for page in seen:
        expect(page.get_by_text(after).first).to_be_visible()
        expect(page.get_by_text(hint)).to_have_count(0)
