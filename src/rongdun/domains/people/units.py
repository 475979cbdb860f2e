"""Creating, changing and closing units."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rongdun.domains.people import store
from rongdun.domains.people.errors import CodeTaken, NameTaken, UnitClosed, UnitInUse
from rongdun.domains.people.model import Unit
from rongdun.domains.people.rules import KINDS, is_code, may_stand_below
from rongdun.domains.people.store import FoundUnit
from rongdun.kernel.errors import FieldError, Invalid, NotFound, StaleVersion, Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow

TOPIC = "unit"
"""Live topic on which screens learn that the tree has moved."""

_ROOT = "cn."
_DISTRICT = re.compile(r"[1-9][0-9]{5}")

_NAME_MISSING = Text("请填写名称", "Give a name")
_PARENT_MISSING = Text("请选择上级单位", "Choose the unit it stands below")
_PARENT_UNKNOWN = Text(
    "没有这个上级单位，或不在您的数据范围内", "No such unit above, or it lies outside your scope"
)
_KIND_UNKNOWN = Text("没有这个类别", "There is no such kind")
_CODE_WRONG = Text(
    "代码为1至20个小写字母、数字或下划线", "A code is 1 to 20 lower-case letters, digits or underscores"
)
_DISTRICT_WRONG = Text("行政区划代码为6位数字", "A district's code has six digits")


def read(uow: Uow, unit_id: UUID) -> FoundUnit:
    """Return one unit; :class:`NotFound` outside the actor's scope."""
    found = store.find_unit(uow.session, uow.actor.scope, unit_id)
    if found is None:
        raise NotFound
    return found


def create(uow: Uow, fields: Mapping[str, Any]) -> FoundUnit:
    """Put a new unit below ``parent_id``, which lies in the actor's scope.

    Raises :class:`Invalid` with the fields, :class:`UnitClosed`, :class:`CodeTaken`, :class:`NameTaken`.
    """
    wrong = _wrong_fields(fields)
    parent = _parent(uow, fields, wrong)
    _refuse(wrong)
    assert parent is not None, "a missing parent was refused"
    if not parent.active:
        raise UnitClosed.at("parent_id")
    unit = add_unit(uow, parent, fields)
    return read(uow, unit.id)


def add_unit(uow: Uow, parent: Unit | None, fields: Mapping[str, Any]) -> Unit:
    """Store a unit whose fields were checked, below ``parent`` or at the root, and put it on record."""
    above = parent.path if parent else _ROOT
    district = fields.get("district") or (parent.district if parent else "")
    unit = Unit(
        parent_id=parent.id if parent else None,
        kind=fields["kind"],
        code=fields["code"],
        path=f"{above}{fields['code']}.",
        district=district,
        name=fields["name"],
        name_en=fields.get("name_en", ""),
        short_name=fields.get("short_name", ""),
        active=True,
        created_at=uow.now,
        updated_at=uow.now,
        version=1,
    )
    _refuse_same_name(uow, unit)
    if not store.add_unless_taken(uow.session, unit, "uq_units_path"):
        raise CodeTaken
    after = {"kind": unit.kind, "code": unit.code, "district": unit.district, **_editable(unit)}
    _tell(uow, unit, "unit.create", before=None, after=after)
    return unit


def update(uow: Uow, unit_id: UUID, *, version: int, fields: Mapping[str, Any]) -> FoundUnit:
    """Change ``fields`` of a unit as it was seen in ``version``; what they leave out stays.

    Raises :class:`StaleVersion` with the difference, :class:`Invalid`, :class:`NameTaken`,
    :class:`UnitInUse` for closing a unit that is not empty, :class:`UnitClosed` for opening one below a
    closed unit.
    """
    unit = store.lock_unit(uow.session, uow.actor.scope, unit_id)
    if unit is None:
        raise NotFound
    if unit.version != version:
        raise StaleVersion.between(current=_editable(unit), yours=fields, version=unit.version)
    _refuse(_wrong_fields(fields))
    before = _editable(unit)
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if changed:
        _change(uow, unit, changed)
        _tell(uow, unit, "unit.update", before={name: before[name] for name in changed}, after=changed)
    return read(uow, unit.id)


