"""Moving an import from state to state: judged by its table, put on record, told to open screens."""

from rongdun.domains.tracing.model import LedgerImport
from rongdun.domains.tracing.rules import IMPORT, facts_of
from rongdun.kernel.lifecycle import Moved, Offer, available, take
from rongdun.runtime.uow import Uow

TOPIC = "import"
"""The live topic of imports."""


def move(uow: Uow, found: LedgerImport, action: str, *, reason: str = "") -> Moved:
    """Take ``action`` on the import; raise the refusal of its table, by name."""
    decision = take(
        IMPORT,
        state=found.state,
        action=action,
        actor=uow.actor,
        facts=facts_of(unit_path=found.unit_path, actor=uow.actor),
        now=uow.now,
        reason=reason,
    )
    found.state = decision.to_state
    found.version += 1
    found.beat_at = uow.now
    if IMPORT.state(decision.to_state).terminal or decision.to_state in (
        "FAILED",
        "IMPORTED",
        "IMPORTED_WITH_REJECTS",
    ):
        found.ended_at = uow.now
    uow.session.flush()
    uow.record(
        f"ledger_import.{action}",
        found.reference,
        unit_path=found.unit_path,
        before={"state": decision.from_state},
        after={"state": decision.to_state},
        note=decision.reason,
    )
    uow.publish(TOPIC, found.reference, found.unit_path)
    return decision


def offers(uow: Uow, found: LedgerImport) -> tuple[Offer, ...]:
    """Return what people may do to the import now, each with why not, if not."""
    facts = facts_of(unit_path=found.unit_path, actor=uow.actor)
    every = available(IMPORT, state=found.state, actor=uow.actor, facts=facts, now=uow.now)
    return tuple(offer for offer in every if offer.action in ("cancel", "retry", "undo", "reread"))
