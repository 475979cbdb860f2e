"""The drill's banks answer every kind of instruction over the city's books, in the words the centre reads."""

from datetime import UTC, datetime, timedelta

import pytest

from rongdun.adapters.banks import wire
from rongdun.adapters.banks.profile import load_profile
from rongdun.adapters.banks.simulator import Banks, load_manner
from rongdun.adapters.banks.simulator.banks import Pace
from rongdun.domains.exchange import Instruction, Kind, Officer, Outcome, Party
from rongdun.kernel.clock import FixedClock
from rongdun.simulation.demo_institutions import demo_institutions
from rongdun.simulation.drill.stage import Stage, manner_file

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
ASKED = (Kind.STOP, Kind.QUERY_TRANSACTIONS, Kind.QUERY_HOLDER, Kind.QUERY_ACCOUNTS, Kind.FREEZE)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(FixedClock(NOW))


@pytest.mark.parametrize("kind", ASKED)
def test_what_the_banks_answer_the_centre_reads(stage: Stage, kind: Kind) -> None:
    call = stage.next_call()
    paid = call.transfers[-1]
    names = {each.code: each.name.zh for each in demo_institutions()}
    code = next(code for code, name in names.items() if name == paid.payee.institution)
    with manner_file() as file:
        banks = Banks(stage.book, names, load_manner(file), Pace(NOW, NOW))
    banks.accept(
        code,
        Instruction(
            application_id=f"A-{kind}",
            kind=kind,
            account=Party(
                institution=code,
                institution_name=paid.payee.institution,
                number=paid.payee.number,
                name=paid.payee.name,
            ),
            unit_code="350100",
            unit_name="演示反诈中心",
            operator=Officer(name="演示·郑四"),
            investigator=Officer(name="演示·王五"),
            made_at=NOW,
            reason="演示",
            amount_fen=paid.amount_fen if kind is Kind.STOP else None,
            transfer_time=paid.time,
            start=NOW - timedelta(days=30),
            end=NOW + timedelta(hours=48),
        ),
        NOW,
    )
    profile = load_profile("national")
    reply = next(iter(banks.due(NOW + timedelta(minutes=5))))
    read = wire.read_reply(profile, wire.write_reply(profile, reply), received_at=NOW)
    assert read.outcome in (Outcome.DONE, Outcome.PARTIAL)
    if kind is Kind.QUERY_TRANSACTIONS:
        assert paid.amount_fen in [row.amount_fen for row in read.rows if row.incoming]
