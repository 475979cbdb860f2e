"""Moving a run from state to state: judged by its table, put on record, told to open screens."""

from rongdun.kernel.lifecycle import Moved, Offer, available, take
from rongdun.runtime.uow import Uow
from rongdun.simulation.whatif.model import Run
from rongdun.simulation.whatif.rules import WHATIF

TOPIC = "twin"
"""The live topic of runs."""


def move(uow: Uow, found: Run, action: str) -> Moved:
    """Take ``action`` on the run; raise the refusal of its table, by name."""
    decision = take(WHATIF, state=found.state, action=action, actor=uow.actor, facts={}, now=uow.now)
    found.state = decision.to_state
    found.version += 1
    found.beat_at = uow.now
    if WHATIF.state(decision.to_state).terminal:
        found.ended_at = uow.now
    uow.session.flush()
    uow.record(
        f"whatif_run.{action}",
        found.reference,
        unit_path=found.unit_path,
        before={"state": decision.from_state},
        after={"state": decision.to_state, "worlds_done": found.worlds_done},
    )
    tell(uow, found)
    return decision


def tell(uow: Uow, found: Run) -> None:
    """Tell open screens that the run came further."""
    uow.publish(TOPIC, found.reference, found.unit_path)


def offers(uow: Uow, found: Run) -> tuple[Offer, ...]:
    """Return what people may do to the run now, each with why not, if not."""
    every = available(WHATIF, state=found.state, actor=uow.actor, facts={}, now=uow.now)
    return tuple(offer for offer in every if offer.action == "cancel")
