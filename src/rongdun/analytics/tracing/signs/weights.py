"""The signs with their weights, ramps and reasons, read from a TOML file: the shipped one or a centre's own. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from rongdun.analytics.tracing.signs.measures import Limits
from rongdun.kernel.errors import Invalid, Text

KEYS: Final = ("pass_through", "dwell", "burst", "tests", "fan_in", "fan_out", "night", "shared", "emptied")
"""Every sign that is measured; a file must weigh each of them once (0 leaves it out of the score)."""

_UNITS: Final = {"percent": "{:.0%}", "hours": "{:.1f}", "count": "{:.0f}"}


class BadWeights(Invalid):
    """The file of signs cannot be used."""

    code = "bad_weights"
    message = Text("特征权重文件有误：{what}", "The file of signs is not usable: {what}")
    action = Text(
        "请以随产品发布的 signs.toml 为样本修改", "Start from the signs.toml that ships and change that"
    )

    @classmethod
    def because(cls, what: object) -> "BadWeights":
        """Build the error with what is wrong in it."""
        return cls(cls.message.format(what=what))


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its weight in points, and the values at which it begins to count and counts in full."""

    key: str
    name: Text
    weight: float
    begins: float
    full: float
    unit: str
    reason: Text

    def told(self, value: float, limits: Limits) -> Text:
        """Return the reason for ``value`` in both languages."""
        return self.reason.format(value=_UNITS[self.unit].format(value), **limits._asdict())


@dataclass(frozen=True, slots=True)
class Signs:
    """All signs, the thresholds they are measured by, and where the weights come from."""

    source: str
    limits: Limits
    signs: tuple[Sign, ...]


def load_signs(path: Path | None = None) -> Signs:
    """Read the signs from ``path``, by default the shipped ones. Raises :class:`BadWeights`."""
    if path is None:
        return _shipped()
    try:
        return _read(path.read_text("utf-8"))
    except OSError as error:
        raise BadWeights.because(error) from error


@cache
def _shipped() -> Signs:
    return _read(files("rongdun.analytics.tracing.signs").joinpath("signs.toml").read_text("utf-8"))


def _read(text: str) -> Signs:
    try:
        told = tomllib.loads(text)
        limits = Limits(**{name: int(value) for name, value in told["limits"].items()})
        signs = tuple(_sign(row) for row in told["sign"])
        for sign in signs:
            sign.told(0.0, limits)
        source = str(told["source"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise BadWeights.because(error) from error
    return Signs(source, limits, _checked(signs))


def _sign(row: dict[str, Any]) -> Sign:
    name, reason = Text(**row["name"]), Text(**row["reason"])
    numbers = float(row["weight"]), float(row["from"]), float(row["to"])
    return Sign(row["key"], name, *numbers, row["unit"], reason)


def _checked(signs: tuple[Sign, ...]) -> tuple[Sign, ...]:
    if sorted(sign.key for sign in signs) != sorted(KEYS):
        raise BadWeights.because(", ".join(sorted({sign.key for sign in signs} ^ set(KEYS))))
    for sign in signs:
        if sign.begins == sign.full or sign.weight < 0:
            raise BadWeights.because(sign.key)
    return signs
