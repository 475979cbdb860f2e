"""What can go wrong with units and users."""

from collections.abc import Sequence

from rongdun.domains.people.rules import (
    HOMES,
    KINDS,
    LAST_ADMINISTRATOR,
    NOT_ONESELF,
    ROLE_HOME,
    ROLES_APART,
    UNIT_EMPTY,
    WITHIN_OWN_SCOPE,
)
from rongdun.kernel.errors import Conflict, FieldError, RefusedByRule, Text
from rongdun.runtime.authz import roles as all_roles


class CodeTaken(Conflict):
    """Another unit below the same parent has the code, perhaps one that is out of use."""

    code = "unit_code_taken"
    message = Text(
        "上级单位下已有这个代码（可能已停用）",
        "A unit below that parent already has this code, perhaps one out of use",
    )
    action = Text("请换一个代码", "Choose another code")

    def __init__(self) -> None:
        super().__init__(fields=[FieldError("code", self.message)])


class NameTaken(Conflict):
    """Another unit below the same parent has the name."""

    code = "unit_name_taken"
    message = Text("上级单位下已有同名单位", "A unit below that parent already has this name")
    action = Text("请换一个名称，或重新启用原单位", "Choose another name, or put the other unit back in use")

    def __init__(self) -> None:
        super().__init__(fields=[FieldError("name", self.message)])


class LoginTaken(Conflict):
    """Somebody has, or had, the login."""

    code = "login_taken"
    message = Text(
        "这个账号已被使用（停用的账号也不能重复）", "The login is taken; a disabled one counts too"
    )
    action = Text("请换一个账号", "Choose another login")

    def __init__(self) -> None:
        super().__init__(fields=[FieldError("login", self.message)])


class UnitClosed(Conflict):
    """Something is to be put into a unit that is out of use."""

    code = "unit_closed"
    message = Text("所选单位已停用", "The unit is out of use")
    action = Text(
        "请选择启用的单位，或先启用该单位", "Choose a unit in use, or put this one back in use first"
    )

    @classmethod
    def at(cls, field: str) -> "UnitClosed":
        """Return the refusal, pointing at ``field``."""
        return cls(fields=[FieldError(field, cls.message)])


class UnitInUse(RefusedByRule):
    """A unit that is to be closed still has units in use or enabled users."""

    code = "unit_in_use"
    action = Text("请先停用或调出它们", "Close them or move them first")

    @classmethod
    def by(
        cls, units: Sequence[Text], unit_count: int, users: Sequence[Text], user_count: int
    ) -> "UnitInUse":
        """Return the refusal; ``units`` and ``users`` are the first few names, the counts are whole."""
        zh, en = [], []
        if unit_count:
            named = _some(units, unit_count)
            zh.append(f"{unit_count} 个启用的下级单位（{named.zh}）")
            en.append(f"units in use below it: {unit_count} ({named.en})")
        if user_count:
            named = _some(users, user_count)
            zh.append(f"{user_count} 名启用的用户（{named.zh}）")
            en.append(f"enabled users: {user_count} ({named.en})")
        message = Text("该单位还有 " + "、".join(zh), "The unit still has " + "; ".join(en))
        extra = {"units": unit_count, "users": user_count}
        return cls(message, fields=[FieldError("active", message)], rule=UNIT_EMPTY, extra=extra)


class RoleOutOfPlace(RefusedByRule):
    """A role does not belong in the kind of unit."""

    code = "role_out_of_place"
    action = Text("请改选角色或单位", "Choose another role or unit")

    @classmethod
    def of(cls, misplaced: Sequence[str], unit_kind: str) -> "RoleOutOfPlace":
        """Return the refusal that names the roles, the kind, and where the first of them belongs."""
        names, kind = [_role_name(role) for role in misplaced], KINDS[unit_kind].name
        homes = [KINDS[home].name for home in HOMES[misplaced[0]]]
        message = Text(
            f"“{'、'.join(name.zh for name in names)}”不能授予“{kind.zh}”的人员，"
            f"“{names[0].zh}”适用于：{'、'.join(home.zh for home in homes)}",
            f"{', '.join(name.en for name in names)} cannot be given in a unit of kind “{kind.en}”;"
            f" {names[0].en} belongs in: {', '.join(home.en for home in homes)}",
        )
        return cls(message, fields=[FieldError("roles", message)], rule=ROLE_HOME)


class RolesNotApart(RefusedByRule):
    """A role that stands alone is to be held beside another."""

    code = "roles_not_apart"
    action = Text("请为该员另设账号，或只保留一个角色", "Give them a second account, or leave one role")

    @classmethod
    def of(cls, role: str) -> "RolesNotApart":
        """Return the refusal that names the role."""
        name = _role_name(role)
        message = Text(f"“{name.zh}”不得兼任其他角色", f"{name.en} may hold no other role")
        return cls(message, fields=[FieldError("roles", message)], rule=ROLES_APART)


class NotOneself(RefusedByRule):
    """Somebody acts on their own account."""

    code = "not_oneself"
    message = Text("不能对自己的账号这样做", "You cannot do this to your own account")
    action = Text("请由另一名系统管理员办理", "Another administrator has to do it")

    @classmethod
    def at(cls, *fields: str) -> "NotOneself":
        """Return the refusal, pointing at ``fields``."""
        return cls(fields=[FieldError(field, cls.message) for field in fields], rule=NOT_ONESELF)


class LastAdministrator(RefusedByRule):
    """The installation would be left without an administrator."""

    code = "last_administrator"
    message = Text("这是最后一名启用的系统管理员", "This is the last enabled administrator")
    action = Text("请先设另一名系统管理员", "Appoint another administrator first")

    def __init__(self) -> None:
        super().__init__(fields=[FieldError("roles", self.message)], rule=LAST_ADMINISTRATOR)


class BeyondOwnScope(RefusedByRule):
    """An account would see, or sees, more than whoever manages it."""

    code = "beyond_own_scope"
    message = Text("该账号的数据范围超出您的数据范围", "The account sees more than you do")
    action = Text("请由上级单位的系统管理员办理", "An administrator of the superior unit has to do it")

    @classmethod
    def at(cls, *fields: str) -> "BeyondOwnScope":
        """Return the refusal, pointing at ``fields``."""
        return cls(fields=[FieldError(field, cls.message) for field in fields], rule=WITHIN_OWN_SCOPE)


def _some(names: Sequence[Text], count: int) -> Text:
    more = count > len(names)
    zh = "、".join(name.zh for name in names) + ("……" if more else "")
    return Text(zh, "; ".join(name.en for name in names) + ("; …" if more else ""))


def _role_name(key: str) -> Text:
    return next(role.name for role in all_roles() if role.key == key)
