"""Instructions and replies for tests; every name and number is visibly invented."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rongdun.domains.exchange import Instruction, Kind, Officer, Outcome, Party, Reply
from rongdun.kernel.clock import SHANGHAI

CITY = "cn.fj.fz."
PATH = "cn.fj.fz.bank_gs."
BANK, BANK_NAME = "999000000011", "演示工商银行"
OTHER, OTHER_NAME = "999000000029", "演示农业银行"
NOW = datetime(2026, 7, 1, 14, 30, tzinfo=SHANGHAI)
NUMBER = "6299990000000011"
VICTIM = "6299990000000029"
OFFICER = Officer(name="演示·甲", id_number="演0001", phone="10000000001")

STOP = Instruction(
    application_id="A1",
    kind=Kind.STOP,
    account=Party(institution=BANK, institution_name=BANK_NAME, number=NUMBER, name="演示乙"),
    unit_code="350100000000",
    unit_name="演示市反诈中心",
    operator=OFFICER,
    investigator=replace(OFFICER, name="演示·丙"),
    made_at=NOW,
    reason="演示:电信网络诈骗",
    case_number="演示〔2026〕1号",
    payer=Party(institution=OTHER, institution_name=OTHER_NAME, number=VICTIM, name="演示丁"),
    amount_fen=5_000_000,
    transfer_time=NOW - timedelta(minutes=20),
    start=NOW,
    end=NOW + timedelta(hours=48),
)


def instruction(application_id: str, **values: Any) -> Instruction:
    """Return the stop above under another id, with ``values`` in place of some."""
    number = values.pop("number", None)
    account = replace(STOP.account, number=number) if number else STOP.account
    return replace(STOP, application_id=application_id, account=account, **values)


def reply(application_id: str, message_id: str, **values: Any) -> Reply:
    """Return the answer of a stop that was carried out."""
    told = Reply(
        application_id=application_id,
        kind=Kind.STOP,
        institution=BANK,
        message_id=message_id,
        outcome=Outcome.DONE,
        answered_at=NOW + timedelta(minutes=6),
        balance_fen=4_200_000,
        held_fen=4_200_000,
        start=NOW + timedelta(minutes=6),
        end=NOW + timedelta(hours=48, minutes=6),
        clerk="演示·柜员",
    )
    return replace(told, **values)
