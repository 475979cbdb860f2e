"""Reads of units and users inside the asking scope; row-level security holds the same line below."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from rongdun.domains.people.model import CaseTeamMember, Passkey, RecoveryCode, SignInSession, Unit, User
from rongdun.domains.people.rules import ADMINISTRATOR, KINDS, POLICE
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime.authz import roles
from rongdun.runtime.db import set_scope
from rongdun.runtime.tables import Column, TableSpec

T = TypeVar("T")

NAMES_SHOWN = 3
"""How many of the names in the way a refusal lists."""

STATES = {
    "active": Text("正常", "Active"),
    "locked": Text("已锁定", "Locked"),
    "disabled": Text("已停用", "Disabled"),
    "must_change_password": Text("待改密码", "Must change password"),
}

_Parent = aliased(Unit, name="parent")
_Scoped = aliased(Unit, name="scope_unit")
_KIND_NAMES = {key: kind.name for key, kind in KINDS.items()}
_ROLE_NAMES = {role.key: role.name for role in roles()}
_LOCK_ADMINISTRATORS = text("select pg_advisory_xact_lock(hashtext('rongdun.people.administrators'))")


class FoundUnit(NamedTuple):
    """A unit and the one above it, as far as the asking scope may know it."""

    unit: Unit
    parent_name: str | None


class FoundUser(NamedTuple):
    """A user, their unit, and the unit whose subtree they see, where the asking scope covers it."""

    user: User
    unit: Unit
    scope_unit: Unit | None


# Exported cells read from ``schemas.UnitOut`` and ``schemas.UserOut``: an export is as masked as a screen.
UNITS = TableSpec(
    columns={
        "name": Column(Unit.name, Text("名称", "Name")),
        "short_name": Column(Unit.short_name, Text("简称", "Short name")),
        "kind": Column(Unit.kind, Text("类别", "Kind"), choices=_KIND_NAMES),
        "parent": Column(
            _Parent.name, Text("上级单位", "Parent"), cell=lambda shown: shown.parent_name or ""
        ),
        "parent_id": Column(Unit.parent_id, Text("上级单位编号", "Parent's id"), exported=False),
        "code": Column(Unit.code, Text("代码", "Code")),
        "path": Column(Unit.path, Text("路径", "Path"), kind="path"),
        "district": Column(Unit.district, Text("行政区划", "District")),
        "active": Column(Unit.active, Text("启用", "In use")),
        "name_en": Column(Unit.name_en, Text("英文名称", "English name")),
        "created_at": Column(Unit.created_at, Text("建立时间", "Created at"), exported=False),
    },
    key=Unit.id,
    search=[Unit.name, Unit.short_name, Unit.name_en, Unit.code],
    default_sort="path",
)


def users_table(now: datetime) -> TableSpec:
    """Return the table of users; whether somebody is locked depends on ``now``."""
    return TableSpec(
        columns={
            "name": Column(User.name, Text("姓名", "Name")),
            "login": Column(User.login, Text("账号", "Login")),
            "unit": Column(Unit.name, Text("单位", "Unit"), cell=lambda shown: shown.unit.name),
            "unit_id": Column(User.unit_id, Text("单位编号", "Unit's id"), exported=False),
            "unit_path": Column(User.unit_path, Text("单位路径", "Unit path"), kind="path", exported=False),
            "scope_path": Column(User.scope_path, Text("数据范围", "Data scope"), kind="path"),
            "roles": Column(
                None, Text("角色", "Roles"), cell=lambda shown: [_ROLE_NAMES[key] for key in shown.roles]
            ),
            "role": Column(
                any_(User.roles),
                Text("角色", "Role"),
                kind="text",
                choices=_ROLE_NAMES,
                only=("eq", "in"),
                sortable=False,
                exported=False,
            ),
            "state": Column(state_at(now), Text("状态", "State"), kind="text", choices=STATES),
            "phone": Column(None, Text("手机号", "Phone")),
            "second_factor": Column(None, Text("第二重验证", "Second factor")),
            "last_login_at": Column(User.last_login_at, Text("最近登录", "Last sign-in")),
            "created_at": Column(User.created_at, Text("建立时间", "Created at"), exported=False),
        },
        key=User.id,
        search=[User.name, User.name_en, User.login, Unit.name],
        default_sort="name",
    )


def state_at(now: datetime) -> ColumnElement[str]:
    """Return the expression of a user's state at ``now``; :func:`views.state_of` says the same of a row."""
    return case(
        (User.disabled_at.is_not(None), "disabled"),
        (User.locked_until > now, "locked"),
        (User.must_change_password, "must_change_password"),
        else_="active",
    )


def units_in(scope: Scope) -> Select[Any]:
    """Return the select of the units ``scope`` covers, as rows of :class:`FoundUnit`'s shape."""
    parent = and_(_Parent.id == Unit.parent_id, _covers(scope, _Parent.path))
    rows: Any = select(Unit, _Parent.name.label("parent_name")).outerjoin(_Parent, parent)
    return cast(Select[Any], rows.where(_units(scope)))


