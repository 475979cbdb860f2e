"""How the one search finds units and users; a whole phone number finds whose it is."""

from collections.abc import Sequence

from rongdun.domains.people import store
from rongdun.domains.people.numbers import blind
from rongdun.domains.people.rules import KINDS
from rongdun.domains.people.store import FoundUnit, FoundUser
from rongdun.kernel.errors import Text
from rongdun.kernel.phone import WrongPhone, parse_phone
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.tables import TableQuery, first_rows
from rongdun.runtime.uow import Uow


def find_units(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return units by their names or code, the highest first."""
    statement = store.units_in(uow.actor.scope)
    rows = first_rows(uow.session, statement, store.UNITS, TableQuery(q=q, size=limit, sort="path"))
    return [_unit_hit(FoundUnit(*row)) for row in rows]


def find_users(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return users by name, login or unit, or by their whole phone number."""
    found = _with_phone(uow, q, limit)
    if not found:
        query = TableQuery(q=q, size=limit, sort="name")
        statement = store.users_in(uow.actor.scope)
        rows = first_rows(uow.session, statement, store.users_table(uow.now), query)
        found = [FoundUser(*row) for row in rows]
    return [_user_hit(one) for one in found]


def _with_phone(uow: Uow, q: str, limit: int) -> list[FoundUser]:
    try:
        number = parse_phone(q).number
    except WrongPhone:
        return []
    wanted = blind(uow.vault, "phone", number)
    return store.users_with_phone(uow.session, uow.actor.scope, wanted, limit=limit)


def _unit_hit(found: FoundUnit) -> Hit:
    unit, kind = found.unit, KINDS[found.unit.kind].name
    above = found.parent_name or ""
    return Hit(
        id=str(unit.id),
        label=Text(unit.name, unit.name_en or unit.name),
        sub=Text(f"{kind.zh} {above}".strip(), f"{kind.en} {above}".strip()),
        route=f"/people/units?id={unit.id}",
    )


def _user_hit(found: FoundUser) -> Hit:
    user, unit = found.user, found.unit
    return Hit(
        id=str(user.id),
        label=Text(user.name, user.name_en or user.name),
        sub=Text(f"{user.login} · {unit.name}", f"{user.login} · {unit.name_en or unit.name}"),
        route=f"/people/users/{user.id}",
    )


UNIT_SEARCHER = register_searcher(Searcher(kind="unit", permission="unit.read", order=10, find=find_units))
USER_SEARCHER = register_searcher(Searcher(kind="user", permission="user.read", order=20, find=find_users))