def _change(uow: Uow, unit: Unit, changed: Mapping[str, Any]) -> None:
    if changed.get("active") is False:
        _refuse_unless_empty(uow, unit)
    parent = store.lock_unit(uow.session, uow.actor.scope, unit.parent_id) if unit.parent_id else None
    if changed.get("active") is True and parent is not None and not parent.active:
        raise UnitClosed.at("active")
    for name, value in changed.items():
        setattr(unit, name, value)
    if "name" in changed:
        _refuse_same_name(uow, unit)
    unit.updated_at = uow.now
    unit.version += 1
    uow.session.flush()


def _editable(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "name_en": unit.name_en,
        "short_name": unit.short_name,
        "district": unit.district,
        "active": unit.active,
    }


def _wrong_fields(fields: Mapping[str, Any]) -> list[FieldError]:
    wrong = []
    if not fields.get("name", "."):
        wrong.append(FieldError("name", _NAME_MISSING))
    if "code" in fields and not is_code(fields["code"]):
        wrong.append(FieldError("code", _CODE_WRONG))
    if fields.get("district") and not _DISTRICT.fullmatch(fields["district"]):
        wrong.append(FieldError("district", _DISTRICT_WRONG))
    return wrong


def _parent(uow: Uow, fields: Mapping[str, Any], wrong: list[FieldError]) -> Unit | None:
    """Return the unit above, held; add to ``wrong`` what is wrong with it or with the kind below it."""
    kind, parent_id = fields["kind"], fields.get("parent_id")
    if kind not in KINDS:
        wrong.append(FieldError("kind", _KIND_UNKNOWN))
    if parent_id is None:
        wrong.append(FieldError("parent_id", _PARENT_MISSING))
        return None
    parent = store.lock_unit(uow.session, uow.actor.scope, parent_id)
    if parent is None:
        wrong.append(FieldError("parent_id", _PARENT_UNKNOWN))
    elif kind in KINDS and not may_stand_below(kind, parent.kind):
        wrong.append(FieldError("kind", _not_below(kind, parent.kind)))
    return parent


def _not_below(kind: str, parent_kind: str) -> Text:
    here, above = KINDS[kind].name, KINDS[parent_kind].name
    allowed = [name for name in KINDS if may_stand_below(name, parent_kind)]
    if not allowed:
        return Text(f"“{above.zh}”下不设下级单位", f"Nothing stands below a unit of kind “{above.en}”")
    return Text(
        f"“{above.zh}”下不能设“{here.zh}”，可设：{'、'.join(KINDS[name].name.zh for name in allowed)}",
        f"“{here.en}” cannot stand below “{above.en}”; these can: "
        + ", ".join(KINDS[name].name.en for name in allowed),
    )


def _refuse(wrong: list[FieldError]) -> None:
    if wrong:
        raise Invalid(fields=wrong)


def _refuse_same_name(uow: Uow, unit: Unit) -> None:
    with uow.session.no_autoflush:
        other = store.sibling_named(uow.session, uow.actor.scope, unit.parent_id, unit.name)
    if other is not None and other.id != unit.id:
        raise NameTaken


def _refuse_unless_empty(uow: Uow, unit: Unit) -> None:
    units, unit_count = store.units_in_use_below(uow.session, uow.actor.scope, unit)
    users, user_count = store.enabled_users_of(uow.session, uow.actor.scope, unit)
    if unit_count or user_count:
        raise UnitInUse.by(units, unit_count, users, user_count)


def _tell(
    uow: Uow, unit: Unit, action: str, *, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> None:
    uow.record(action, unit.reference, unit_path=unit.path, before=before, after=after)
    uow.publish(TOPIC, SubjectRef("unit", str(unit.id)), unit.path)
