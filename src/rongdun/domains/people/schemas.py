"""Shapes of the endpoints of units, users and roles; ``README.md`` shows them together."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=_PLAIN)]
ShortName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=_PLAIN)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=_PLAIN)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30, pattern=_PLAIN)]
Key = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=_PLAIN)]
Roles = Annotated[list[Key], Field(max_length=20)]
Chosen = Annotated[UUID | None, BeforeValidator(lambda value: None if value == "" else value)]
"""What a picker holds: nothing chosen comes as an empty text."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]

StateName = Literal["active", "locked", "disabled", "must_change_password"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class UnitRef(BaseModel):
    """A unit another thing points at."""

    id: UUID
    name: str
    path: str


class UnitOut(BaseModel):
    """A unit of the tree; ``parent_name`` is null at the edge of the asking scope."""

    id: UUID
    parent_id: UUID | None
    parent_name: str | None
    kind: str
    code: str
    path: str
    district: str
    name: str
    name_en: str
    short_name: str
    active: bool
    version: int


class UnitNameOut(BaseModel):
    """What a unit is called in both languages."""

    id: UUID
    name: str
    name_en: str


class UnitNode(UnitOut):
    """A unit with everything below it."""

    children: list["UnitNode"]


class UnitIn(_In):
    """A new unit; ``district`` is its parent's unless given."""

    parent_id: Chosen = None
    kind: Key
    code: Key
    name: Name
    name_en: Name = ""
    short_name: ShortName = ""
    district: Number = ""
    active: Literal[True] = True


class UnitEditIn(_In):
    """What may change about a unit, on the version one has seen; what is left out stays."""

    version: Version
    name: Name | None = None
    name_en: Name | None = None
    short_name: ShortName | None = None
    district: Number | None = None
    active: bool | None = None


class UserOut(BaseModel):
    """A user; numbers are masked. ``scope`` is the unit whose subtree they see, where one may know it.

    ``not_on_orders``: numbers of the service that their instructions to banks go without.
    """

    id: UUID
    login: str
    name: str
    name_en: str
    unit: UnitRef
    scope: UnitRef | None
    scope_path: str
    roles: list[str]
    state: StateName
    phone: str | None
    id_number: str | None
    police_number: str | None
    work_phone: str | None
    not_on_orders: list[str]
    second_factor: bool
    last_login_at: datetime | None
    locked_until: datetime | None
    disabled_at: datetime | None
    version: int


class UserIn(_In):
    """A new user; ``scope_unit_id`` is their own unit, or one above it."""

    login: Key
    name: PersonName
    name_en: Name = ""
    unit_id: Chosen = None
    scope_unit_id: Chosen = None
    roles: Roles
    phone: Number | None = None
    id_number: Number | None = None
    police_number: Number | None = None
    work_phone: Number | None = None


class UserEditIn(_In):
    """What may change about a user, on the version one has seen; an empty number removes it."""

    version: Version
    name: PersonName | None = None
    name_en: Name | None = None
    unit_id: Chosen = None
    scope_unit_id: Chosen = None
    roles: Roles | None = None
    phone: Number | None = None
    id_number: Number | None = None
    police_number: Number | None = None
    work_phone: Number | None = None


class VersionIn(_In):
    """A step taken on the version one has seen."""

    version: Version


class NewPasswordOut(BaseModel):
    """A user and the temporary password that is shown this once."""

    user: UserOut
    temporary_password: str


class PermissionOut(BaseModel):
    """Something one may do."""

    key: str
    name: Words
    desc: Words


class RoleOut(BaseModel):
    """A role, what it may do, and the page it starts on."""

    key: str
    name: Words
    permissions: list[str]
    desk: str


class RoleTableOut(BaseModel):
    """The one table of roles and permissions."""

    permissions: list[PermissionOut]
    roles: list[RoleOut]
