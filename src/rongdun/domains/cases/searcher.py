"""How the one search finds cases: by number, by title, or by a victim's identity number."""

from collections.abc import Sequence
from uuid import UUID

from rongdun.domains.cases import store
from rongdun.domains.cases.model import PERSON_KEY, Case
from rongdun.domains.cases.rules import CASE
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import Text
from rongdun.kernel.id_number import WrongIdNumber, parse_resident
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return the cases whose number or title holds ``q``, or one of whose victims has that identity number."""
    plain = half_width(q)
    if len(plain) < 2:
        return []
    rows = store.cases_like(uow.session, uow.actor.scope, plain, _key(uow, plain), limit)
    return [_hit(row) for row in rows]


def ids_numbered(uow: Uow, start: str, limit: int) -> Sequence[UUID]:
    """Return the ids of cases whose number begins with ``start``, within the actor's scope: what is about them."""
    return store.ids_numbered(uow.session, uow.actor.scope, start, limit)


def _key(uow: Uow, text: str) -> bytes | None:
    try:
        return uow.vault.blind(parse_resident(text).number, PERSON_KEY)
    except WrongIdNumber:
        return None


def _hit(row: Case) -> Hit:
    state = CASE.state(row.state).name
    return Hit(
        id=str(row.id),
        label=Text(row.number, row.number),
        sub=Text(f"{row.title} · {state.zh}", f"{row.title} · {state.en}"),
        route=f"/cases/{row.id}",
    )


SEARCHER = register_searcher(Searcher(kind="case", permission="case.read", order=5, find=find))
