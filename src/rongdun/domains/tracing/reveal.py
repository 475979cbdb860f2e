"""Numbers and names of the ledger that may be shown in clear, with a purpose and on record."""

from typing import Any

from rongdun.domains.tracing.account_views import row_id
from rongdun.domains.tracing.accounts import AccountKey, find_account
from rongdun.domains.tracing.errors import NoSuchAccount
from rongdun.domains.tracing.statement import statement_of
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

ACCOUNT_FIELDS = {"account": "account", "owner_name": "owner_name", "owner_id": "owner_id"}
ROW_FIELDS = ("cp_account", "cp_name", "cp_id")


def _of_account(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        try:
            _, row = find_account(uow, record)
        except NoSuchAccount:
            return None
        return Revealed(row[field] or None, SubjectRef("ledger_account", record), uow.actor.unit_path)

    return load


def _of_row(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        account, _, wanted = record.partition(".")
        row = _row(uow, account, wanted)
        if row is None:
            return None
        value = row[field] or (row["cp_account_raw"] if field == "cp_account" else None)
        return Revealed(value, SubjectRef("ledger_row", record), uow.actor.unit_path)

    return load


def _row(uow: Uow, account: str, wanted: str) -> dict[str, Any] | None:
    try:
        seen, found = find_account(uow, account)
    except NoSuchAccount:
        return None
    told = statement_of(seen, AccountKey(found["institution"], found["account"]))
    return next((row for row in told.rows.iter_rows(named=True) if row_id(row) == wanted), None)


for _field, _column in ACCOUNT_FIELDS.items():
    register_reveal("ledger_account", _field, _of_account(_column), "ledger.read")
for _field in ROW_FIELDS:
    register_reveal("ledger_row", _field, _of_row(_field), "ledger.read")
