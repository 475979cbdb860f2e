"""The drill: a call rings, orders really go to banks that really answer, and the money comes back; ten minutes for a
newcomer. Here the desks' work between the screens is done over HTTP, each step by whoever may do it.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.centre import Centre, running_centre
from tests.journeys.conftest import PASSWORD, People

WITHIN_S = 120
"""A bank of the drill answers in seconds; a busy machine takes longer over an import or a trace."""

MESSAGE = re.compile(
    r"(\d+)月(\d+)日(\d\d:\d\d)，从(.+?)账户(\w+)向(.+?)账户(\w+)（户名(.+)）转账([\d,.]+)元"
)


@dataclass
class Desks:
    """Everybody who does something in the walk, by login; each signed in once."""

    url: str
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def call(self, login: str, method: str, path: str, **body: Any) -> Any:
        """Call the API as somebody; what goes wrong fails the test with the answer's own words."""
        answer = self._client(login).request(method, path, json=body or None)
        assert answer.status_code < 300, f"{login} {path}: {answer.text}"
        return answer.json()

    def get(self, login: str, path: str) -> Any:
        return self.call(login, "GET", path)

    def post(self, login: str, path: str, **body: Any) -> Any:
        return self.call(login, "POST", path, **body)

    def until(self, login: str, path: str, true: Any) -> Any:
        """Ask again until ``true`` of the answer holds."""
        end = time.monotonic() + WITHIN_S
        while True:
            found = self.get(login, path)
            if true(found) or time.monotonic() > end:
                assert true(found), found
                return found
            time.sleep(0.5)

    def _client(self, login: str) -> httpx.Client:
        if login not in self.clients:
            client = httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=60)
            assert client.post("/api/auth/login", json={"login": login, "password": PASSWORD}).is_success
            client.headers["X-CSRF-Token"] = client.get("/api/auth/me").json()["csrf"]
            self.clients[login] = client
        return self.clients[login]


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """A centre whose banks answer."""
    with running_centre(drill=True) as running:
        yield running


@pytest.fixture
def desks(centre: Centre) -> Iterator[Desks]:
    here = Desks(centre.url)
    yield here
    for client in here.clients.values():
        client.close()


def test_from_the_ringing_to_the_money_back(centre: Centre, browser: Browser, desks: Desks) -> None:
    people = People(centre, browser)
    page = people("intake1", "/duty/board")
    page.get_by_role("link", name="开始演练").click()
    _wait_for_the_city(desks)
    page.get_by_role("button", name="接听来电").click()
    expect(page.get_by_role("heading", name=re.compile("来电$"))).to_be_visible()
    call = desks.get("intake1", "/api/drill")["call"]
    expect(page.get_by_text(call["story"])).to_be_visible()

    page.get_by_role("button", name="去办理").click()
    expect(page.get_by_role("heading", level=1, name="接警")).to_be_visible()
    expect(page.get_by_role("complementary", name="演练")).to_contain_text("录入警情")

    report = _take(desks, call)
    case = _accept(desks, report)
    trace = _ask_and_trace(desks, report, case)
    _file(desks, case["id"])
    freeze = _freeze(desks, report, case, trace)
    assert freeze["held_fen"] > 0
    paid = _give_back(desks, case, freeze, trace)

    page.goto("/drill")
    expect(page.get_by_role("heading", name="走完了：钱已返还")).to_be_visible()
    expect(page.get_by_text(f"已返还 {paid / 100:,.2f} 元")).to_be_visible()
    for context in people.contexts:
        context.close()


def test_an_account_of_the_walk_is_one_click_away(centre: Centre, browser: Browser, desks: Desks) -> None:
    _wait_for_the_city(desks)
    call = desks.post("intake1", "/api/drill/calls")["call"]
    _take(desks, call)
    people = People(centre, browser)
    page = people("leader1", "/drill")
    desks.until("intake1", "/api/drill", lambda found: found["steps"][2]["done"])
    page.get_by_role("button", name="换成 演示·郑四 办理").click()
    expect(page.get_by_role("button", name="我的菜单")).to_contain_text("演示·郑四")
    for context in people.contexts:
        context.close()


def _wait_for_the_city(desks: Desks) -> None:
    """Nobody waits for the city when the centre starts; a test does."""
    end = time.monotonic() + WITHIN_S
    while desks._client("intake1").get("/api/drill").status_code != 200:
        assert time.monotonic() < end, "the drill's city did not come"
        time.sleep(1)


