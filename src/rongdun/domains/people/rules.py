"""Which unit stands below which, which role belongs in which kind of unit, and which roles stand alone. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rongdun.kernel.errors import RuleRef, Text

ADMINISTRATOR = "administrator"
AUDITOR = "auditor"

_CODE = re.compile(r"[a-z0-9_]{1,20}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class UnitKind(NamedTuple):
    """A kind of unit: its name, and the kinds it may stand below (none: at the root)."""

    name: Text
    below: frozenset[str]


def _kind(zh: str, en: str, *below: str) -> UnitKind:
    return UnitKind(Text(zh, en), frozenset(below))


KINDS: dict[str, UnitKind] = {
    "province": _kind("省", "Province"),
    "city": _kind("市", "City", "province"),
    "centre": _kind("反诈骗中心", "Anti-fraud centre", "city"),
    "county": _kind("县级分局", "County bureau", "city"),
    "station": _kind("派出所", "Police station", "county"),
    "community": _kind("社区", "Community", "station"),
    "grid": _kind("网格", "Grid", "community"),
    "bank": _kind("银行", "Bank", "city"),
    "branch": _kind("支行", "Branch", "bank"),
    "outlet": _kind("网点", "Outlet", "branch"),
    "carrier": _kind("运营商", "Carrier", "city"),
    "carrier_outlet": _kind("营业厅", "Carrier's outlet", "carrier"),
    "agent": _kind("代理点", "Agent", "carrier_outlet"),
    "regulator": _kind("监管部门", "Regulator", "city"),
}
"""The tree, as the police and its partners are organised; in the order lists show."""

POLICE = ("province", "city", "centre", "county", "station")
"""Kinds of unit of the police, whose names are no secret to whoever works with them."""

_BUREAU = ("province", "city", "centre")

HOMES: dict[str, tuple[str, ...]] = {
    "intake_officer": ("city", "centre"),
    "stop_officer": ("city", "centre"),
    "analyst": ("city", "centre", "county"),
    "dissuader": ("city", "centre", "county", "station"),
    "duty_leader": ("city", "centre"),
    "station_police": ("station",),
    "case_handler": ("city", "county"),
    "approver_county": ("county",),
    "approver_city": ("city",),
    "bank_liaison": ("bank", "branch", "outlet"),
    "carrier_liaison": ("carrier", "carrier_outlet", "agent"),
    "regulator": ("regulator",),
    "publicity_officer": ("city", "centre", "county"),
    "grid_worker": ("community", "grid"),
    AUDITOR: _BUREAU,
    ADMINISTRATOR: _BUREAU,
}
"""Role → kinds of unit in which it may be given."""

ALONE: tuple[str, ...] = (ADMINISTRATOR, AUDITOR)
"""Roles that stand with no other: whoever manages the system neither works in it nor audits it, and the auditor
changes nothing."""

_GRADED = "《信息安全技术 网络安全等级保护基本要求》GB/T 22239—2019 8.1.5(系统管理、审计管理、安全管理分设)"
_ORDER = "本中心岗位设置"

ROLE_HOME = RuleRef(
    "people.role_belongs_in_unit",
    Text("岗位角色只能授予相应类别单位的人员", "A role is given only in the kinds of unit it belongs to"),
    _ORDER,
)
ROLES_APART = RuleRef(
    "people.duties_apart",
    Text(
        "三员分立：系统管理员、审计员不得兼任其他角色",
        "Separation of duties: administrator and auditor hold no other role",
    ),
    _GRADED,
)
NOT_ONESELF = RuleRef(
    "people.not_oneself",
    Text(
        "不得变更自己的角色、单位和数据范围，不得停用、启用、解锁自己或重置自己的密码",
        "Nobody changes their own roles, unit or scope, nor disables, enables, unlocks or resets themselves",
    ),
    _GRADED,
)
LAST_ADMINISTRATOR = RuleRef(
    "people.last_administrator",
    Text("至少保留一名启用的系统管理员", "At least one enabled administrator must remain"),
    _ORDER,
)
WITHIN_OWN_SCOPE = RuleRef(
    "people.within_own_scope",
    Text(
        "不得授予或管理超出自己数据范围的账号",
        "Nobody gives or manages an account that sees more than they do",
    ),
    _ORDER,
)
UNIT_EMPTY = RuleRef(
    "people.unit_empty",
    Text("有启用的下级单位或用户的单位不能停用", "A unit with units in use or enabled users stays in use"),
    _ORDER,
)


def is_code(text: str) -> bool:
    """Tell whether ``text`` may be the code of a unit."""
    return bool(_CODE.fullmatch(text))


def is_login(text: str) -> bool:
    """Tell whether ``text`` may be a login."""
    return bool(_LOGIN.fullmatch(text))


def may_stand_below(kind: str, parent_kind: str) -> bool:
    """Tell whether a unit of ``kind`` may stand below one of ``parent_kind``."""
    return parent_kind in KINDS[kind].below


def misplaced(roles: Iterable[str], unit_kind: str) -> list[str]:
    """Return the roles that may not be given in a unit of ``unit_kind``."""
    return [role for role in roles if unit_kind not in HOMES[role]]


def not_alone(roles: Iterable[str]) -> list[str]:
    """Return the roles that must stand alone and do not."""
    held = set(roles)
    return [role for role in ALONE if role in held and len(held) > 1]
