"""Moving a trace from state to state: judged by its table, put on record, told to open screens."""

from rongdun.domains.tracing.traces.model import Trace
from rongdun.domains.tracing.traces.rules import TRACE, facts_of
from rongdun.kernel.lifecycle import Moved, Offer, available, take
from rongdun.runtime.uow import Uow

TOPIC = "trace"
"""The live topic of traces."""


def move(uow: Uow, found: Trace, action: str, *, reason: str = "") -> Moved:
    """Take ``action`` on the trace; raise the refusal of its table, by name."""
    decision = take(
        TRACE,
        state=found.state,
        action=action,
        actor=uow.actor,
        facts=_facts(uow, found),
        now=uow.now,
        reason=reason,
    )
    found.state = decision.to_state
    changed(
        uow,
        found,
        f"trace.{action}",
        before={"state": decision.from_state},
        after={"state": decision.to_state},
        note=decision.reason,
    )
    return decision


def changed(
    uow: Uow,
    found: Trace,
    action: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    note: str = "",
) -> None:
    """Put a change of the trace on record and tell open screens; its version goes up."""
    found.version += 1
    found.beat_at = uow.now
    uow.session.flush()
    uow.record(action, found.reference, unit_path=found.unit_path, before=before, after=after, note=note)
    uow.publish(TOPIC, found.reference, found.unit_path)


def offers(uow: Uow, found: Trace) -> tuple[Offer, ...]:
    """Return what people may do to the trace now, each with why not, if not."""
    every = available(TRACE, state=found.state, actor=uow.actor, facts=_facts(uow, found), now=uow.now)
    return tuple(offer for offer in every if offer.action not in ("finish", "fail"))


def _facts(uow: Uow, found: Trace) -> dict[str, object]:
    facts = facts_of(units=found.units, computed=found.computed_at is not None, actor=uow.actor)
    return dict(facts)
