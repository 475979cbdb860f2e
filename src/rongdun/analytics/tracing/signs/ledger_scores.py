"""Scores of all observed accounts of a ledger version: ``rongdun ledger score-accounts``. Only reads."""

from typing import Any, Final

import numpy as np
import polars as pl

from rongdun.analytics.ledger.view import View
from rongdun.analytics.tracing.patterns.flows import flows_of
from rongdun.analytics.tracing.signs.diary import UNTOLD, Told
from rongdun.analytics.tracing.signs.ledger_rows import LedgerRows, ledger_rows
from rongdun.analytics.tracing.signs.scoring import explain, score_accounts
from rongdun.analytics.tracing.signs.shared import shared_with
from rongdun.analytics.tracing.signs.weights import Signs, load_signs

_MOVED: Final = ("payer", "payee", "amount_fen", "time")


def score_ledger(view: View, signs: Signs | None = None) -> pl.DataFrame:
    """Score the accounts whose own statement is in the ledger, the highest first.

    Columns: ``institution``, ``number``, ``name``, then those of :func:`score_accounts`. A counterparty without a
    statement is not scored: what it does with the money is not seen.
    """
    signs = signs or load_signs()
    rows = ledger_rows(view)
    transfers = rows.transfers
    payer, payee, fen, time = (transfers[name].to_numpy() for name in _MOVED)
    flows = flows_of(payer, payee, fen, time, rows.accounts)
    shared = shared_with(rows.traits, rows.accounts, signs.limits.shared_most)
    scores = score_accounts(flows, _told(transfers), shared, signs)
    return _named(rows, scores)


def account_report(scores: pl.DataFrame, account: int, signs: Signs | None = None) -> dict[str, Any]:
    """Return one scored account with the table of its signs as JSON holds it; ``account`` as in ``scores``."""
    row = scores.filter(pl.col("account") == account).row(0, named=True)
    head = {name: row[name] for name in ("institution", "number", "name", "transfers")}
    rounded = {"score": round(row["score"], 1), "judged": round(row["judged"], 3)}
    return head | rounded | {"signs": explain(scores, account, signs).to_dicts()}


def _told(transfers: pl.DataFrame) -> Told:
    payer, payee = (transfers[side].fill_null(int(UNTOLD)) for side in ("payer_balance", "payee_balance"))
    return Told(payer.to_numpy(), payee.to_numpy(), transfers["timed"].to_numpy().astype(np.bool_))


def _named(rows: LedgerRows, scores: pl.DataFrame) -> pl.DataFrame:
    own = rows.own.select(
        "institution", number="account", name="owner_name", account=pl.col("place").cast(pl.Int32)
    )
    named = own.join(scores, on="account")
    return named.sort("score", "transfers", "institution", "number", descending=[True, True, False, False])
