"""Where somebody stands: their unit, the subtree they see, their roles, and who may decide that."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.people import store
from rongdun.domains.people.errors import (
    BeyondOwnScope,
    LastAdministrator,
    NotOneself,
    RoleOutOfPlace,
    RolesNotApart,
    UnitClosed,
)
from rongdun.domains.people.model import Unit, User
from rongdun.domains.people.rules import ADMINISTRATOR, misplaced, not_alone
from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.authz import roles as all_roles
from rongdun.runtime.live import EVERYWHERE, SESSION_ENDED
from rongdun.runtime.uow import Uow

_ROLES_MISSING = Text("请至少选择一个角色", "Choose at least one role")
_ROLES_UNKNOWN = Text("没有这个角色：{keys}", "There is no such role: {keys}")
_SCOPE_ELSEWHERE = Text(
    "数据范围须为所在单位或其上级单位", "The scope is the user's own unit or one above it"
)


class Standing(NamedTuple):
    """A unit, the path of the unit whose subtree is seen, and roles in the table's order."""

    unit: Unit
    scope_path: str
    roles: list[str]


def open_unit(uow: Uow, unit_id: UUID, *, field: str = "unit_id") -> Unit:
    """Return a unit in use within the actor's scope, which nobody closes until the transaction ends.

    Raises :class:`BeyondOwnScope` or :class:`UnitClosed`, pointing at ``field``.
    """
    unit = store.lock_unit(uow.session, uow.actor.scope, unit_id, shared=True)
    if unit is None:
        raise BeyondOwnScope.at(field)
    if not unit.active:
        raise UnitClosed.at(field)
    return unit


def scope_path_for(uow: Uow, unit: Unit, scope_unit_id: UUID | None) -> str:
    """Return the path of the unit whose subtree somebody of ``unit`` will see.

    ``scope_unit_id`` is that unit or one above it, within the actor's scope; without it, people see their
    own unit, and those of the centre the city it works for, as far as the actor sees it.
    """
    if scope_unit_id is None:
        return _usual_scope(uow, unit)
    found = store.find_unit(uow.session, uow.actor.scope, scope_unit_id)
    if found is None:
        raise BeyondOwnScope.at("scope_unit_id")
    if not unit.path.startswith(found.unit.path):
        raise Invalid(fields=[FieldError("scope_unit_id", _SCOPE_ELSEWHERE)])
    return found.unit.path


def roles_wrong(keys: Iterable[str]) -> list[FieldError]:
    """Return what is wrong with a choice of roles by itself: none, or an unknown one."""
    chosen, known = set(keys), {role.key for role in all_roles()}
    if not chosen:
        return [FieldError("roles", _ROLES_MISSING)]
    unknown = "、".join(sorted(chosen - known))
    return [FieldError("roles", _ROLES_UNKNOWN.format(keys=unknown))] if unknown else []


def in_order(keys: Iterable[str]) -> list[str]:
    """Return known roles once each, in the table's order."""
    chosen = set(keys)
    return [role.key for role in all_roles() if role.key in chosen]


def check_roles(roles: Sequence[str], unit: Unit) -> None:
    """Refuse roles that exclude each other, or that do not belong in a unit of that kind."""
    apart = not_alone(roles)
    if apart:
        raise RolesNotApart.of(apart[0])
    wrong = misplaced(roles, unit.kind)
    if wrong:
        raise RoleOutOfPlace.of(wrong, unit.kind)


def check_manageable(uow: Uow, user: User) -> None:
    """Refuse an account that sees more than the actor: its password would open what is closed to them."""
    if not uow.actor.scope.covers(user.scope_path):
        raise BeyondOwnScope.at()


def check_not_oneself(uow: Uow, user: User, *fields: str) -> None:
    """Refuse the actor's own account."""
    if user.id == uow.actor.user_id:
        raise NotOneself.at(*fields)


def check_administrator_remains(uow: Uow, user: User) -> None:
    """Refuse to lose ``user`` as an administrator when no other enabled one is left anywhere."""
    counts = ADMINISTRATOR in user.roles and user.disabled_at is None
    if counts and not store.administrators(uow.session, uow.actor, beside=user.id):
        raise LastAdministrator


def end_sessions(uow: Uow, user: User, reason: str) -> int:
    """End every session of ``user`` and their live streams; return how many there were."""
    ended = store.end_sessions(uow.session, uow.actor.scope, user.id, at=uow.now, reason=reason)
    for session_id in ended:
        uow.publish(SESSION_ENDED, SubjectRef("session", str(session_id)), EVERYWHERE)
    return len(ended)


def _usual_scope(uow: Uow, unit: Unit) -> str:
    above = unit.path.removesuffix(f"{unit.code}.")
    return above if unit.kind == "centre" and uow.actor.scope.covers(above) else unit.path
