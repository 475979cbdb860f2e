"""Which bank a card number's prefix points to: a hint beside the field, never written into an order by itself."""

import csv
from functools import cache
from importlib import resources

_LONGEST = 8


def bank_of(number: str) -> str:
    """Return the bank that issued cards of this prefix, or an empty text when the table has none."""
    table = _table()
    for length in range(min(_LONGEST, len(number)), 3, -1):
        found = table.get(number[:length])
        if found:
            return found
    return ""


@cache
def _table() -> dict[str, str]:
    source = resources.files("rongdun").joinpath("data", "bins.csv").read_text("utf-8")
    return {row["prefix"]: row["institution"] for row in csv.DictReader(source.splitlines())}
