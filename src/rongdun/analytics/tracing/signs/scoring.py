"""From measures to a score, and from a score back to its reasons. Pure."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.tracing.index.columns import Levels, no_levels
from rongdun.analytics.tracing.model import HOUR, PAYEE_BOOK, PAYER_BOOK, Int8s, Int32s
from rongdun.analytics.tracing.patterns.fan import fan_in, fan_out
from rongdun.analytics.tracing.patterns.flows import Flows
from rongdun.analytics.tracing.signs.diary import diary_of, held_of
from rongdun.analytics.tracing.signs.measures import Floats, measure
from rongdun.analytics.tracing.signs.weights import Sign, Signs, load_signs

UNKNOWN_SHARED: Final = -1
"""Stands for an account of which no device, IP or MAC is known."""


@dataclass(frozen=True, slots=True)
class Told:
    """What statements tell beside the transfers; what is None is not known.

    ``books``: by row, whose book shows it (None: both). ``levels``: what balances tell. ``shared``: by account, how
    many others share a device, IP or MAC with it (``UNKNOWN_SHARED``: nothing known).
    """

    books: Int8s | None = None
    levels: Levels | None = None
    shared: Int32s | None = None


def score_accounts(flows: Flows, told: Told | None = None, signs: Signs | None = None) -> pl.DataFrame:
    """Score every account from 0 to 100: one row an account, in their order.

    Columns: ``account``, ``score``, ``judged`` (share of the weights that could be judged), ``transfers``, and the
    value of each sign, null where it cannot be judged. The score is the points reached as a share of the points that
    could be judged: what the data do not show neither clears nor accuses.
    """
    signs = signs or load_signs()
    values = _values(flows, told or Told(), signs)
    points = {sign.key: sign.weight * strength(sign, values[sign.key]) for sign in signs.signs}
    weights = {sign.key: sign.weight * ~np.isnan(values[sign.key]) for sign in signs.signs}
    reached, judged = (_total(parts, flows.accounts) for parts in (points, weights))
    score = 100 * np.divide(reached, judged, out=np.zeros_like(reached), where=judged > 0)
    degree = np.diff(flows.out.offsets) + np.diff(flows.into.offsets)
    columns = {
        "account": np.arange(flows.accounts, dtype=np.int32),
        "score": score,
        "judged": judged / sum(sign.weight for sign in signs.signs),
        "transfers": degree,
    }
    return pl.DataFrame(columns | values).with_columns(pl.col(list(values)).fill_nan(None))


def strength(sign: Sign, values: Floats) -> Floats:
    """Return how strongly each value speaks, 0 … 1; NaN stays NaN."""
    return np.clip((values - sign.begins) / (sign.full - sign.begins), 0.0, 1.0)


def explain(scores: pl.DataFrame, account: int, signs: Signs | None = None) -> pl.DataFrame:
    """Return one account's score as a table: sign, name, value, weight, strength, points, reason in both languages.

    Strongest first; a sign that could not be judged has null value, strength, points and reasons. ``scores`` is what
    :func:`score_accounts` returned, whole or filtered.
    """
    signs = signs or load_signs()
    row = scores.filter(pl.col("account") == account).row(0, named=True)
    lines = [_line(sign, row[sign.key], signs) for sign in signs.signs]
    return pl.DataFrame(lines, schema=_LINE, orient="row").sort("points", descending=True, nulls_last=True)


_LINE: Final = {
    "sign": pl.String,
    "name_zh": pl.String,
    "name_en": pl.String,
    "value": pl.Float64,
    "weight": pl.Float64,
    "strength": pl.Float64,
    "points": pl.Float64,
    "reason_zh": pl.String,
    "reason_en": pl.String,
}


def _line(sign: Sign, value: float | None, signs: Signs) -> tuple[object, ...]:
    head = (sign.key, *sign.name)
    if value is None:
        return (*head, None, sign.weight, None, None, None, None)
    strong = float(strength(sign, np.array([value]))[0])
    return (*head, value, sign.weight, strong, sign.weight * strong, *sign.told(value, signs.limits))


def _values(flows: Flows, told: Told, signs: Signs) -> dict[str, Floats]:
    limits, nobody = signs.limits, np.zeros(flows.accounts, np.bool_)
    window = limits.fan_hours * HOUR
    books = _both_books(flows) if told.books is None else told.books
    held = held_of(told.levels or no_levels(), flows.accounts)
    values = dict(measure(diary_of(flows, books), held, limits)._asdict())
    values["fan_in"] = fan_in(flows, window, 1, nobody).largest.astype(np.float64)
    values["fan_out"] = fan_out(flows, window, 1, nobody).largest.astype(np.float64)
    values["shared"] = _known(told.shared, flows.accounts)
    return {sign.key: values[sign.key] for sign in signs.signs}


def _both_books(flows: Flows) -> Int8s:
    rows = max((int(side.row.max()) for side in flows if len(side.row)), default=-1) + 1
    return np.full(rows, PAYER_BOOK | PAYEE_BOOK, np.int8)


def _known(shared: Int32s | None, accounts: int) -> Floats:
    if shared is None:
        return np.full(accounts, np.nan)
    return np.where(shared == UNKNOWN_SHARED, np.nan, shared.astype(np.float64))


def _total(parts: dict[str, Floats], accounts: int) -> Floats:
    total = np.zeros(accounts)
    for part in parts.values():
        total += np.nan_to_num(part)
    return total