def users_in(scope: Scope) -> Select[Any]:
    """Return the select of the users of units ``scope`` covers, as rows of :class:`FoundUser`'s shape."""
    seen = and_(_Scoped.path == User.scope_path, _covers(scope, _Scoped.path))
    rows: Any = select(User, Unit, _Scoped).join(Unit, Unit.id == User.unit_id).outerjoin(_Scoped, seen)
    return cast(Select[Any], rows.where(_users(scope)))


def all_units(session: Session, scope: Scope) -> Sequence[Unit]:
    """Return every unit ``scope`` covers, parents before children."""
    return session.scalars(select(Unit).where(_units(scope)).order_by(Unit.path)).all()


def english_names(session: Session, actor: Actor) -> Sequence[Unit]:
    """Return the units that have an English name: of the police all, of others those in scope.

    Records show names beyond their reader's scope (an earlier freeze by another county); closed units keep theirs.
    """
    told = and_(Unit.name_en != "", or_(Unit.kind.in_(POLICE), _units(actor.scope)))
    statement = select(Unit).where(told).order_by(Unit.path)
    return _across(session, actor, lambda: session.scalars(statement).all())


def find_unit(session: Session, scope: Scope, unit_id: UUID) -> FoundUnit | None:
    """Return one unit if ``scope`` covers it."""
    row = session.execute(units_in(scope).where(Unit.id == unit_id)).one_or_none()
    return FoundUnit(*row) if row else None


def lock_unit(session: Session, scope: Scope, unit_id: UUID, *, shared: bool = False) -> Unit | None:
    """Return one unit if ``scope`` covers it, held until the transaction ends.

    ``shared`` lets others fill it too, but nobody close it.
    """
    statement = select(Unit).where(Unit.id == unit_id, _units(scope)).with_for_update(read=shared)
    return session.scalar(statement.execution_options(populate_existing=True))


def unit_at(session: Session, scope: Scope, path: str) -> Unit | None:
    """Return the unit at ``path`` if ``scope`` covers it."""
    return session.scalar(select(Unit).where(Unit.path == path, _units(scope)))


def unit_of(session: Session, scope: Scope, user: User) -> Unit:
    """Return the unit of a user ``scope`` covers."""
    return session.scalars(select(Unit).where(Unit.id == user.unit_id, _units(scope))).one()


def sibling_named(session: Session, scope: Scope, parent_id: UUID | None, name: str) -> Unit | None:
    """Return a unit called ``name`` below ``parent_id`` (``None``: at the root)."""
    same_parent = Unit.parent_id.is_not_distinct_from(parent_id)
    return session.scalar(select(Unit).where(same_parent, Unit.name == name, _units(scope)).limit(1))


def units_in_use_below(session: Session, scope: Scope, unit: Unit) -> tuple[list[Text], int]:
    """Return a few names, and the count, of the units in use directly below ``unit``."""
    children = and_(Unit.parent_id == unit.id, Unit.active, _units(scope))
    return _some(session, select(Unit.name, Unit.name_en).where(children).order_by(Unit.path))


def enabled_users_of(session: Session, scope: Scope, unit: Unit) -> tuple[list[Text], int]:
    """Return a few names, and the count, of the enabled users of ``unit`` itself."""
    theirs = and_(User.unit_id == unit.id, User.disabled_at.is_(None), _users(scope))
    return _some(session, select(User.name, User.name_en).where(theirs).order_by(User.login))


def users_at(session: Session, scope: Scope, path: str) -> Sequence[User]:
    """Return the enabled users of the unit at ``path`` if ``scope`` covers it."""
    here = and_(User.unit_path == path, User.disabled_at.is_(None), _users(scope))
    return session.scalars(select(User).where(here)).all()


def users_with_ids(session: Session, scope: Scope, ids: Collection[UUID]) -> Sequence[User]:
    """Return the users with these ids whose unit ``scope`` covers."""
    return session.scalars(select(User).where(User.id.in_(list(ids)), _users(scope))).all()


def find_user(session: Session, scope: Scope, user_id: UUID) -> FoundUser | None:
    """Return one user if ``scope`` covers their unit."""
    row = session.execute(users_in(scope).where(User.id == user_id)).one_or_none()
    return FoundUser(*row) if row else None


