"""The people harmed in a case, as other desks may know them: opened from the vault, never shown as they are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from rongdun.domains.cases import store
from rongdun.domains.cases.model import PERSON, PERSON_KEY, Case, CaseVictim, open_json, seal_json
from rongdun.kernel.ids import new_id
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a victim is, and the account money came from, to which it is returned first."""

    name: str
    id_number: str = ""
    phone: str = ""
    institution: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """Somebody harmed in a case with what they lost, in fen; ``report_id``: the report that says so."""

    person: Person
    loss_fen: int
    report_id: UUID | None = None
    id: UUID | None = None


def add_victims(uow: Uow, case: Case, victims: Sequence[Victim], *, first: int = 0) -> None:
    """Write victims into a case, sealed, their places counted from ``first``."""
    uow.session.add_all(_row(uow, case, one, first + place) for place, one in enumerate(victims))


def victims_of(uow: Uow, case_id: UUID) -> list[Victim]:
    """Return the victims of a case in clear, in their order; none outside the actor's scope."""
    return [_victim(uow, row) for row in store.victims_of(uow.session, uow.actor.scope, case_id)]


def title_of(victims: Sequence[Victim], kind: str) -> str:
    """Return a case's title without a name in clear: ``张*等2人被刷单返利类诈骗案``."""
    first = mask_name(victims[0].person.name) if victims and victims[0].person.name else "某人"
    more = f"等{len(victims)}人" if len(victims) > 1 else ""
    return f"{first}{more}被{kind.removesuffix('类')}诈骗案"


def _row(uow: Uow, case: Case, one: Victim, place: int) -> CaseVictim:
    row = CaseVictim(id=new_id(), case_id=case.id, unit_path=case.unit_path, place=place)
    row.person = seal_json(uow.vault, asdict(one.person), PERSON.context_of(row.id))
    number = one.person.id_number
    row.person_key = uow.vault.blind(number, PERSON_KEY) if number else None
    row.loss_fen, row.report_id = one.loss_fen, one.report_id
    return row


def _victim(uow: Uow, row: CaseVictim) -> Victim:
    person = Person(**open_json(uow.vault, row.person, PERSON.context_of(row.id)))
    return Victim(id=row.id, person=person, loss_fen=row.loss_fen, report_id=row.report_id)
