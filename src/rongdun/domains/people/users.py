"""Creating and changing users."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rongdun.domains.people import store
from rongdun.domains.people.errors import LoginTaken
from rongdun.domains.people.model import User
from rongdun.domains.people.numbers import FIELDS, masked_number, numbers_wrong, put_number, read_number
from rongdun.domains.people.passwords import hash_password, temporary_password
from rongdun.domains.people.rules import ADMINISTRATOR, is_login
from rongdun.domains.people.standing import (
    Standing,
    check_administrator_remains,
    check_manageable,
    check_not_oneself,
    check_roles,
    end_sessions,
    in_order,
    open_unit,
    roles_wrong,
    scope_path_for,
)
from rongdun.domains.people.store import FoundUser
from rongdun.kernel.errors import FieldError, Invalid, NotFound, StaleVersion, Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow

TOPIC = "user"
"""Live topic on which screens learn that somebody's account has changed."""

_NAME_MISSING = Text("请填写姓名", "Give a name")
_UNIT_MISSING = Text("请选择单位", "Choose a unit")
_LOGIN_WRONG = Text(
    "账号为2至40个小写字母、数字或 . _ -,以字母或数字开头",
    "A login has 2 to 40 lower-case letters, digits or . _ -, and begins with a letter or digit",
)


def read(uow: Uow, user_id: UUID) -> FoundUser:
    """Return one user; :class:`NotFound` outside the actor's scope."""
    found = store.find_user(uow.session, uow.actor.scope, user_id)
    if found is None:
        raise NotFound
    return found


def create(uow: Uow, fields: Mapping[str, Any]) -> tuple[FoundUser, str]:
    """Store a new user; return them and the temporary password, which nobody can read again.

    Raises :class:`Invalid` with the fields, :class:`BeyondOwnScope`, :class:`UnitClosed`,
    :class:`RoleOutOfPlace`, :class:`RolesNotApart`, :class:`LoginTaken`.
    """
    wrong = _wrong_fields(uow, fields)
    if "unit_id" not in fields:
        wrong.append(FieldError("unit_id", _UNIT_MISSING))
    if wrong:
        raise Invalid(fields=wrong)
    unit = open_unit(uow, fields["unit_id"])
    scope_path = scope_path_for(uow, unit, fields.get("scope_unit_id"))
    roles = in_order(fields["roles"])
    check_roles(roles, unit)
    password = temporary_password()
    standing = Standing(unit, scope_path, roles)
    user = add_user(uow, standing, fields, password_hash=hash_password(password), must_change=True)
    return read(uow, user.id), password


def add_user(
    uow: Uow, standing: Standing, fields: Mapping[str, Any], *, password_hash: str, must_change: bool
) -> User:
    """Store a user whose fields were checked, and put it on record; :class:`LoginTaken` otherwise."""
    user = User(
        id=new_id(),
        login=fields["login"],
        name=fields["name"],
        name_en=fields.get("name_en", ""),
        unit_id=standing.unit.id,
        unit_path=standing.unit.path,
        scope_path=standing.scope_path,
        roles=standing.roles,
        password_hash=password_hash,
        password_changed_at=uow.now,
        must_change_password=must_change,
        failed_logins=0,
        totp_step=0,
        created_at=uow.now,
        updated_at=uow.now,
        version=1,
    )
    for field in FIELDS:
        put_number(uow.vault, user, field, read_number(uow, field, fields.get(field)))
    if not store.add_unless_taken(uow.session, user, "uq_users_login"):
        raise LoginTaken
    tell(uow, user, "user.create", after={"login": user.login, **_on_record(uow, user)})
    return user


def update(uow: Uow, user_id: UUID, *, version: int, fields: Mapping[str, Any]) -> FoundUser:
    """Change ``fields`` of a user as they were seen in ``version``; what they leave out stays.

    Other roles, another unit or another scope end the user's sessions. Raises :class:`StaleVersion` with
    the difference, what :func:`create` raises, :class:`NotOneself` and :class:`LastAdministrator`.
    """
    user = lock_current(uow, user_id, version=version, yours=fields)
    wrong = _wrong_fields(uow, fields)
    if wrong:
        raise Invalid(fields=wrong)
    before, held, old_path = _on_record(uow, user), _held(user), user.unit_path
    reason = _move(uow, user, fields)
    _write(uow, user, fields)
    changed = [name for name, value in _held(user).items() if value != held[name]]
    if changed:
        touch(uow, user)
        _record_change(uow, user, changed, before)
    if reason:
        end_sessions(uow, user, reason)
    if old_path != user.unit_path:
        uow.publish(TOPIC, SubjectRef("user", str(user.id)), old_path)
    return read(uow, user.id)


