"""The ledger's endpoints: accounts and their statements, within the imports of the actor's scope."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Response

from rongdun.domains.tracing.account_views import account_detail_out, account_out, row_out, sources_of
from rongdun.domains.tracing.accounts import ACCOUNTS, SEARCHED, AccountKey, Seen, find_account, seen_by
from rongdun.domains.tracing.frames import every_row, narrowed, page_of
from rongdun.domains.tracing.schemas import AccountDetailOut, AccountOut, RowOut
from rongdun.domains.tracing.sheets import sheet_of
from rongdun.domains.tracing.statement import SEARCHED as ROW_SEARCHED
from rongdun.domains.tracing.statement import STATEMENT, Statement, statement_of
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQuery, TableQueryDep
from rongdun.runtime.web import Router, UowDep

if TYPE_CHECKING:
    import polars as pl

router = Router(prefix="/api/ledger", tags=["tracing"])

AccountId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="账户地址 / the account's address")]


@router.get("/accounts", permission="ledger.read", response_model=Page[AccountOut])
def list_accounts(uow: UowDep, query: TableQueryDep) -> Any:
    """账户列表 / Accounts that the imports of the actor's scope tell of."""
    rows = narrowed(seen_by(uow).accounts.table, ACCOUNTS, query, SEARCHED)
    return page_of(rows, query).map(lambda row: account_out(uow, row))


@router.get("/accounts/export.xlsx", permission="ledger.read", response_class=Response)
def export_accounts(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出账户 / Accounts as an Excel sheet, masked; the export is recorded."""
    rows = every_row(narrowed(seen_by(uow).accounts.table, ACCOUNTS, query, SEARCHED))
    shown = [account_out(uow, row) for row in rows]
    return sheet_of(uow, ACCOUNTS, shown, query, title=Text("账户", "Accounts"), language=language)


@router.get("/accounts/{account_id}", permission="ledger.read", response_model=AccountDetailOut)
def read_account(uow: UowDep, account_id: AccountId) -> Any:
    """一个账户 / One account with what its balances tell; that it was looked at goes on record."""
    seen, row = find_account(uow, account_id)
    uow.record("ledger_account.read", SubjectRef("ledger_account", account_id))
    return account_detail_out(uow, row, _told(seen, row))


@router.get("/accounts/{account_id}/statement", permission="ledger.read", response_model=Page[RowOut])
def read_statement(uow: UowDep, account_id: AccountId, query: TableQueryDep) -> Any:
    """账户流水 / A page of the account's statement with running balances and gaps, in the order it happened."""
    seen, row = find_account(uow, account_id)
    told = _told(seen, row)
    sources = sources_of(uow, seen.versions)
    return page_of(_asked(told, query), query).map(lambda one: row_out(one, told, sources))


@router.get("/accounts/{account_id}/statement/export.xlsx", permission="ledger.read", response_class=Response)
def export_statement(
    uow: UowDep, account_id: AccountId, query: TableQueryDep, language: LanguageDep
) -> Response:
    """导出流水 / The statement as an Excel sheet, masked; the export is recorded."""
    seen, row = find_account(uow, account_id)
    told = _told(seen, row)
    sources = sources_of(uow, seen.versions)
    shown = [_exported(row_out(one, told, sources)) for one in every_row(_asked(told, query))]
    return sheet_of(uow, STATEMENT, shown, query, title=Text("账户流水", "Statement"), language=language)


def _told(seen: Seen, row: dict[str, Any]) -> Statement:
    return statement_of(seen, AccountKey(row["institution"], row["account"]))


def _asked(told: Statement, query: TableQuery) -> "pl.DataFrame":
    """Return the rows asked for; the newest first is the statement's own order turned round."""
    if query.sort == "-time":
        return narrowed(told.rows, STATEMENT, replace(query, sort=""), ROW_SEARCHED).reverse()
    return narrowed(told.rows, STATEMENT, query, ROW_SEARCHED)


def _exported(row: RowOut) -> dict[str, Any]:
    return {**row.model_dump(), "class": row.klass}
