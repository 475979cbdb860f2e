"""Scores of all observed accounts of a ledger version: ``rongdun ledger score-accounts``. Only reads."""

from typing import Any

import polars as pl

from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import LOGINS, OUTGOING, TRANSACTIONS
from rongdun.analytics.tracing.index.identity import Identity
from rongdun.analytics.tracing.index.layout import SEPARATOR
from rongdun.analytics.tracing.index.prepare import Prepared, prepare
from rongdun.analytics.tracing.patterns.flows import flows_of
from rongdun.analytics.tracing.signs.scoring import Told, explain, score_accounts
from rongdun.analytics.tracing.signs.shared import KINDS, shared_with
from rongdun.analytics.tracing.signs.weights import Signs, load_signs


def score_ledger(view: View, signs: Signs | None = None) -> pl.DataFrame:
    """Score the accounts whose own statement is in the ledger, the highest first.

    Columns: ``institution``, ``number``, ``name``, then those of :func:`score_accounts`. Accounts and transfers are
    those of the trace index: each transfer once, reversed ones not at all. A counterparty without a statement is not
    scored: what it does with the money is not seen.
    """
    signs = signs or load_signs()
    made = prepare(view)
    transfers, accounts = made.material.transfers, made.identity.accounts
    flows = flows_of(transfers.payer, transfers.payee, transfers.amount, transfers.time, accounts.height)
    scores = score_accounts(flows, _told(view, made, signs), signs)
    named = accounts.select("institution", "number", "name", "observed").hstack(scores)
    order = ("score", "transfers", "institution", "number")
    observed = named.filter("observed").drop("observed")
    return observed.sort(order, descending=[True, True, False, False])


def account_report(scores: pl.DataFrame, account: int, signs: Signs | None = None) -> dict[str, Any]:
    """Return one scored account with the table of its signs as JSON holds it; ``account`` as in ``scores``."""
    row = scores.filter(pl.col("account") == account).row(0, named=True)
    head = {name: row[name] for name in ("institution", "number", "name", "transfers")}
    rounded = {"score": round(row["score"], 1), "judged": round(row["judged"], 3)}
    return head | rounded | {"signs": explain(scores, account, signs).to_dicts()}


def _told(view: View, made: Prepared, signs: Signs) -> Told:
    accounts = made.identity.accounts.height
    shared = shared_with(_traits(view, made.identity), accounts, signs.limits.shared_most)
    return Told(made.frame["books"].to_numpy(), made.material.levels, shared)


def _traits(view: View, identity: Identity) -> pl.DataFrame:
    """Devices and addresses an account was used from: of its payments out (an incoming row shows the payer's)."""
    paid = view.scan(TRANSACTIONS).filter(pl.col("success") & (pl.col("direction") == OUTGOING))
    used = paid.select("institution", "account", *KINDS).unique().collect(engine="streaming")
    told = used.join(identity.own, on=["institution", "account"]).select("own", *KINDS)
    seen = view.scan(LOGINS).select("account", *KINDS).unique().collect()
    logged = seen.join(_numbers(identity.accounts), on="account").select("own", *KINDS)
    wide = pl.concat([part.cast({"own": pl.Int32}) for part in (told, logged)]).rename({"own": "account"})
    return wide.unpivot(KINDS, index="account", variable_name="kind").drop_nulls().unique()


def _numbers(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return ``account`` (a number) and ``own`` for the numbers that exactly one observed account bears."""
    placed = accounts.with_row_index("own").filter("observed")
    other = pl.col("aliases").str.split(SEPARATOR)
    every = placed.select("own", account=pl.concat_list("number", other)).explode("account")
    borne = every.filter(pl.col("account") != "").unique()
    return borne.filter(pl.len().over("account") == 1)
