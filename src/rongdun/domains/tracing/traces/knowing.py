"""What a trace knows of each account by every rule: the ground on which the desk of orders is advised."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from rongdun.domains.tracing.traces import service
from rongdun.domains.tracing.traces.results import Opened, result_of
from rongdun.domains.tracing.traces.told import NOBODY, ToldAccount, ToldTransfer, tiers_of
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.tracing.advice.model import Arrival, KnownAccount
    from rongdun.analytics.tracing.model import Kind, Rule

_HISTORIC: Final = 3 * 24 * 3_600_000_000
"""A trace whose last row is older than this many µs is looked at as of then: it is not being chased now."""

_CORPORATE: Final = "corporate"


@dataclass(frozen=True, slots=True)
class TraceKnown:
    """Accounts of a trace by address. ``as_of``: the moment they are judged at (µs), ``live`` where that is now."""

    trace_id: UUID
    as_of: int
    live: bool
    accounts: "dict[str, KnownAccount]"


def known_in(uow: Uow, trace_id: UUID) -> TraceKnown:
    """Return what every believed rule says of the accounts of a trace.

    Raises ``NotFound`` outside the scope and ``NotComputed`` for a trace without a result.
    """
    from rongdun.analytics.tracing.advice.prior import BELIEVED

    found = service.find(uow, trace_id)
    opened = {rule: result_of(uow, found, rule.value) for rule in BELIEVED}
    last = max(one.told.as_of for one in opened.values())
    now = round(uow.now.timestamp() * 1_000_000)
    live = found.as_of is None and now - last < _HISTORIC
    return TraceKnown(found.id, now if live else last, live, _accounts(opened))


def _accounts(opened: "dict[Rule, Opened]") -> "dict[str, KnownAccount]":
    from rongdun.analytics.tracing.advice.model import KnownAccount

    arrivals = _arrivals(opened)
    told, tier, left = _told(opened)
    found = {}
    for address, one in told.items():
        if address not in tier:
            continue
        found[address] = KnownAccount(
            institution=one.institution,
            number=one.number,
            name=one.name,
            kind=_kind(opened, address),
            tier=tier[address],
            observed_until=one.observed_until if one.observed else 0,
            arrivals=arrivals.get(address, []),
            left=left[address] if one.observed else {},
            hub=one.hub,
        )
    return found


def _told(
    opened: "dict[Rule, Opened]",
) -> "tuple[dict[str, ToldAccount], dict[str, int], dict[str, dict[Rule, int]]]":
    """Return by address the account, its fewest hops by any rule, and what each rule leaves there."""
    told: dict[str, ToldAccount] = {}
    tier: dict[str, int] = {}
    left: dict[str, dict[Rule, int]] = {}
    for rule, one in opened.items():
        for place, address in enumerate(one.addresses):
            told[address] = one.told.accounts[place]
            left.setdefault(address, dict.fromkeys(opened, 0))
        for place, hops in tiers_of(one.told).items():
            address = one.addresses[place]
            tier[address] = min(hops, tier.get(address, hops))
        for held in one.told.holdings:
            left[one.addresses[held.account]][rule] += held.left_fen
    return told, tier, left


def _arrivals(opened: "dict[Rule, Opened]") -> "dict[str, list[Arrival]]":
    """Return by address the transfers that brought victims' money by any rule; equal ones of one moment add up."""
    from rongdun.analytics.tracing.advice.model import Arrival

    sums: dict[tuple[str, str, int, int, str], dict[Rule, int]] = {}
    for rule, one in opened.items():
        for moved in one.told.transfers:
            if moved.payee != NOBODY:
                key = _key(one, moved)
                fen = sums.setdefault(key, dict.fromkeys(opened, 0))
                fen[rule] += sum(share for _, share in moved.shares)
    out: dict[str, list[Arrival]] = {}
    for (address, _, time, amount, books), fen in sorted(sums.items(), key=lambda one: one[0][2]):
        arrival = Arrival(time=time, fen=amount, tainted=fen, two_sided=books == "both")
        out.setdefault(address, []).append(arrival)
    return out


def _key(one: Opened, moved: ToldTransfer) -> tuple[str, str, int, int, str]:
    payer = one.addresses[moved.payer] if moved.payer != NOBODY else ""
    return one.addresses[moved.payee], payer, moved.time, moved.amount_fen, moved.books


def _kind(opened: "dict[Rule, Opened]", address: str) -> "Kind":
    """Return what kind of account it is: by why money stops there, else one of a company where the ledger knows it."""
    from rongdun.analytics.tracing.model import Kind

    ways = {
        "crypto": Kind.CRYPTO,
        "payment": Kind.PAYMENT,
        "consumption": Kind.MERCHANT,
        "cross_border": Kind.ABROAD,
    }
    for one in opened.values():
        if address in one.addresses:
            place = one.place_of(address)
            for held in one.told.holdings:
                if held.account == place and held.end in ways and held.out_fen == 0:
                    return ways[held.end]
    told = {
        one.told.accounts[one.place_of(address)].kind for one in opened.values() if address in one.addresses
    }
    return Kind.CORPORATE if _CORPORATE in told else Kind.UNKNOWN
