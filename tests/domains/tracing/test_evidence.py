"""What a trace shows of one account to the desk that pays money back; sums by hand in ``four_tiers``."""

from uuid import UUID

from rongdun.domains.tracing import AccountEvidence, evidence_of
from tests.domains.tracing.conftest import GULOU, TRACER, Desk, officer
from tests.domains.tracing.four_tiers import CARDS, VICTIMS
from tests.domains.tracing.test_trace_case import _computed, _statements


def _shown(desk: Desk, trace: str, number: str) -> AccountEvidence:
    with desk.centre.transact(desk.actor) as uow:
        return evidence_of(uow, UUID(trace), number)


def test_whose_money_came_when_and_what_of_it_is_left(desk: Desk) -> None:
    desk.actor = officer(GULOU, *TRACER)
    desk.imported(_statements(range(4)))
    found = _computed(desk)
    first = _shown(desk, found["id"], CARDS[0])
    assert first.complete
    assert [(one.amount_fen, dict(one.carried)) for one in first.came] == [
        (10_000_000, {VICTIMS[0]: 10_000_000}),
        (5_000_000, {VICTIMS[1]: 5_000_000}),
    ]
    assert {name: fen for name, fen in first.left.items() if fen} == {VICTIMS[1]: 3_100_000}
    assert first.other_in_fen == 0
    second = _shown(desk, found["id"], CARDS[1])
    assert [dict(one.carried) for one in second.came] == [{VICTIMS[0]: 10_000_000, VICTIMS[1]: 1_900_000}]
    assert {name: fen for name, fen in second.left.items() if fen} == {VICTIMS[1]: 1_100_000}


def test_an_account_without_its_own_statement_shows_nothing(desk: Desk) -> None:
    desk.actor = officer(GULOU, *TRACER)
    desk.imported(_statements([0, 1, 2]))
    found = _computed(desk)
    assert not _shown(desk, found["id"], CARDS[3]).complete
    assert not _shown(desk, found["id"], "6299999999999999999").complete
