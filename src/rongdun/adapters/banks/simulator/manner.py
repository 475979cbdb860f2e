"""How fast and how well the simulated institutions answer; every draw depends on the application alone."""

import tomllib
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, Final

from rongdun.domains.exchange import Kind

QUERIES: Final = frozenset(
    {Kind.QUERY_TRANSACTIONS, Kind.QUERY_HOLDER, Kind.QUERY_DYNAMIC, Kind.QUERY_ACCOUNTS}
)
FREEZES: Final = frozenset({Kind.FREEZE, Kind.RENEW_FREEZE, Kind.LIFT_FREEZE})


@dataclass(frozen=True, slots=True)
class Manner:
    """The parameters of ``params.toml``, where each is explained; times in minutes of the world, shares of 1."""

    stop_median_minutes: float
    stop_sigma: float
    freeze_median_minutes: float
    freeze_sigma: float
    query_least_minutes: float
    query_most_minutes: float
    small_factor: float
    small: tuple[str, ...]
    timeout_share: float
    mismatch_share: float
    not_found_share: float
    repeat_share: float
    foreign_share: float
    foreign_months: int
    match_minutes: int
    watch_minutes: int
    most_rows: int

    def latency_minutes(self, kind: Kind, institution: str, chance: Random) -> float:
        """Return how long ``institution`` takes for an instruction of ``kind``."""
        factor = self.small_factor if institution in self.small else 1.0
        if kind in QUERIES:
            return factor * chance.uniform(self.query_least_minutes, self.query_most_minutes)
        if kind in FREEZES:
            return factor * self.freeze_median_minutes * chance.lognormvariate(0.0, self.freeze_sigma)
        return factor * self.stop_median_minutes * chance.lognormvariate(0.0, self.stop_sigma)

    def perfect(self) -> "Manner":
        """Return the same pace without timeouts, mismatches, accounts not found, repeats or foreign freezes."""
        return replace(
            self,
            timeout_share=0.0,
            mismatch_share=0.0,
            not_found_share=0.0,
            repeat_share=0.0,
            foreign_share=0.0,
        )


def load_manner(path: Path | None = None) -> Manner:
    """Return the parameters that ship, with what ``path`` (TOML) says otherwise."""
    shipped = files("rongdun").joinpath("adapters/banks/simulator/params.toml").read_text(encoding="utf-8")
    values: dict[str, Any] = tomllib.loads(shipped)
    if path is not None:
        values |= tomllib.loads(path.read_text(encoding="utf-8"))
    known = {each.name for each in fields(Manner)}
    return Manner(**{name: _fixed(value) for name, value in values.items() if name in known})


def chance_of(seed: int, application_id: str) -> Random:
    """Return the dice of one application: the same whenever and in whatever order it is worked off."""
    return Random(f"{seed}:{application_id}")  # noqa: S311 - a simulation


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
