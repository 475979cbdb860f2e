"""Accounts and rows of statements as the API shows them: personal data masked, sources named."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rongdun.domains.tracing import store
from rongdun.domains.tracing.accounts import AccountKey, account_id
from rongdun.domains.tracing.paths import masked_path
from rongdun.domains.tracing.schemas import (
    AccountDetailOut,
    AccountOut,
    CheckOut,
    GapOut,
    RowOut,
    SourceOut,
)
from rongdun.domains.tracing.statement import Statement
from rongdun.kernel.account import mask_account
from rongdun.kernel.id_number import mask_id_number
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.masking import mask_text
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.ledger.balance import Break

Sources = Mapping[tuple[int, int], tuple[UUID, str]]
"""By version of the ledger and number of the file: the import and the file's path."""

_GRAVEST_FIRST = {"missing_page": 0, "gap": 1, "odd_balance": 2, "disorder": 3, "reversed": 4}
_MOST_GAPS = 200


def account_out(uow: Uow, row: Mapping[str, Any]) -> AccountOut:
    """Return a row of the accounts' frame."""
    return AccountOut(**_account(uow, row))


def account_detail_out(uow: Uow, row: Mapping[str, Any], told: Statement) -> AccountDetailOut:
    """Return an account with what its balances tell."""
    gaps = sorted(told.breaks, key=lambda one: (_GRAVEST_FIRST[one.kind], one.after.time))
    stated = int(told.rows["stated"].sum())
    check = CheckOut(stated=stated, gaps=[gap_out(one) for one in gaps[:_MOST_GAPS]])
    return AccountDetailOut(**_account(uow, row), check=check)


def row_out(row: Mapping[str, Any], told: Statement, sources: Sources) -> RowOut:
    """Return a row of a statement, masked."""
    plain = ["channel", "cp_bank", "terminal", "ip", "mac", "place", "merchant_name", "serial"]
    same = [
        "time",
        "time_precision",
        "direction",
        "amount_fen",
        "currency",
        "running_fen",
        "stated",
        "success",
        "cash",
    ]
    gap = row["gap"]
    return RowOut(
        **{name: row[name] for name in same},
        **{name: mask_text(row[name] or "") for name in (*plain, "purpose", "remark")},
        id=row_id(row),
        klass=row["class"],
        cp_account=mask_account(row["cp_account"])
        if row["cp_account"]
        else mask_text(row["cp_account_raw"] or ""),
        cp_name=mask_name(row["cp_name"]) if row["cp_name"] else "",
        source=_source(row, sources),
        gap=None if gap is None else gap_out(told.breaks[gap]),
    )


def row_id(row: Mapping[str, Any]) -> str:
    """Return what tells a row from all others of its account."""
    return f"{row['row_key'].hex()}-{row['occurrence']}"


def sources_of(uow: Uow, versions: frozenset[int]) -> dict[tuple[int, int], tuple[UUID, str]]:
    """Return where the rows of the given versions of the ledger were read."""
    files = store.files_at(uow.session, uow.actor.scope, versions)
    return {
        (file.ledger_version, file.file_no): (file.import_id, file.path)
        for file in files
        if file.ledger_version is not None and file.file_no is not None
    }


def gap_out(one: "Break") -> GapOut:
    """Return a finding on the balances."""
    return GapOut(
        kind=one.kind,
        expected_fen=one.expected_fen,
        found_fen=one.found_fen,
        missing_fen=one.missing_fen,
        since=one.before.time,
        until=one.after.time,
        currency=one.currency,
    )


def _account(uow: Uow, row: Mapping[str, Any]) -> dict[str, Any]:
    same = ["opened", "closed", "balance_fen", "rows", "in_fen", "out_fen", "first_at", "last_at"]
    return {
        **{name: row[name] for name in same},
        "id": account_id(uow.vault, AccountKey(row["institution"], row["account"])),
        "institution": row["institution"],
        "account": mask_account(row["account"]),
        "owner_name": mask_name(row["owner_name"]) if row["owner_name"] else "",
        "owner_id": mask_id_number(row["owner_id"]) if row["owner_id"] else "",
        "status": row["status"] or "",
    }


def _source(row: Mapping[str, Any], sources: Sources) -> SourceOut:
    found = sources.get((row["import_id"], row["file_no"]))
    path = masked_path(found[1].removesuffix(f"/{row['sheet']}")) if found else ""
    return SourceOut(import_id=found[0] if found else None, path=path, sheet=row["sheet"], row=row["row"])
