"""How the one search finds rules: those in force today, by name, key or legal basis."""

from collections.abc import Sequence

from rongdun.domains.policy.store import RULES, rules_on
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.runtime.policies import PolicyRow
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.tables import TableQuery, first_rows
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return rules in force today."""
    statement = rules_on(uow.now.astimezone(SHANGHAI).date())
    return [_hit(row) for row in first_rows(uow.session, statement, RULES, TableQuery(q=q, size=limit))]


def _hit(row: PolicyRow) -> Hit:
    return Hit(
        id=row.key,
        label=Text(row.name_zh, row.name_en),
        sub=Text(f"{row.key} · {row.legal_basis}", f"{row.key} · {row.legal_basis}"),
        route=f"/policy/rules/{row.key}",
    )


SEARCHER = register_searcher(Searcher(kind="rule", permission="policy.read", order=40, find=find))
