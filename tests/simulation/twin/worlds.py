"""Small worlds to test with, made once for each set of arguments."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rongdun.simulation.twin.params import Params, load_params
from rongdun.simulation.twin.world import Order, make_world

BUSY = {"arrivals": {"intensity": 1500.0}}
"""So many scams that a few hundred people have dozens."""


_KEPT: list[TemporaryDirectory[str]] = []
"""Directories that go when the tests end."""


def params(**changes: Any) -> Params:
    """The shipped parameters with many scams, changed."""
    merged = {**BUSY, **changes}
    return load_params(None, merged)


@cache
def world(people: int = 500, days: int = 10, seed: int = 7, files: str = "all-mules") -> Path:
    """A world's directory; the same directory for the same arguments."""
    _KEPT.append(TemporaryDirectory(prefix="twin-"))
    out = Path(_KEPT[-1].name) / "world"
    make_world(out, Order(people, days, seed, files=files), params())
    return out
