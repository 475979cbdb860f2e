"""What of a case may be shown in clear, with a purpose and on record."""

from uuid import UUID

from rongdun.domains.cases import store
from rongdun.domains.cases.model import PERSON, STORY, open_json
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

VICTIM_FIELDS = ("name", "id_number", "phone", "account")


def _id(record: str) -> UUID | None:
    try:
        return UUID(record)
    except ValueError:
        return None


def _story(uow: Uow, record: str) -> Revealed | None:
    case_id = _id(record)
    found = store.find_case(uow.session, uow.actor.scope, case_id) if case_id else None
    if found is None:
        return None
    clear = uow.vault.open(found.story, STORY.context_of(found.id))
    return Revealed(clear, found.reference, found.unit_path)


def _of_victim(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        victim_id = _id(record)
        row = store.find_victim(uow.session, uow.actor.scope, victim_id) if victim_id else None
        if row is None:
            return None
        person = open_json(uow.vault, row.person, PERSON.context_of(row.id))
        subject = SubjectRef("case_victim", record)
        return Revealed(person.get(field) or None, subject, row.unit_path)

    return load


register_reveal("case", "story", _story, "case.read")
for _field in VICTIM_FIELDS:
    register_reveal("case_victim", _field, _of_victim(_field), "case.read")