def lock_user(session: Session, scope: Scope, user_id: UUID) -> User | None:
    """Return one user for change, held until the transaction ends, if ``scope`` covers their unit."""
    statement = select(User).where(User.id == user_id, _users(scope)).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def add_unless_taken(session: Session, row: Unit | User, constraint: str) -> bool:
    """Insert ``row``; tell whether ``constraint`` let it: who holds what it wants may lie outside the scope."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation) and error.orig.diag.constraint_name == constraint:
            return False
        raise
    return True


def users_with_phone(session: Session, scope: Scope, blind: bytes, *, limit: int) -> list[FoundUser]:
    """Return the users whose phone has the look-up value ``blind``."""
    statement = users_in(scope).where(User.phone_blind == blind).order_by(User.login).limit(limit)
    return [FoundUser(*row) for row in session.execute(statement)]


def end_sessions(session: Session, scope: Scope, user_id: UUID, *, at: datetime, reason: str) -> list[UUID]:
    """End every open session of a user ``scope`` covers; return which."""
    whose = select(User.id).where(User.id == user_id, _users(scope))
    statement = (
        update(SignInSession)
        .where(SignInSession.user_id.in_(whose), SignInSession.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason)
        .returning(SignInSession.id)
    )
    return list(session.scalars(statement))


def administrators(session: Session, actor: Actor, *, beside: UUID | None = None) -> int:
    """Return how many enabled administrators the whole installation has, ``beside`` one of them.

    Until the transaction ends nobody else can take one away.
    """
    session.execute(_LOCK_ADMINISTRATORS)
    counted = and_(any_(User.roles) == ADMINISTRATOR, User.disabled_at.is_(None))
    statement = select(func.count(User.id)).where(counted, User.id.is_distinct_from(beside))
    return _across(session, actor, lambda: session.scalar(statement) or 0)


def with_passkeys(session: Session, actor: Actor, user_ids: Collection[UUID]) -> set[UUID]:
    """Return which of ``user_ids``, all shown to ``actor``, have a passkey; the keys stay their owners'."""
    statement = select(Passkey.user_id).where(Passkey.user_id.in_(user_ids)).distinct()
    return _across(session, actor, lambda: set(session.scalars(statement))) if user_ids else set()


def passkey_holders(session: Session, actor: Actor) -> set[UUID]:
    """Return who, of the users ``actor`` may see, has a passkey."""
    statement = select(User.id).where(_users(actor.scope), User.id.in_(select(Passkey.user_id)))
    return _across(session, actor, lambda: set(session.scalars(statement)))


def forget_factors(session: Session, actor: Actor, user_id: UUID) -> int:
    """Remove the recovery codes and passkeys of ``user_id``, whom ``actor`` manages; return how many passkeys.

    Their rows are their owner's alone, so this reaches beyond the actor's scope for them and nothing else.
    """

    def forget() -> int:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        removed = session.scalars(delete(Passkey).where(Passkey.user_id == user_id).returning(Passkey.id))
        return len(removed.all())

    return _across(session, actor, forget)


def serves(session: Session, user_id: UUID, case_id: UUID) -> bool:
    """Tell whether somebody serves on the team of a case."""
    found = select(CaseTeamMember.joined_at).where(
        CaseTeamMember.user_id == user_id, CaseTeamMember.case_id == case_id, CaseTeamMember.left_at.is_(None)
    )
    return session.scalar(found) is not None


def begin_service(session: Session, user_id: UUID, case_id: UUID, *, at: datetime) -> None:
    """Let a user serve on the team of a case from ``at``; somebody who is no user of this centre is left out."""
    who = select(literal(case_id), User.id, literal(at)).where(User.id == user_id)
    columns = [CaseTeamMember.case_id, CaseTeamMember.user_id, CaseTeamMember.joined_at]
    session.execute(insert(CaseTeamMember).from_select(columns, who))


def end_service(session: Session, user_id: UUID, case_id: UUID, *, at: datetime) -> None:
    """End somebody's service on the team of a case at ``at``."""
    running = update(CaseTeamMember).where(
        CaseTeamMember.user_id == user_id, CaseTeamMember.case_id == case_id, CaseTeamMember.left_at.is_(None)
    )
    session.execute(running.values(left_at=at))


def any_unit(session: Session, scope: Scope) -> Unit | None:
    """Return the first root ``scope`` covers."""
    return session.scalar(select(Unit).where(_units(scope)).order_by(Unit.path).limit(1))


def logins(session: Session, scope: Scope) -> set[str]:
    """Return the logins of every user ``scope`` covers."""
    return set(session.scalars(select(User.login).where(_users(scope))))


def _across(session: Session, actor: Actor, reach: Callable[[], T]) -> T:
    """Reach beyond the actor's scope for what a rule of the installation needs, and for nothing else."""
    session.flush()
    set_scope(session, Scope.everything(), actor_id=actor.user_id)
    found = reach()
    set_scope(session, actor.scope, actor_id=actor.user_id)
    return found


def _some(session: Session, names: Select[str, str]) -> tuple[list[Text], int]:
    count = session.scalar(select(func.count()).select_from(names.order_by(None).subquery())) or 0
    return [Text(zh, en or zh) for zh, en in session.execute(names.limit(NAMES_SHOWN))], count


def _covers(scope: Scope, path: Any) -> ColumnElement[bool]:
    return and_(path >= scope.low, path < scope.high)


def _units(scope: Scope) -> ColumnElement[bool]:
    return _covers(scope, Unit.path)


def _users(scope: Scope) -> ColumnElement[bool]:
    return _covers(scope, User.unit_path)
