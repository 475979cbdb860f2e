"""Every kind of order, as an officer drafts it, can be written in the national profile and read back by a bank."""

from datetime import timedelta
from typing import Any

import pytest

from rongdun.adapters.banks import dialect_named
from rongdun.adapters.banks.profile import load_profile
from rongdun.adapters.banks.wire import read_instruction, write_instruction
from rongdun.domains.exchange import Instruction
from tests.domains.stop_payment.desk import Desk

ASKED: dict[str, dict[str, Any]] = {
    "stop": {},
    "freeze": {},
    "query_transactions": {"question": "query_transactions"},
    "query_holder": {"question": "query_holder"},
    "query_accounts": {"question": "query_accounts"},
    "query_dynamic": {"question": "query_dynamic"},
}


@pytest.mark.parametrize("reason", ["演示事由", ""])
@pytest.mark.parametrize("what", ASKED)
def test_what_an_officer_sends_a_bank_can_read(desk: Desk, what: str, reason: str) -> None:
    order = desk.sent("query" if what.startswith("query") else what, **ASKED[what], reason=reason)
    with desk.centre.transact() as uow:
        told = desk.told(uow, order)
    profile = load_profile("national")
    assert read_instruction(profile, write_instruction(profile, told)).account.number == told.account.number


def test_a_stop_that_an_officer_sends_is_understood_in_iso_20022(desk: Desk) -> None:
    order = desk.sent("stop", reason="演示事由：冒充客服，" * 30)
    with desk.centre.transact() as uow:
        told = desk.told(uow, order)
    iso = dialect_named("iso20022")
    read = iso.read_asked(iso.write_instruction(told))
    assert isinstance(read, Instruction)
    for part in ("application_id", "account", "amount_fen", "transfer_time", "reason", "start", "end"):
        assert getattr(read, part) == getattr(told, part), part


def test_a_query_that_names_no_period_asks_from_thirty_days_before_the_money_came(desk: Desk) -> None:
    """thirty days: policy ``query.look_back``; an hour: ``query.reply``."""
    now = desk.clock.now()
    order = desk.sent("query", time=now - timedelta(hours=2))
    with desk.centre.transact() as uow:
        told = desk.told(uow, order)
    assert told.start == now - timedelta(hours=2, days=30)
    assert told.end == now + timedelta(minutes=60)
