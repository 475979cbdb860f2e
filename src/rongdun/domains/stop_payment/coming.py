"""Drafts of what comes next, prepared before a term ends: whoever may decides, nobody has to write."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from rongdun.domains import cases
from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.drafting import Draft, drafted_from, make
from rongdun.domains.stop_payment.facts import is_filed, stops_taken
from rongdun.domains.stop_payment.model import Order, OrderStep
from rongdun.domains.stop_payment.moves import changed
from rongdun.domains.stop_payment.reasons import FILED, said
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.domains.stop_payment.steps import SYSTEM_MAKER, prepare, prepared
from rongdun.kernel.scope import SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import integer, term
from rongdun.runtime.uow import Uow


def next_for_stop(uow: Uow, order: Order) -> Order | OrderStep | None:
    """Prepare what comes after a stop: a freeze once the case is filed, an extension shortly before the end if not."""
    if order.state not in HOLDING or order.ends_at is None:
        return None
    if is_filed(uow, order):
        return _freeze_after(uow, order)
    lead = clocks.lead(uow, "stop.prepare_next")
    if order.state == "EXTENDED" or order.ends_at - uow.now > timedelta(hours=lead.amount):
        return None
    return _extension(uow, order)


def next_for_freeze(uow: Uow, order: Order) -> OrderStep | None:
    """Prepare the renewal of a freeze before it ends, for the same term; it is approved like the freeze itself."""
    if order.state not in HOLDING or order.ends_at is None or _has(uow, order, "renew_freeze"):
        return None
    months = order.months or term(uow.session, "freeze.period", on=civil_date(uow.now)).amount
    span = (order.ends_at, clocks.freeze_end(uow, order.ends_at, months))
    step = prepare(uow, order, "renew_freeze", span=span, months=months, maker=SYSTEM_MAKER)
    changed(uow, order, "renewal_prepared", detail={"months": months})
    return step


def next_for_case(uow: Uow, case_id: UUID) -> list[Order]:
    """Prepare a freeze for each stop in force of a filed case; return those that are new."""
    made = []
    for order in store.orders_of_case(uow.session, uow.actor.scope, case_id):
        if order.kind == "stop" and order.state in HOLDING:
            found = next_for_stop(uow, order)
            made += [found] if isinstance(found, Order) else []
    return made


def freeze_draft(uow: Uow, order: Order) -> Draft:
    """Return the draft of a freeze that takes a stop over: capped at what the stop was about, for half a year."""
    assert order.case_id is not None
    ref = cases.case_of(uow, order.case_id)
    months = term(uow.session, "freeze.period", on=civil_date(uow.now)).amount
    return replace(
        drafted_from(uow, order),
        kind="freeze",
        subject=SubjectRef("case", str(ref.id), ref.number),
        unit_path=ref.unit_path,
        scope="limited" if order.amount_fen else "full",
        amount_fen=order.amount_fen,
        months=months,
        from_order=order.id,
        reason=said(FILED),
        batch_id=None,
    )


def _freeze_after(uow: Uow, order: Order) -> Order | None:
    there = store.following(uow.session, uow.actor.scope, order.id)
    if any(one.kind == "freeze" and one.state != "WITHDRAWN" for one in there):
        return None
    made = make(uow, freeze_draft(uow, order))
    changed(uow, order, "freeze_prepared", detail={"freeze": made.number})
    return made


def _extension(uow: Uow, order: Order) -> OrderStep | None:
    taken, most = (
        len(stops_taken(uow, order)),
        integer(uow.session, "stop.max_per_account", on=civil_date(order.made_at)),
    )
    if _has(uow, order, "extend_stop") or taken >= most:
        return None
    assert order.ends_at is not None
    span = (order.ends_at, clocks.stop_end(uow, order.ends_at))
    step = prepare(uow, order, "extend_stop", span=span, maker=SYSTEM_MAKER)
    changed(uow, order, "extension_prepared")
    return step


def _has(uow: Uow, order: Order, kind: str) -> bool:
    """Tell whether an instruction of ``kind`` is prepared or on its way."""
    steps = store.steps_of(uow.session, uow.actor.scope, order.id)
    return prepared(uow, order, kind) is not None or any(
        one.kind == kind and one.state == "SENT" for one in steps
    )
