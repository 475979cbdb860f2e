"""A layout: which headings carry which meaning, as data; the same shape for ours and for those a unit makes. Pure."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from rongdun.analytics.statements.headings import UNITS, Heading, clean_heading, read_heading
from rongdun.analytics.statements.kernels.compiled import Hashes
from rongdun.analytics.statements.schema import SCHEMAS, TRANSACTIONS
from rongdun.analytics.statements.words import hash_text
from rongdun.kernel.errors import Invalid, Text

_ROLES: Final = """account account_alias owner_name owner_id cp_account cp_account2 cp_name cp_id cp_bank direction
    amount amount_in amount_out currency balance time date clock channel purpose remark success cash terminal ip mac
    device place branch merchant_name merchant_code serial log_serial linked_card cp_linked_card feedback payer
    payer_card payer_bank payer_name payee payee_card payee_bank payee_name owner_party cp_party"""
TRANSACTION_ROLES: Final = frozenset(_ROLES.split())
"""What a column of a transaction layout may mean. ``feedback``: the bank's reason for giving no rows. ``payer…`` and
``payee…`` become observed account and counterparty by the direction. ``…_party`` hold ``账号(姓名)`` in one cell."""

_PROVENANCE: Final = {"layout", "sheet", "row"}
_LEAST_COVERAGE: Final = 0.5


class WrongLayout(Invalid):
    """A layout cannot be used as it is written."""

    code = "wrong_layout"
    action = Text("请检查列的对应关系", "Check which column means what")


@dataclass(frozen=True)
class Layout:
    """One layout. ``columns``: role → headings in order of preference; ``must``: roles without which it is another.

    An entry of ``must`` may name alternatives, ``time|date``. ``unit`` is the amounts' power of ten over fen where
    headings state none. ``plus``: which way an amount without a direction goes, ``in`` or ``out``, where the layout
    says so by sign; empty where it does not. ``directions``: words of the direction column that mean something
    else here than in ``words.toml``, each ``in`` or ``out`` (``{"0": "in", "1": "out"}``).
    ``context``: role → labels (``卡号``) above the headings. ``ignored``:
    known headings that are not kept. ``wallet``: accounts are user names, not card numbers.
    """

    id: str
    title: Text
    table: str
    columns: Mapping[str, Sequence[str]]
    must: Sequence[str]
    unit: int = 2
    plus: str = ""
    wallet: bool = False
    currency: str = "CNY"
    institution: str = ""
    directions: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ignored: Sequence[str] = ()

    @cached_property
    def known(self) -> frozenset[str]:
        """Return every heading that the layout knows, written one way; asked for almost every line tried."""
        return frozenset(
            clean_heading(name) for names in (*self.columns.values(), self.ignored) for name in names
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Layout":
        """Build a layout from data as :meth:`to_data` gives it; raise :class:`WrongLayout` for a role unknown."""
        values = dict(data)
        values["title"] = Text(**values["title"])
        values["must"], values["ignored"] = tuple(values["must"]), tuple(values.get("ignored", ()))
        for name in ("columns", "context"):
            values[name] = {role: tuple(names) for role, names in values.get(name, {}).items()}
        if "unit" in values:
            values["unit"] = UNITS[values["unit"]]
        made = cls(**values)
        if not set(made.directions.values()) <= {"in", "out"}:
            raise WrongLayout(Text("收付标志只能对应收入或支出", "A direction word means in or out"))
        strange = set(made.columns) - roles_of(made.table)
        if strange:
            raise WrongLayout(
                Text(
                    f"没有这样的列含义：{'、'.join(sorted(strange))}",
                    f"No such meaning: {', '.join(sorted(strange))}",
                )
            )
        return made

    def to_data(self) -> dict[str, Any]:
        """Return the layout as plain data, for JSON or TOML."""
        return {
            "id": self.id,
            "title": self.title._asdict(),
            "table": self.table,
            "columns": {role: list(names) for role, names in self.columns.items()},
            "must": list(self.must),
            "unit": next(name for name, power in UNITS.items() if power == self.unit),
            "plus": self.plus,
            "wallet": self.wallet,
            "currency": self.currency,
            "institution": self.institution,
            "directions": dict(self.directions),
            "context": {role: list(labels) for role, labels in self.context.items()},
            "ignored": list(self.ignored),
        }


@dataclass(frozen=True, slots=True)
class Binding:
    """A layout laid over a row of headings: which column (from 0) holds which role, and the unit each states."""

    layout: Layout
    headings: tuple[Heading, ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    matched: int

    def unit(self, role: str) -> int:
        """Return the power of ten that turns the role's amounts into fen."""
        stated = self.headings[self.places[role]].unit
        return self.layout.unit if stated is None else stated

    def heading(self, role: str) -> str:
        """Return the heading of a role as the file has it; the role's own name where it has no column."""
        return self.headings[self.places[role]].raw.strip() if role in self.places else role


