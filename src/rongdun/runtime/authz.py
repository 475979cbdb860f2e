"""Roles and permissions: read from one table, ``data/roles.toml``; deny unless it says otherwise."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rongdun.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class Permission:
    """Something one may do: ``key`` is ``<noun>.<verb>``."""

    key: str
    name: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Role:
    """A post at the centre or at a partner, and what it may do."""

    key: str
    name: Text
    desk: str
    permissions: frozenset[str]


@cache
def _table() -> dict[str, Any]:
    source = resources.files("rongdun").joinpath("data", "roles.toml")
    return tomllib.loads(source.read_text("utf-8"))


@cache
def permissions() -> tuple[Permission, ...]:
    """Return every permission the product knows, in the table's order."""
    return tuple(
        Permission(key, Text(row["zh"], row["en"]), Text(row["about_zh"], row["about_en"]))
        for key, row in _table()["permissions"].items()
    )


@cache
def roles() -> tuple[Role, ...]:
    """Return every role, in the table's order; a role that names an unknown permission is an error."""
    known = {permission.key for permission in permissions()}
    found = []
    for key, row in _table()["roles"].items():
        unknown = set(row["permissions"]) - known
        if unknown:
            raise ValueError(f"roles.toml: role {key} names unknown permissions {sorted(unknown)}")
        found.append(
            Role(
                key,
                Text(row["zh"], row["en"]),
                row["desk"],
                frozenset(row["permissions"]),
            )
        )
    return tuple(found)


def permissions_of(role_keys: Iterable[str]) -> frozenset[str]:
    """Return what somebody holding ``role_keys`` may do; unknown roles grant nothing."""
    held = set(role_keys)
    return frozenset().union(*(role.permissions for role in roles() if role.key in held))
