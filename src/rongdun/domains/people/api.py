"""The endpoints of units, users and roles."""

from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from rongdun.domains.people import access, store, units, users
from rongdun.domains.people.numbers import FIELDS
from rongdun.domains.people.schemas import (
    NewPasswordOut,
    RoleTableOut,
    UnitEditIn,
    UnitIn,
    UnitNameOut,
    UnitNode,
    UnitOut,
    UserEditIn,
    UserIn,
    UserOut,
    VersionIn,
)
from rongdun.domains.people.store import FoundUnit, FoundUser
from rongdun.domains.people.views import names_out, role_table_out, tree_out, unit_out, user_out
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import SIGNED_IN, Router, UowDep

router = Router(prefix="/api", tags=["people"])


@router.get("/units", permission="unit.read")
def list_units(uow: UowDep, query: TableQueryDep) -> Page[UnitOut]:
    """单位列表 / The units of one's scope."""
    page = run_table(uow.session, store.units_in(uow.actor.scope), store.UNITS, query)
    return page.map(lambda row: unit_out(FoundUnit(*row)))


@router.get("/units/export.xlsx", permission="unit.read", response_class=Response)
def export_units(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出单位 / The units as an Excel sheet; the export is recorded."""
    return export_table(
        uow,
        store.units_in(uow.actor.scope),
        store.UNITS,
        query,
        title=Text("单位", "Units"),
        language=language,
        convert=lambda row: unit_out(FoundUnit(*row)),
    )


@router.get("/units/tree", permission="unit.read")
def read_tree(uow: UowDep) -> list[UnitNode]:
    """单位树 / Every unit of one's scope, nested."""
    return tree_out(store.all_units(uow.session, uow.actor.scope))


@router.get("/units/names", permission=SIGNED_IN)
def list_unit_names(uow: UowDep) -> list[UnitNameOut]:
    """单位英文名称 / The units that have an English name, for pages in English: the police's, and those in scope."""
    return names_out(store.english_names(uow.session, uow.actor))


@router.get("/units/{unit_id}", permission="unit.read")
def read_unit(uow: UowDep, unit_id: UUID) -> UnitOut:
    """一个单位 / One unit."""
    return unit_out(units.read(uow, unit_id))


@router.post("/units", permission="unit.write", status_code=201)
def create_unit(uow: UowDep, body: UnitIn) -> UnitOut:
    """新建单位 / Put a new unit below one of one's scope."""
    return unit_out(units.create(uow, _sent(body)))


@router.patch("/units/{unit_id}", permission="unit.write")
def update_unit(uow: UowDep, unit_id: UUID, body: UnitEditIn) -> UnitOut:
    """修改单位 / Change a unit; a version seen too long ago is refused with the difference."""
    return unit_out(units.update(uow, unit_id, version=body.version, fields=_sent(body)))


@router.get("/users", permission="user.read")
def list_users(uow: UowDep, query: TableQueryDep) -> Page[UserOut]:
    """用户列表 / The users of one's scope, numbers masked."""
    page = run_table(uow.session, store.users_in(uow.actor.scope), store.users_table(uow.now), query)
    holders = store.with_passkeys(uow.session, uow.actor, [row.User.id for row in page.items])
    return page.map(lambda row: user_out(uow, FoundUser(*row), holders))


@router.get("/users/export.xlsx", permission="user.read", response_class=Response)
def export_users(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出用户 / The users as an Excel sheet, numbers masked; the export is recorded."""
    holders = store.passkey_holders(uow.session, uow.actor)
    return export_table(
        uow,
        store.users_in(uow.actor.scope),
        store.users_table(uow.now),
        query,
        title=Text("用户", "Users"),
        language=language,
        convert=lambda row: user_out(uow, FoundUser(*row), holders),
    )


@router.get("/users/{user_id}", permission="user.read")
def read_user(uow: UowDep, user_id: UUID) -> UserOut:
    """一个用户 / One user, numbers masked."""
    return _user(uow, users.read(uow, user_id))


@router.post("/users", permission="user.write", status_code=201)
def create_user(uow: UowDep, body: UserIn) -> NewPasswordOut:
    """新建用户 / Create a user; the temporary password is answered this once."""
    return _new_password(uow, *users.create(uow, _sent(body)))


@router.patch("/users/{user_id}", permission="user.write")
def update_user(uow: UowDep, user_id: UUID, body: UserEditIn) -> UserOut:
    """修改用户 / Change a user; other roles, unit or scope end their sessions."""
    return _user(uow, users.update(uow, user_id, version=body.version, fields=_sent(body)))


@router.post("/users/{user_id}/disable", permission="user.write")
def disable_user(uow: UowDep, user_id: UUID, body: VersionIn) -> UserOut:
    """停用用户 / Close an account and end its sessions."""
    return _user(uow, access.disable(uow, user_id, version=body.version))


@router.post("/users/{user_id}/enable", permission="user.write")
def enable_user(uow: UowDep, user_id: UUID, body: VersionIn) -> UserOut:
    """启用用户 / Open a closed account again."""
    return _user(uow, access.enable(uow, user_id, version=body.version))


@router.post("/users/{user_id}/unlock", permission="user.write")
def unlock_user(uow: UowDep, user_id: UUID, body: VersionIn) -> UserOut:
    """解锁用户 / Let somebody who failed too often try again."""
    return _user(uow, access.unlock(uow, user_id, version=body.version))


@router.post("/users/{user_id}/reset-password", permission="user.write")
def reset_password(uow: UowDep, user_id: UUID, body: VersionIn) -> NewPasswordOut:
    """重置密码 / Hand out a new temporary password, answered this once; every session ends."""
    return _new_password(uow, *access.reset_password(uow, user_id, version=body.version))


@router.post("/users/{user_id}/reset-factors", permission="user.write")
def reset_factors(uow: UowDep, user_id: UUID, body: VersionIn) -> UserOut:
    """重置第二重验证 / Take away a lost authenticator and every passkey; every session ends."""
    return _user(uow, access.reset_factors(uow, user_id, version=body.version))


@router.get("/roles", permission="role.read")
def list_roles(uow: UowDep) -> RoleTableOut:
    """角色权限表 / Who may do what: the one table of roles and permissions."""
    return role_table_out()


def _sent(body: BaseModel) -> dict[str, Any]:
    """Return the fields the caller sent; null means left out, except for a number, which it removes."""
    sent = {name: getattr(body, name) for name in body.model_fields_set - {"version"}}
    return {name: value for name, value in sent.items() if value is not None or name in FIELDS}


def _user(uow: Uow, found: FoundUser) -> UserOut:
    return user_out(uow, found, store.with_passkeys(uow.session, uow.actor, [found.user.id]))


def _new_password(uow: Uow, found: FoundUser, password: str) -> NewPasswordOut:
    return NewPasswordOut(user=_user(uow, found), temporary_password=password)
