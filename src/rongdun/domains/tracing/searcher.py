"""How the one search finds accounts of the ledger: by four digits or more, or by the owner's name."""

import re
from collections.abc import Sequence
from typing import Any

from rongdun.domains.tracing.account_views import account_out
from rongdun.domains.tracing.accounts import ACCOUNTS, seen_by
from rongdun.domains.tracing.frames import narrowed
from rongdun.kernel.errors import Text
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.tables import TableQuery
from rongdun.runtime.uow import Uow

_NUMBER = re.compile(r"[0-9A-Za-z]{4,34}")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,}")


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return accounts whose number or owner holds ``q``; nothing for words too short to mean one."""
    joined = "".join(q.split())
    columns = (
        ("account",) if _NUMBER.fullmatch(joined) else ("owner_name",) if _NAME.fullmatch(joined) else ()
    )
    if not columns:
        return []
    rows = narrowed(seen_by(uow).accounts.table, ACCOUNTS, TableQuery(q=joined), columns)
    return [_hit(uow, row) for row in rows.head(limit).iter_rows(named=True)]


def _hit(uow: Uow, row: dict[str, Any]) -> Hit:
    shown = account_out(uow, row)
    parts = [part for part in (shown.institution, shown.owner_name) if part]
    sub = " · ".join(parts)
    counted = Text(f"{sub} · {shown.rows} 笔", f"{sub} · {shown.rows} rows")
    return Hit(
        id=shown.id,
        label=Text(shown.account, shown.account),
        sub=counted,
        route=f"/tracing/accounts/{shown.id}",
    )


SEARCHER = register_searcher(Searcher(kind="account", permission="ledger.read", order=15, find=find))