def roles_of(table: str) -> frozenset[str]:
    """Return what a column of a layout for ``table`` may mean."""
    if table == TRANSACTIONS:
        return TRANSACTION_ROLES
    return frozenset(SCHEMAS[table].names) - _PROVENANCE


@lru_cache(maxsize=1)
def builtin_layouts() -> tuple[Layout, ...]:
    """Return the layouts under ``layouts/``, one file a family, in the order of their file names."""
    found = sorted(files(__package__).joinpath("layouts").iterdir(), key=lambda entry: entry.name)
    return tuple(
        Layout.from_data(data)
        for entry in found
        if entry.name.endswith(".toml")
        for data in tomllib.loads(entry.read_text("utf-8"))["layout"]
    )


def bind(layout: Layout, headings: Sequence[Heading]) -> Binding | None:
    """Lay ``layout`` over a row of headings; None when something it must have is missing or too much is strange."""
    known = layout.known
    filled = [heading for heading in headings if heading.clean]
    unknown = tuple(item.raw for item in filled if item.clean not in known and item.bare not in known)
    matched = len(filled) - len(unknown)
    if matched < _LEAST_COVERAGE * len(filled):  # first: almost every line tried is a row of data
        return None
    by_name = _by_name(headings)
    places: dict[str, int] = {}
    for role, names in layout.columns.items():
        place = next((by_name[clean] for name in names if (clean := clean_heading(name)) in by_name), None)
        if place is not None:
            places[role] = place
    if not all(any(role in places for role in entry.split("|")) for entry in layout.must):
        return None
    return Binding(layout, tuple(headings), places, unknown, matched)


def recognise(
    cells: Sequence[str], layouts: Iterable[Layout], every: Set[str] | None = None
) -> Binding | None:
    """Return the layout that knows most of a row of headings, the first of equals; None when none fits.

    ``every`` heading that any layout knows, where the caller has them: most rows asked about hold none.
    """
    headings = [read_heading(cell) for cell in cells]
    if every is not None and not any(item.clean in every or item.bare in every for item in headings):
        return None
    bound = [binding for layout in layouts if (binding := bind(layout, headings)) is not None]
    return max(bound, key=lambda binding: (binding.matched, len(binding.places)), default=None)


def known_names(layout: Layout) -> frozenset[str]:
    """Return every heading that ``layout`` knows, written one way."""
    return layout.known


def every_heading(layouts: Iterable[Layout]) -> frozenset[str]:
    """Return every heading that any of the layouts knows."""
    return frozenset().union(*(layout.known for layout in layouts))


def heading_hashes(layouts: Iterable[Layout]) -> Hashes:
    """Return the sorted hashes of every heading known, to find headings in the midst of a file."""
    names = {name for layout in layouts for name in known_names(layout)}
    raw = {
        name for layout in layouts for group in (*layout.columns.values(), layout.ignored) for name in group
    }
    return np.array(sorted({hash_text(name) for name in names | raw}), np.uint64)


def _by_name(headings: Sequence[Heading]) -> dict[str, int]:
    """Return the first column of each heading; without its unit only where no column bears the bare name."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        found.setdefault(heading.clean, place)
    for place, heading in enumerate(headings):
        found.setdefault(heading.bare, place)
    found.pop("", None)
    return found
