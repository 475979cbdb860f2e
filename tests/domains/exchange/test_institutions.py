"""Institutions, what came in from them, and how fast each answers, over HTTP and by name."""

from datetime import timedelta

from rongdun.domains import exchange
from rongdun.domains.exchange import Desk as InboxDesk
from rongdun.domains.exchange import Kind, Malformed, Outcome, Reply
from rongdun.kernel.errors import Text
from rongdun.runtime.uow import Uow
from tests.domains.exchange.test_outbox_api import NOON, Desk, desk

__all__ = ["desk"]

BANK = "999000000011"
ROWS: tuple[tuple[str, str, list[str]], ...] = (
    (BANK, "演示工商银行", ["演示工行"]),
    ("999000000125", "演示榕江农商银行", []),
    ("999000000133", "演示农商银行", []),
)


def _seed(desk: Desk) -> None:
    with desk.centre.transact() as uow:
        for code, name, aliases in ROWS:
            fixed = {"kind": "bank", "unit_path": "cn.fj.fz.bank_gs.", "transport": "form"}
            exchange.add_institution(uow, {"code": code, "name": name, "aliases": aliases, **fixed})


def _reply(message_id: str, application_id: str = "A1", outcome: Outcome = Outcome.DONE) -> Reply:
    return Reply(
        application_id=application_id,
        kind=Kind.STOP,
        institution=BANK,
        message_id=message_id,
        outcome=outcome,
        answered_at=NOON,
    )


def _take(desk: Desk, told: Reply | Malformed, effect: str = "applied") -> None:
    def read(raw: bytes) -> Reply:
        if isinstance(told, Malformed):
            raise told
        return told

    def receive(uow: Uow, reply: Reply) -> str:
        return effect

    with desk.centre.transact() as uow:
        sender = exchange.institution(uow, BANK)
        assert sender is not None
        exchange.take_in(uow, sender, str(told).encode(), proof="", desk=InboxDesk(read, receive))


def test_a_name_on_a_statement_means_one_institution_and_the_longest_name_wins(desk: Desk) -> None:
    _seed(desk)
    with desk.centre.transact() as uow:
        found = {
            text: getattr(exchange.institution_named(uow, text), "code", None)
            for text in (
                "演示工商银行福州 分行",
                "演示工行",
                BANK,
                "演示榕江农商银行连江支行",
                "没有这家银行",
            )
        }
    assert list(found.values()) == [BANK, BANK, BANK, "999000000125", None]


def test_institutions_are_listed_with_how_fast_they_answered(desk: Desk) -> None:
    _seed(desk)
    for number, minutes in enumerate((2, 4, 6, 60)):
        desk.clock.set(NOON)
        desk.send(f"A{number}", kind="stop")
        desk.clock.advance(timedelta(minutes=minutes))
        outcome = Outcome.TIMEOUT if minutes == 60 else Outcome.DONE
        _take(desk, _reply(f"M{number}", f"A{number}", outcome))
    listed = {each["code"]: each for each in desk.get("/api/exchange/institutions")}
    (speed,) = listed[BANK]["speeds"]
    assert (speed["kind"], speed["answered"], speed["median_s"], speed["failed"]) == ("stop", 4, 300, 1)
    assert listed["999000000125"]["speeds"] == []


def test_what_came_in_is_listed_without_its_content(desk: Desk) -> None:
    _seed(desk)
    _take(desk, _reply("M1"))
    (item,) = desk.get("/api/exchange/inbox")["items"]
    assert (item["state"], item["message_id"], item["application_id"]) == ("taken", "M1", "A1")
    assert "raw" not in item
    assert desk.get(f"/api/exchange/inbox/{item['id']}")["sha256"] == item["sha256"]


def test_what_the_desk_makes_of_an_unknown_application_is_said(desk: Desk) -> None:
    _seed(desk)
    _take(desk, _reply("M1"), effect="unknown")
    (item,) = desk.get("/api/exchange/inbox")["items"]
    assert (item["state"], item["reason_zh"]) == ("taken", "没有对应的指令，已留存备查")


def test_a_refused_message_is_worked_off_again_with_a_reason(desk: Desk) -> None:
    _seed(desk)
    _take(desk, Malformed.at("Result", Text("代码未知", "holds an unknown code")))
    (item,) = desk.get("/api/exchange/inbox", filter="state:eq:refused")["items"]
    assert "Result" in item["reason_en"]
    answer = desk.client.post(
        f"/api/exchange/inbox/{item['id']}/retake", json={"version": item["version"], "reason": "规范已更正"}
    )
    assert answer.json()["state"] == "received"

    def desk_of(uow: Uow, code: str) -> InboxDesk:
        return InboxDesk(lambda raw: _reply("M1"), lambda uow, reply: "applied")

    with desk.centre.transact() as uow:
        assert exchange.work_off(uow, desk_of, limit=10) == 1
    assert desk.get(f"/api/exchange/inbox/{item['id']}")["state"] == "taken"
