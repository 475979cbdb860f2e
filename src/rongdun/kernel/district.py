"""Administrative divisions by their six-digit codes (GB/T 2260), from ``data/districts.csv``. Pure.

Packages on PyPI map 长乐区 to the code abolished in 2017; here an abolished code names its successor, so
that identity numbers issued before still lead to today's division.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import NotFound, Text


class District(NamedTuple):
    """A division: its code, ``level`` (province, city, county), names, and the code of the one above.

    ``now`` is the code that took its place when it was abolished, else empty.
    """

    code: str
    level: str
    name: Text
    parent: str
    now: str = ""


class UnknownDistrict(NotFound):
    """No division the centre knows has this code or name."""

    code = "unknown_district"
    message = Text("没有这个行政区划", "There is no such district")
    action = Text(
        "请填写福州市下辖区县的名称或六位代码", "Give the name or six-digit code of a district of Fuzhou"
    )


def district(code: str) -> District:
    """Return the division of a six-digit code, abolished ones included; raise :class:`UnknownDistrict`."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownDistrict from None


def current(code: str) -> District:
    """Return the division in whose place ``code`` lies today."""
    found = district(code)
    return district(found.now) if found.now else found


def find_district(name: str) -> District:
    """Return a division of today by its Chinese name, with or without 市, 区, 县; raise :class:`UnknownDistrict`."""
    wanted = half_width(name)
    for found in _by_code().values():
        if not found.now and wanted in (found.name.zh, found.name.zh[:-1]):
            return found
    raise UnknownDistrict


def counties(city: str = "350100") -> tuple[District, ...]:
    """Return the county-level divisions of ``city`` as they are today, in the order of their codes."""
    return tuple(each for each in _by_code().values() if each.parent == city and not each.now)


@cache
def _by_code() -> dict[str, District]:
    text = files("rongdun").joinpath("data/districts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["code"]: District(
            row["code"], row["level"], Text(row["name_zh"], row["name_en"]), row["parent"], row["now"]
        )
        for row in rows
    }
