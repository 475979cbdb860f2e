"""The demonstration city as its files describe it: units, people and clocks. Reads packaged data only.

Whoever seeds a database takes the rows from here; nothing is written. Units come parents first.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.deadline import add_months
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef

_SPAN = re.compile(r"([+-]?)(\d+)(mo|d|h|m)")
_LENGTH = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit by its path; ``parent`` is the path of the one above, empty for the province."""

    path: str
    code: str
    parent: str
    kind: str
    district: str
    name: Text


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody who may sign in; ``unit`` and ``scope`` are paths of units."""

    login: str
    name: Text
    roles: tuple[str, ...]
    unit: str
    scope: str
    phone: str
    id_number: str


class DemoPause(NamedTuple):
    """Since when a clock stands still, and why."""

    at: str
    reason: str


class DemoEnd(NamedTuple):
    """How a clock ended: ``met`` or ``cancelled``, when, and what was noted."""

    how: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class DemoDeadline:
    """A clock; ``start`` and the moments of pause and end are relative, see :func:`moment`."""

    subject: SubjectRef
    rule: str
    start: str
    unit: str
    owner: str
    partner: str
    paused: DemoPause | None
    ended: DemoEnd | None


@dataclass(frozen=True, slots=True)
class DemoCity:
    """Everything the demonstration starts from; ``password`` is every demonstration account's."""

    units: tuple[DemoUnit, ...]
    users: tuple[DemoUser, ...]
    deadlines: tuple[DemoDeadline, ...]
    password: str


@cache
def demo_city() -> DemoCity:
    """Return the demonstration city."""
    users = _table("users")
    return DemoCity(
        units=tuple(DemoUnit(**{**row, "name": Text(**row["name"])}) for row in _table("units")["unit"]),
        users=tuple(
            DemoUser(**{**row, "name": Text(**row["name"]), "roles": tuple(row["roles"])})
            for row in users["user"]
        ),
        deadlines=tuple(map(_deadline, _table("deadlines")["deadline"])),
        password=users["password"],
    )


def moment(now: datetime, relative: str) -> datetime:
    """Return the moment ``relative`` to ``now``: ``-47h30m``, ``-6mo+2d``; months keep Shanghai's calendar.

    A sign holds until the next one. Raises ``ValueError`` for anything else.
    """
    spans = _SPAN.findall(relative)
    if not spans or "".join(map("".join, spans)) != relative:
        raise ValueError(f"not a relative moment: {relative!r}")
    at, direction = now, 1
    for sign, amount, unit in spans:
        direction = {"-": -1, "+": 1, "": direction}[sign]
        at = _moved(at, direction * int(amount), unit)
    return at


def _moved(at: datetime, amount: int, unit: str) -> datetime:
    if unit != "mo":
        return at + _LENGTH[unit] * amount
    local = at.astimezone(SHANGHAI)
    return datetime.combine(add_months(local.date(), amount), local.timetz()).astimezone(at.tzinfo)


def _deadline(row: dict[str, Any]) -> DemoDeadline:
    return DemoDeadline(
        subject=SubjectRef(**row["subject"]),
        rule=row["rule"],
        start=row["start"],
        unit=row["unit"],
        owner=row["owner"],
        partner=row.get("partner", ""),
        paused=DemoPause(**row["paused"]) if "paused" in row else None,
        ended=DemoEnd(**row["ended"]) if "ended" in row else None,
    )


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("rongdun").joinpath(f"data/demo/{name}.toml").read_text(encoding="utf-8"))
