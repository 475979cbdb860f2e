"""The queries in ``analytics/sql``: read from files, whole numbers put in, one made the source of another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_NEEDS: Final = "-- needs:"
_PLACE: Final = re.compile(r":([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A query by name, its text, and what an engine must know for it (names of ``FEATURES``)."""

    name: str
    text: str
    needs: tuple[str, ...]

    def with_numbers(self, numbers: Mapping[str, int]) -> "Query":
        """Return the query with ``:name`` replaced; ``KeyError`` where a number is missing."""
        text = _PLACE.sub(lambda found: str(int(numbers[found[1]])), self.text)
        return Query(self.name, text, self.needs)

    def reading(self, table: str, source: "Query") -> "Query":
        """Return the query with another one standing for one of its tables."""
        text = f"with {table} as (\n{source.text}\n)\n{self.text}"
        return Query(self.name, text, tuple(dict.fromkeys(self.needs + source.needs)))


@cache
def query(name: str) -> Query:
    """Return a query of ``analytics/sql`` by its file's name."""
    lines = (files("rongdun.analytics") / "sql" / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    needs = [
        need.strip()
        for line in lines
        if line.startswith(_NEEDS)
        for need in line.removeprefix(_NEEDS).split(",")
    ]
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return Query(name, text, tuple(needs))