def _take(desks: Desks, call: dict[str, Any]) -> dict[str, Any]:
    transfers = []
    for message in call["messages"]:
        found = MESSAGE.fullmatch(message)
        assert found, message
        month, day, at, out_bank, out_number, bank, number, name, amount = found.groups()
        transfers.append(
            {
                "time": f"{call['time'][:4]}-{month}-{day} {at}",
                "out_institution": out_bank,
                "out_account": out_number,
                "out_name": call["name"],
                "institution": bank,
                "account": number,
                "name": name,
                "amount": amount,
                "kind": "corporate" if "公司" in name else "personal",
            }
        )
    victim = {"name": call["name"], "id_number": call["id_number"], "phone": call["phone"]}
    form = {"source": "96110", "classification": "consummated", "fraud_type": "01", "story": call["story"]}
    taken = desks.post(
        "intake1", "/api/reports", **form, victim=victim, transfers=transfers, on_call=True, stops="send"
    )
    assert {one["state"] for one in taken["stops"]} == {"SENT"}
    return {**taken["report"], "form": transfers}


def _accept(desks: Desks, report: dict[str, Any]) -> dict[str, Any]:
    units = desks.get("leader1", "/api/units?q=鼓楼分局&size=20")["items"]
    gulou = next(one["id"] for one in units if one["name"] == "福州市公安局鼓楼分局")
    path = f"/api/reports/{report['id']}"
    now = desks.get("intake1", path)
    found = desks.post("intake1", f"{path}/accept", version=now["version"], unit_id=gulou)
    return {"id": found["case_id"], "number": found["case_number"]}


def _ask_and_trace(desks: Desks, report: dict[str, Any], case: dict[str, Any]) -> str:
    target = _target(report)
    subject = {"kind": "case", "id": case["id"], "label": case["number"]}
    query = desks.post(
        "stop1",
        "/api/orders",
        kind="query",
        question="query_transactions",
        subject=subject,
        target=target,
        urgent=True,
    )
    desks.post("stop1", f"/api/orders/{query['id']}/send", version=query["version"])
    trace = desks.post("stop1", f"/api/reports/of-case/{case['id']}/trace")["trace_id"]
    desks.until("stop1", f"/api/orders/{query['id']}", lambda found: found["state"] == "ANSWERED")
    desks.until("handler1", f"/api/traces/{trace}", lambda found: found["state"] == "READY")
    return str(trace)


def _file(desks: Desks, case_id: str) -> None:
    path = f"/api/cases/{case_id}"
    case = desks.get("handler1", path)
    case = desks.post("handler1", f"{path}/handle", version=case["version"], handle=True)
    proposed = {"action": "propose_file", "reason": "有犯罪事实,应当追究刑事责任"}
    case = desks.post("handler1", f"{path}/move", version=case["version"], **proposed)
    filed = desks.post("county1", f"{path}/move", action="file", version=case["version"], reason="同意立案")
    assert filed["state"] == "FILED"


def _freeze(desks: Desks, report: dict[str, Any], case: dict[str, Any], trace: str) -> dict[str, Any]:
    order = desks.post(
        "handler1",
        "/api/orders",
        kind="freeze",
        subject={"kind": "case", "id": case["id"], "label": case["number"]},
        target=_target(report),
        months=6,
        reason="涉案资金",
        trace_id=trace,
    )
    path = f"/api/orders/{order['id']}"
    order = desks.post("county1", f"{path}/approve_county", version=order["version"], reason="同意")
    desks.post("county1", f"{path}/send", version=order["version"])
    frozen: dict[str, Any] = desks.until("handler1", path, lambda found: found["state"] == "FROZEN")
    return frozen


def _give_back(desks: Desks, case: dict[str, Any], freeze: dict[str, Any], trace: str) -> int:
    found = desks.post("handler1", "/api/returns", order_id=freeze["id"])
    path, claim = f"/api/returns/{found['id']}", found["claims"][0]
    found = desks.call(
        "handler1",
        "PUT",
        f"{path}/claims/{claim['id']}",
        version=found["version"],
        notified=True,
        applied=True,
        materials=[one["code"] for one in found["materials"]],
        verified=True,
        loss_fen=claim["loss_fen"],
    )
    for action in ("notify", "apply", "complete"):
        found = desks.post("handler1", f"{path}/step", action=action, version=found["version"])
    found = desks.post("handler1", f"{path}/reckon", version=found["version"], trace_id=trace)
    assert found["mode"] in ("A", "B")
    assert 0 < found["share_fen"] <= claim["loss_fen"]
    found = desks.post("city1", f"{path}/approve", version=found["version"], note="同意返还")
    other = desks.get("handler1", f"/api/returns/colleagues?return_id={found['id']}")[0]["id"]
    found = desks.post("handler1", f"{path}/bank", version=found["version"], with_officer=other)
    receipt = {"number": "演示回执001", "clerk": "演示·柜员"}
    paid = [{"claim_id": claim["id"], "fen": found["share_fen"]}]
    found = desks.post("handler1", f"{path}/receipt", version=found["version"], **receipt, paid=paid)
    assert found["state"] == "PAID"
    return int(found["paid_fen"])


def _target(report: dict[str, Any]) -> dict[str, str]:
    last = report["form"][-1]
    return {"institution": last["institution"], "number": last["account"], "name": last["name"]}
