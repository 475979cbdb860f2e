"""Units, users and roles as the API shows them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rongdun.domains.people.model import Unit, User
from rongdun.domains.people.numbers import masked_number, not_on_orders
from rongdun.domains.people.schemas import (
    PermissionOut,
    RoleOut,
    RoleTableOut,
    StateName,
    UnitNameOut,
    UnitNode,
    UnitOut,
    UnitRef,
    UserOut,
    Words,
)
from rongdun.domains.people.store import FoundUnit, FoundUser
from rongdun.kernel.errors import Text
from rongdun.runtime.authz import permissions, roles
from rongdun.runtime.uow import Uow


def unit_out(found: FoundUnit) -> UnitOut:
    """Return a unit as tables and forms show it."""
    return UnitOut.model_validate(_unit_fields(found.unit, found.parent_name))


def names_out(units: Sequence[Unit]) -> list[UnitNameOut]:
    """Return what units are called."""
    return [UnitNameOut(id=one.id, name=one.name, name_en=one.name_en) for one in units]


def tree_out(units: Sequence[Unit]) -> list[UnitNode]:
    """Return ``units``, parents before children, nested; whose parent is not among them is a root."""
    nodes: dict[UUID, UnitNode] = {}
    roots: list[UnitNode] = []
    for unit in units:
        above = nodes.get(unit.parent_id) if unit.parent_id else None
        fields = _unit_fields(unit, above.name if above else None)
        node = UnitNode.model_construct(**fields, children=[])
        nodes[unit.id] = node
        (above.children if above else roots).append(node)
    return roots


def user_out(uow: Uow, found: FoundUser, holders: Collection[UUID]) -> UserOut:
    """Return a user with their numbers masked; ``holders`` are those who have a passkey."""
    user = found.user
    return UserOut(
        id=user.id,
        login=user.login,
        name=user.name,
        name_en=user.name_en,
        unit=_reference(found.unit),
        scope=_reference(found.scope_unit) if found.scope_unit else None,
        scope_path=user.scope_path,
        roles=list(user.roles),
        state=state_of(user, uow.now),
        phone=masked_number(uow.vault, user, "phone"),
        id_number=masked_number(uow.vault, user, "id_number"),
        police_number=masked_number(uow.vault, user, "police_number"),
        work_phone=masked_number(uow.vault, user, "work_phone"),
        not_on_orders=list(not_on_orders(user)),
        second_factor=user.totp_since is not None or user.id in holders,
        last_login_at=user.last_login_at,
        locked_until=user.locked_until if _locked(user, uow.now) else None,
        disabled_at=user.disabled_at,
        version=user.version,
    )


def state_of(user: User, now: datetime) -> StateName:
    """Return the state of an account at ``now``: what keeps somebody out comes first."""
    if user.disabled_at is not None:
        return "disabled"
    if _locked(user, now):
        return "locked"
    return "must_change_password" if user.must_change_password else "active"


def role_table_out() -> RoleTableOut:
    """Return the one table of roles and permissions."""
    known = permissions()
    return RoleTableOut(
        permissions=[
            PermissionOut(key=one.key, name=words(one.name), desc=words(one.description)) for one in known
        ],
        roles=[
            RoleOut(
                key=role.key,
                name=words(role.name),
                permissions=[one.key for one in known if one.key in role.permissions],
                desk=role.desk,
            )
            for role in roles()
        ],
    )


def _locked(user: User, now: datetime) -> bool:
    return user.locked_until is not None and user.locked_until > now


def _unit_fields(unit: Unit, parent_name: str | None) -> dict[str, Any]:
    return {
        "id": unit.id,
        "parent_id": unit.parent_id,
        "parent_name": parent_name,
        "kind": unit.kind,
        "code": unit.code,
        "path": unit.path,
        "district": unit.district,
        "name": unit.name,
        "name_en": unit.name_en,
        "short_name": unit.short_name,
        "active": unit.active,
        "version": unit.version,
    }


def _reference(unit: Unit) -> UnitRef:
    return UnitRef(id=unit.id, name=unit.name, path=unit.path)


def words(text: Text) -> Words:
    """Return a text in both languages as answers carry it."""
    return Words(zh=text.zh, en=text.en)
