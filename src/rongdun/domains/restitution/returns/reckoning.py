"""Reckoning a return: the evidence of a trace, the lawful mode with its reason, shares to the fen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rongdun.analytics.refunds.apportion import apportion
from rongdun.analytics.refunds.choose import choose
from rongdun.analytics.refunds.model import Apportionment, Arrival, Claim, Evidence
from rongdun.domains import tracing
from rongdun.domains.restitution.errors import NothingFrozen
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import ReturnClaim, ReturnOrder, claimant, frozen_account
from rongdun.domains.restitution.returns.moves import active, earlier, free_fen, move
from rongdun.domains.restitution.returns.service import seen
from rongdun.kernel.person_name import normalise_name
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence of the frozen account, and the trace it was read from."""

    evidence: Evidence
    trace_number: str


def reckon(uow: Uow, return_id: UUID, *, version: int, trace_id: UUID | None) -> ReturnOrder:
    """Reckon who gets what: choose the lawful mode from the trace (None: there is none), and keep the arithmetic.

    Raises :class:`NothingFrozen`, and what ``analytics.refunds`` refuses.
    """
    found = seen(uow, return_id, version)
    claims = active(store.claims_of(uow.session, uow.actor.scope, found.id))
    free = free_fen(uow, found)
    if free <= 0:
        raise NothingFrozen
    shown = _evidence(uow, found, claims, trace_id)
    listed = _claims(uow, found, claims)
    result = apportion(free, listed, choose(free, listed, shown.evidence))

    def write() -> None:
        _write(found, claims, result, trace_id=trace_id, shown=shown)
        found.reckoned_at = uow.now

    after: dict[str, object] = {
        "mode": result.mode.value,
        "share_fen": result.paid_fen,
        "leftover_fen": result.leftover_fen,
    }
    move(uow, found, "reckon", write=write, after=after)
    return found


def _claims(uow: Uow, found: ReturnOrder, claims: list[ReturnClaim]) -> list[Claim]:
    others = earlier(uow, found, claims)
    return [
        Claim(
            str(one.id), one.loss_fen, min(others.get(one.victim_id, 0) if one.victim_id else 0, one.loss_fen)
        )
        for one in claims
    ]


def _evidence(uow: Uow, found: ReturnOrder, claims: list[ReturnClaim], trace_id: UUID | None) -> Shown:
    if trace_id is None:
        return Shown(Evidence(), "")
    told = tracing.evidence_of(uow, trace_id, frozen_account(uow.vault, found).account)
    keys = _by_name(uow, claims)
    known = all(name in keys for one in told.came for name in map(normalise_name, one.carried))
    arrivals = [
        Arrival(
            one.time, one.amount_fen, {keys.get(normalise_name(n), n): fen for n, fen in one.carried.items()}
        )
        for one in told.came
    ]
    if told.other_in_fen:
        arrivals.append(Arrival(0, told.other_in_fen))
    left = {keys[normalise_name(n)]: fen for n, fen in told.left.items() if normalise_name(n) in keys}
    return Shown(Evidence(told.complete and known, arrivals, left), told.trace_number)


def _by_name(uow: Uow, claims: list[ReturnClaim]) -> dict[str, str]:
    """Return the claim of each name; of two victims of one name neither is known by it."""
    names: dict[str, str] = {}
    twice: set[str] = set()
    for one in claims:
        name = normalise_name(claimant(uow.vault, one).name)
        if name in names:
            twice.add(name)
        names[name] = str(one.id)
    return {name: key for name, key in names.items() if name not in twice}


def _write(
    found: ReturnOrder,
    claims: list[ReturnClaim],
    result: Apportionment,
    *,
    trace_id: UUID | None,
    shown: Shown,
) -> None:
    by_key = {share.key: share for share in result.shares}
    for one in claims:
        share = by_key[str(one.id)]
        one.share_fen, one.returned_fen = share.fen, share.returned_fen
    found.mode, found.trace_id = result.mode.value, trace_id
    found.frozen_fen, found.share_fen = result.frozen_fen, result.paid_fen
    found.leftover_fen = result.leftover_fen
    found.reckoning = _kept(result, shown)


def _kept(result: Apportionment, shown: Shown) -> dict[str, Any]:
    return {
        "mode": result.mode.value,
        "why": {"zh": result.why.zh, "en": result.why.en},
        "trace": shown.trace_number,
        "complete": shown.evidence.complete,
        "arrivals": len(shown.evidence.arrivals),
        "frozen_fen": result.frozen_fen,
        "pool_fen": result.pool_fen,
        "verified_fen": result.verified_fen,
        "leftover_fen": result.leftover_fen,
        "shares": [
            {
                "claim": share.key,
                "mode": share.mode.value,
                "loss_fen": share.loss_fen,
                "returned_fen": share.returned_fen,
                "weight_fen": share.weight_fen,
                "divisor_fen": share.divisor_fen,
                "floor_fen": share.floor_fen,
                "remainder": share.remainder,
                "extra": share.extra,
                "fen": share.fen,
            }
            for share in result.shares
        ],
    }
