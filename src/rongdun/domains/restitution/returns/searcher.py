"""How the one search finds returns: by number, decision, freeze or case, by the frozen account, whole or as shown."""

from collections.abc import Sequence

from rongdun.domains.restitution.returns import store_found as store
from rongdun.domains.restitution.returns.model import ReturnOrder, frozen_account
from rongdun.domains.restitution.returns.rules import RETURN
from rongdun.domains.restitution.sought import CANDIDATES, Sought, read_words, whole_account
from rongdun.kernel.errors import Text
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return the newest returns that ``q`` names, within the actor's scope; a bank finds them once decided."""
    sought = read_words(q)
    if sought is None:
        return []
    rows = store.returns_like(uow.session, uow.actor.scope, sought.text, limit)
    return [_hit(row) for row in (*rows, *_of_account(uow, sought))][:limit]


def _of_account(uow: Uow, sought: Sought) -> list[ReturnOrder]:
    if not sought.number:
        return []
    rows = store.returns_masked(uow.session, uow.actor.scope, sought.mask, CANDIDATES)
    return [row for row in rows if whole_account(frozen_account(uow.vault, row).account) == sought.number]


def _hit(row: ReturnOrder) -> Hit:
    state = RETURN.state(row.state).name
    whose = f"{row.institution_name} {row.account}".strip()
    return Hit(
        id=str(row.id),
        label=Text(f"返还 {row.number}", f"Return {row.number}"),
        sub=Text(f"{row.case_number} · {whose} · {state.zh}", f"{row.case_number} · {whose} · {state.en}"),
        route=f"/restitution/returns/{row.id}",
    )


SEARCHER = register_searcher(Searcher(kind="return", permission="return.read", order=14, find=find))
