"""Money goes back to victims by mode C, and what is held wrongly is released in part."""

from itertools import count
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, People
from tests.journeys.test_look import complaints

CARDS = (f"6299990000{number:06d}026" for number in count(1))
LOSSES = {"演示·苏五十": "6万", "演示·林五一": "3万", "演示·吴五二": "1万"}


def call(page: Page, verb: str, path: str, body: dict[str, Any]) -> Any:
    """Call the API as the page's person would."""
    token = page.request.get("/api/auth/me").json()["csrf"]
    origin = "/".join(page.url.split("/", 3)[:3])
    headers = {"X-CSRF-Token": token, "Origin": origin}
    answer = getattr(page.request, verb)(path, data=body, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


def filed_case(handler: Page, county: Page) -> Any:
    victims = [
        {"name": name, "loss": loss, "institution": "演示建设银行", "account": "6299991000000000036"}
        for name, loss in LOSSES.items()
    ]
    body = {"source": "found", "fraud_type": "02", "story": "演示:冒充客服。", "victims": victims}
    case = call(handler, "post", "/api/cases", body)
    path = f"/api/cases/{case['id']}"
    case = call(handler, "post", f"{path}/handle", {"version": case["version"], "handle": True})
    proposed = {"version": case["version"], "action": "propose_file", "reason": "演示:有犯罪事实"}
    case = call(handler, "post", f"{path}/move", proposed)
    return call(
        county, "post", f"{path}/move", {"version": case["version"], "action": "file", "reason": "同意"}
    )


def frozen(people: People, held_fen: int) -> tuple[Page, Any, Any]:
    """Return the handler's page, a filed case and a freeze of it that the bank has carried out."""
    handler, county, bank = people("handler1"), people("county1"), people("bank1")
    case = filed_case(handler, county)
    wanted = {
        "kind": "freeze",
        "subject": {"kind": "case", "id": case["id"], "label": case["number"]},
        "target": {"institution": "演示工商银行", "number": next(CARDS), "name": "演示·乙二"},
        "reason": "演示",
        "amount_fen": held_fen,
        "months": 6,
    }
    order = call(handler, "post", "/api/orders", wanted)
    path = f"/api/orders/{order['id']}"
    order = call(county, "post", f"{path}/approve_county", {"version": order["version"], "reason": "同意"})
    order = call(handler, "post", f"{path}/send", {"version": order["version"]})
    answer = {
        "instruction": order["steps"][-1]["application_id"],
        "outcome": "done",
        "held_fen": held_fen,
        "balance_fen": held_fen,
    }
    return handler, case, call(bank, "post", f"{path}/answer", answer)


def _do(page: Page, button: str, words: str = "", label: str = "") -> None:
    """Press a step's button; fill in what its dialog asks for."""
    page.get_by_role("button", name=button, exact=True).click()
    if not label:
        return
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(label).fill(words)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def _state(page: Page, words: str) -> None:
    expect(page.get_by_text(words, exact=True).first).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_have_text(words)


def _complete(page: Page, victim: str) -> None:
    """Tick everything a victim's claim needs."""
    row = page.get_by_role("listitem").filter(has_text=victim)
    row.get_by_role("button", name="办理").click()
    dialog = page.get_by_role("dialog")
    for box in dialog.get_by_role("checkbox").all():
        box.check()
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    expect(row.get_by_text("材料 齐备")).to_be_visible()


def test_a_return_pro_rata_from_candidate_to_the_receipt(people: People) -> None:
    handler, case, _ = frozen(people, 5_000_000)
    handler.goto(f"/restitution/returns?case={case['id']}&new")
    handler.get_by_role("button", name="从此账户返还").click()
    _state(handler, "待告知")
    for victim in ("苏**", "林**", "吴**"):
        _complete(handler, victim)
    for step, state in (("告知完毕", "已告知被害人"), ("受理申请", "已申请"), ("材料齐备", "材料齐备")):
        _do(handler, step)
        _state(handler, state)
    handler.get_by_role("button", name="测算返还方案").click()
    handler.get_by_role("dialog").get_by_role("button", name="测算").click()
    _state(handler, "已测算")

    # 50,000 frozen against losses of 60,000, 30,000 and 10,000.
    table = handler.get_by_role("region", name="返还方案")
    expect(table).to_contain_text("50,000.00 × 60,000.00 ÷ 100,000.00")
    for share in ("30,000.00", "15,000.00", "5,000.00"):
        expect(table.get_by_text(share, exact=True).first).to_be_visible()
    expect(handler.get_by_text("100,000.00 元；条文所称")).to_be_visible()
    assert complaints(handler) == []

    city = people("city1", handler.url.removeprefix(people.centre.url))
    expect(city.get_by_role("button", name="批准返还")).to_be_disabled()
    expect(city.get_by_text("按比例返还须公告满三十日，未满期不得批准、不得支付").first).to_be_visible()
    _do(handler, "发布公告", "演示市公安局网站", "公告载体")
    _state(handler, "公告中")
    expect(handler.get_by_text("还剩 30 天").or_(handler.get_by_text("还剩 29 天")).first).to_be_visible()
    expect(city.get_by_role("button", name="批准返还")).to_be_disabled()
    people.centre.execute(
        "update return_orders set notice_from = notice_from - interval '31 days',"
        " notice_until = notice_until - interval '31 days' where id = %s",
        handler.url.rsplit("/", 1)[-1],
    )
    city.reload()
    _do(city, "批准返还", "演示:同意", "批示")
    _state(city, "市级已批准")
    expect(city.get_by_text("公刑返字").first).to_be_visible()

    handler.get_by_role("button", name="持通知书到银行").click()
    dialog = handler.get_by_role("dialog")
    dialog.get_by_label("同去的民警").focus()
    handler.keyboard.press("Enter")
    handler.get_by_role("option", name="演示·郭十八").locator("visible=true").click()
    dialog.get_by_role("button", name="持通知书到银行").click()
    _state(handler, "已送银行")
    with handler.expect_download() as taken:
        handler.get_by_role("button", name="协助返还通知书 PDF").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")

    bank = people("bank1", "/restitution/returns", size=PHONE)
    bank.get_by_role("link", name="FH20").click()
    bank.get_by_role("button", name="登记支付回执").click()
    form = bank.get_by_role("dialog")
    form.get_by_label("回执编号").fill("演示回执0001")
    form.get_by_label("已按下列金额逐项足额支付，未收取费用").check()
    assert complaints(bank) == []
    form.get_by_role("button", name="登记支付回执").click()
    _state(bank, "已支付")

    _state(handler, "已支付")
    _do(handler, "回执入卷")
    _state(handler, "回执入卷")
    _do(handler, "办结")
    _state(handler, "已办结")
    handler.get_by_role("link", name=case["number"]).click()
    expect(handler).to_have_url(f"{people.centre.url}/cases/{case['id']}")


def test_an_objection_is_lifted_in_part_by_somebody_else(people: People) -> None:
    handler, _, order = frozen(people, 3_000_000)
    handler.goto(f"/restitution/relief?order={order['id']}")
    dialog = handler.get_by_role("dialog")
    dialog.get_by_label("申请人姓名").fill("演示·乙二")
    dialog.get_by_label("异议理由").fill("演示:我是卖表的,其中一万元是货款。")
    dialog.get_by_role("button", name="登记异议").click()
    heading = handler.get_by_role("heading", level=1)
    expect(heading).to_contain_text("异议 JD")
    expect(handler.get_by_text("内部办结")).to_be_visible()
    _do(handler, "受理")
    _do(handler, "开始核查")
    handler.get_by_role("button", name="登记核查结论").click()
    form = handler.get_by_role("dialog")
    form.get_by_label("部分与案件无关").check()
    form.get_by_label("其中无关金额（元）").fill("1万")
    form.get_by_label("核查情况").fill("演示:合同、发货单、聊天记录相符")
    form.get_by_role("button", name="保存").click()
    expect(handler.get_by_text("无关的三日内解除")).to_be_visible()
    assert complaints(handler) == []
    expect(handler.get_by_role("button", name="部分解除")).to_have_count(0)
    expect(handler.get_by_text("由其他岗位办理：全部解除、部分解除、不予解除")).to_be_visible()

    county = people("county1", handler.url.removeprefix(people.centre.url))
    county.get_by_role("button", name="部分解除").click()
    decision = county.get_by_role("dialog")
    expect(decision.get_by_label("保留争议金额（元）")).to_have_value("20,000.00")
    decision.get_by_label("理由").fill("演示:一万元系真实货款")
    decision.get_by_role("button", name="部分解除").click()
    expect(county.get_by_text("部分解除", exact=True).first).to_be_visible()
    expect(handler.get_by_text("演示:一万元系真实货款")).to_be_visible()
    with handler.expect_download() as taken:
        handler.get_by_role("button", name="告知书 Word").click()
    assert taken.value.suggested_filename.startswith("解除通知书")
    _do(handler, "登记已告知")
    expect(handler.get_by_text("已告知申请人").first).to_be_visible()
    number = heading.inner_text().split()[-1]
    handler.goto("/restitution/relief")
    expect(handler.get_by_label("近 90 天误控统计")).to_contain_text("10,000.00")
    handler.keyboard.press("Control+k")
    handler.get_by_role("combobox", name="全局搜索").fill(number)
    expect(handler.get_by_role("group", name="异议").get_by_role("option")).to_contain_text("部分解除")