def lock_current(uow: Uow, user_id: UUID, *, version: int, yours: Mapping[str, Any]) -> User:
    """Return a user for change, held, as the actor saw them in ``version`` and may manage them.

    Raises :class:`NotFound`, :class:`StaleVersion` between ``yours`` and what is stored, or
    :class:`BeyondOwnScope`.
    """
    user = store.lock_user(uow.session, uow.actor.scope, user_id)
    if user is None:
        raise NotFound
    if user.version != version:
        shown = {name: _plain(value) for name, value in yours.items() if name not in FIELDS}
        raise StaleVersion.between(current=_editable(uow, user), yours=shown, version=user.version)
    check_manageable(uow, user)
    return user


def touch(uow: Uow, user: User) -> None:
    """Give a changed user their next version."""
    user.updated_at = uow.now
    user.version += 1
    uow.session.flush()


def tell(
    uow: Uow,
    user: User,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Put on record what was done to a user, and let screens know."""
    uow.record(action, user.reference, unit_path=user.unit_path, before=before, after=after)
    uow.publish(TOPIC, SubjectRef("user", str(user.id)), user.unit_path)


def _move(uow: Uow, user: User, fields: Mapping[str, Any]) -> str:
    """Give a user the unit, scope and roles of ``fields``; return why their sessions end, if they do."""
    moved = fields.get("unit_id", user.unit_id) != user.unit_id
    roles = in_order(fields.get("roles", user.roles))
    reassigned = set(roles) != set(user.roles)
    if not (moved or reassigned or "scope_unit_id" in fields):
        return ""
    unit = open_unit(uow, fields["unit_id"]) if moved else store.unit_of(uow.session, uow.actor.scope, user)
    scope_path = user.scope_path
    if moved or "scope_unit_id" in fields:
        scope_path = scope_path_for(uow, unit, fields.get("scope_unit_id"))
    return _place(uow, user, Standing(unit, scope_path, roles), moved=moved, reassigned=reassigned)


def _place(uow: Uow, user: User, standing: Standing, *, moved: bool, reassigned: bool) -> str:
    changes = {
        "roles": reassigned,
        "unit_id": moved,
        "scope_unit_id": standing.scope_path != user.scope_path,
    }
    fields = [field for field, changed in changes.items() if changed]
    if not fields:
        return ""
    check_not_oneself(uow, user, *fields)
    if moved or reassigned:
        check_roles(standing.roles, standing.unit)
    if ADMINISTRATOR not in standing.roles:
        check_administrator_remains(uow, user)
    user.unit_id, user.unit_path = standing.unit.id, standing.unit.path
    user.scope_path, user.roles = standing.scope_path, standing.roles
    return _REASONS[fields[0]]


_REASONS = {"roles": "roles_changed", "unit_id": "unit_changed", "scope_unit_id": "scope_changed"}


def _write(uow: Uow, user: User, fields: Mapping[str, Any]) -> None:
    for name in ("name", "name_en"):
        if name in fields:
            setattr(user, name, fields[name])
    for field in FIELDS:
        if field in fields:
            put_number(uow.vault, user, field, read_number(uow, field, fields[field]))


def _wrong_fields(uow: Uow, fields: Mapping[str, Any]) -> list[FieldError]:
    wrong = []
    if "login" in fields and not is_login(fields["login"]):
        wrong.append(FieldError("login", _LOGIN_WRONG))
    if not fields.get("name", "."):
        wrong.append(FieldError("name", _NAME_MISSING))
    if "roles" in fields:
        wrong += roles_wrong(fields["roles"])
    for field in FIELDS:
        wrong += numbers_wrong(uow, field, fields.get(field))
    return wrong


def _on_record(uow: Uow, user: User) -> dict[str, Any]:
    """Return a user as the audit keeps them: numbers masked, no secrets."""
    return {**_held(user), **{field: masked_number(uow.vault, user, field) for field in FIELDS}}


def _held(user: User) -> dict[str, Any]:
    """Return what tells two states of a user apart: two numbers may look the same under their masks."""
    return {
        "name": user.name,
        "name_en": user.name_en,
        "unit_path": user.unit_path,
        "scope_path": user.scope_path,
        "roles": list(user.roles),
        **{field: getattr(user, f"{field}_blind") for field in FIELDS},
    }


def _record_change(uow: Uow, user: User, changed: list[str], before: Mapping[str, Any]) -> None:
    after = _on_record(uow, user)
    tell(
        uow,
        user,
        "user.update",
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def _editable(uow: Uow, user: User) -> dict[str, Any]:
    """Return a user as an edit form holds them; numbers never stand in a difference."""
    scope_unit = store.unit_at(uow.session, uow.actor.scope, user.scope_path)
    return {
        "name": user.name,
        "name_en": user.name_en,
        "unit_id": str(user.unit_id),
        "scope_unit_id": str(scope_unit.id) if scope_unit else None,
        "roles": list(user.roles),
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
