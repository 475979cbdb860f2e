"""Moving a request from state to state: judged by its table, put on record, told to open screens."""

from rongdun.domains.restitution.errors import NoSuchMeasure
from rongdun.domains.restitution.measures import Measure, measure_of
from rongdun.domains.restitution.relief.model import ReliefRequest
from rongdun.domains.restitution.relief.rules import RELIEF, facts_of
from rongdun.kernel.lifecycle import Facts, Moved, Offer, available, take
from rongdun.runtime.deadlines import close_all
from rongdun.runtime.uow import Uow

TOPIC = "relief"
"""The live topic of relief requests."""


def move(uow: Uow, found: ReliefRequest, action: str, *, reason: str = "") -> Moved:
    """Take ``action`` on a request; raise the refusal of its table, by name."""
    verdict = take(
        RELIEF,
        state=found.state,
        action=action,
        actor=uow.actor,
        facts=_facts(uow, found),
        now=uow.now,
        reason=reason,
    )
    found.state = verdict.to_state
    return verdict


def changed(uow: Uow, found: ReliefRequest, moved: Moved, *, after: dict[str, object] | None = None) -> None:
    """Put a step on record and tell open screens; the clocks end with the request."""
    if RELIEF.state(found.state).terminal:
        close_all(uow, subject=found.reference, outcome="met", reason=moved.reason)
    found.version += 1
    uow.session.flush()
    uow.record(
        f"relief.{moved.action}",
        found.reference,
        unit_path=found.unit_path,
        before={"state": moved.from_state},
        after={"state": moved.to_state, **(after or {})},
        note=moved.reason,
    )
    uow.publish(TOPIC, found.reference, found.unit_path)


def offers(uow: Uow, found: ReliefRequest) -> tuple[Offer, ...]:
    """Return what may be done to a request now, each with why not, if not."""
    return available(RELIEF, state=found.state, actor=uow.actor, facts=_facts(uow, found), now=uow.now)


def _facts(uow: Uow, found: ReliefRequest) -> Facts:
    freeze = freeze_instead(uow, found)
    return facts_of(
        ordered_by=[*found.ordered_by, *(freeze.ordered_by if freeze else ())],
        finding=found.finding,
        measure=freeze.kind if freeze else found.measure,
        actor=uow.actor,
    )


def freeze_instead(uow: Uow, found: ReliefRequest) -> Measure | None:
    """Return the freeze that took the place of the stop an undecided request is about; None otherwise."""
    if found.measure != "stop" or found.decided_at is not None:
        return None
    try:
        now = measure_of(uow, found.order_id)
    except NoSuchMeasure:
        return None
    return now if now.order_id != found.order_id else None
