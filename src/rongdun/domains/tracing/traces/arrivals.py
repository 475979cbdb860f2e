"""How victims' money came to accounts of a trace: what an order to a bank must name, in clear, for other desks."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from rongdun.domains.tracing.traces import service
from rongdun.domains.tracing.traces.results import result_of
from rongdun.domains.tracing.traces.told import NOBODY, Told, ToldTransfer, victims_money
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An account of a trace with the latest transfer that brought victims' money; the payer as far as it is known.

    ``left_fen`` is what of the victims' money lies there by the trace's own rule.
    """

    account: str
    institution: str
    number: str
    name: str
    tier: int
    left_fen: int
    amount_fen: int | None = None
    time: datetime | None = None
    payer_institution: str = ""
    payer_number: str = ""
    payer_name: str = ""


def arrivals_of(uow: Uow, trace_id: UUID, accounts: Collection[str]) -> list[Arrived]:
    """Return the accounts of a trace at these addresses, the nearest tier first; unknown ones are left out.

    Raises ``NotFound`` outside the scope and ``NotComputed`` for a trace without a result.
    """
    found = service.find(uow, trace_id)
    opened = result_of(uow, found, found.rule)
    places = [place for place, address in enumerate(opened.addresses) if address in accounts]
    arrived = [_arrived(opened.told, place, opened.addresses[place]) for place in places]
    return sorted(arrived, key=lambda one: (one.tier, one.institution, one.number))


def _arrived(told: Told, place: int, address: str) -> Arrived:
    account, held = told.accounts[place], victims_money(told, place)
    bare = Arrived(
        account=address,
        institution=account.institution,
        number=account.number,
        name=account.name,
        tier=min((one.tier for one in held), default=0),
        left_fen=sum(one.left_fen for one in held),
    )
    came = [one for one in told.transfers if one.payee == place]
    if not came:
        return bare
    last = max(came, key=lambda one: (one.time, one.amount_fen))
    institution, number, name = _payer(told, last)
    return replace(
        bare,
        amount_fen=last.amount_fen,
        time=datetime.fromtimestamp(last.time / 1_000_000, UTC),
        payer_institution=institution,
        payer_number=number,
        payer_name=name,
    )


def _payer(told: Told, moved: ToldTransfer) -> tuple[str, str, str]:
    """Return who paid; of a transfer no statement shows, the victim it was reported by."""
    if moved.payer != NOBODY:
        one = told.accounts[moved.payer]
        return one.institution, one.number, one.name
    victims = {victim for victim, _ in moved.shares}
    return "", "", told.victims[victims.pop()] if len(victims) == 1 else ""
