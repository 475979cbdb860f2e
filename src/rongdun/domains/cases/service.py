"""Cases: accepted, found, and how other desks know them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from rongdun.domains.cases import store
from rongdun.domains.cases.model import STORY, Case
from rongdun.domains.cases.moves import TOPIC
from rongdun.domains.cases.persons import Victim, add_victims, title_of
from rongdun.domains.cases.rules import FILED_STATES, REVIEWS
from rongdun.domains.people import join_team
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import NotFound, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.workday import civil_date
from rongdun.runtime.deadlines import open_deadline
from rongdun.runtime.policies import codes
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case as other desks know it; ``handlers`` are the ids of the officers who handle it."""

    id: UUID
    number: str
    state: str
    unit_path: str
    unit_name: str
    handlers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """What a case is opened from; ``unit_path`` and ``unit_name`` are of the unit that handles it."""

    unit_path: str
    unit_name: str
    fraud_type: str
    story: str
    victims: Sequence[Victim]
    source: str = "report"
    jurisdiction: str = "first_acceptor"
    handlers: Sequence[tuple[UUID, str]] = ()


def open_case(uow: Uow, draft: CaseDraft) -> Case:
    """Accept a case (受案) and start its filing review; return the stored row.

    The actor is who accepts it. Raises :class:`Unauthenticated` for the system itself.
    """
    if uow.actor.user_id is None:
        raise Unauthenticated()
    found = _new(uow, draft, uow.actor.user_id)
    uow.session.add(found)
    uow.session.flush()
    found.number = f"AJ{uow.now.astimezone(SHANGHAI):%Y}-{found.serial:06d}"
    add_victims(uow, found, draft.victims)
    if uow.actor.user_id in found.handler_ids:
        join_team(uow, found.id)
    open_deadline(
        uow,
        rule_key=REVIEWS["normal"],
        subject=found.reference,
        unit_path=found.unit_path,
        case_id=found.id,
    )
    after = {"state": found.state, "fraud_type": found.fraud_type, "loss_fen": found.loss_fen}
    uow.record("case.accept", found.reference, unit_path=found.unit_path, after=after)
    uow.publish(TOPIC, found.reference, found.unit_path)
    return found


def find(uow: Uow, case_id: UUID) -> Case:
    """Return a case; :class:`NotFound` outside the scope."""
    found = store.find_case(uow.session, uow.actor.scope, case_id)
    if found is None:
        raise NotFound
    return found


def case_of(uow: Uow, case_id: UUID) -> CaseRef:
    """Return a case as other desks know it; :class:`NotFound` outside the scope."""
    return ref_of(find(uow, case_id))


def ref_of(found: Case) -> CaseRef:
    """Return a stored case as other desks know it."""
    return CaseRef(
        found.id, found.number, found.state, found.unit_path, found.unit_name, tuple(found.handler_ids)
    )


def is_filed(ref: CaseRef) -> bool:
    """Tell whether money may be frozen for a case: it is filed and not over (article 174)."""
    return ref.state in FILED_STATES


def filed_among(uow: Uow, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the cases for which money may be frozen; cases outside the scope are none of them."""
    states = store.states_of(uow.session, uow.actor.scope, list(case_ids)) if case_ids else {}
    return frozenset(case_id for case_id, state in states.items() if state in FILED_STATES)


def closed_cases(uow: Uow, most: int) -> Sequence[UUID]:
    """Return the ids of at most ``most`` closed cases in the actor's scope, the one that was closed last first."""
    return store.closed_ids(uow.session, uow.actor.scope, most)


def _new(uow: Uow, draft: CaseDraft, acceptor: UUID) -> Case:
    found = Case(
        id=new_id(),
        unit_path=draft.unit_path,
        unit_name=draft.unit_name,
        title=title_of(draft.victims, _kind(uow, draft.fraud_type)),
        state="ACCEPTED",
        source=draft.source,
        fraud_type=draft.fraud_type,
        loss_fen=sum(victim.loss_fen for victim in draft.victims),
        victims=len(draft.victims),
        jurisdiction=draft.jurisdiction,
        accepted_at=uow.now,
        accepted_by=acceptor,
        accepted_name=uow.actor.name,
        handler_ids=[each for each, _ in draft.handlers],
        handler_names=[name for _, name in draft.handlers],
        updated_at=uow.now,
        version=1,
    )
    found.story = uow.vault.seal(draft.story, STORY.context_of(found.id))
    return found


def _kind(uow: Uow, code: str) -> str:
    named = {entry.code: entry.name.zh for entry in codes(uow.session, "fraud.types", on=civil_date(uow.now))}
    return named.get(code, "电信网络")
