"""How the one search finds relief requests: by number, by order or case, by the account, whole or as it is shown."""

from collections.abc import Sequence

from rongdun.domains import cases
from rongdun.domains.restitution.relief import store_found as store
from rongdun.domains.restitution.relief.model import ReliefRequest, details_of
from rongdun.domains.restitution.relief.rules import RELIEF
from rongdun.domains.restitution.sought import CANDIDATES, Sought, read_words, whole_account
from rongdun.kernel.errors import Text
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return the newest requests that ``q`` names, within the actor's scope."""
    sought = read_words(q)
    if sought is None:
        return []
    case_ids = cases.ids_numbered(uow, sought.text, CANDIDATES)
    rows = store.requests_like(uow.session, uow.actor.scope, sought.text, case_ids, limit)
    return [_hit(row) for row in (*rows, *_of_account(uow, sought))][:limit]


def _of_account(uow: Uow, sought: Sought) -> list[ReliefRequest]:
    if not sought.number:
        return []
    rows = store.requests_masked(uow.session, uow.actor.scope, sought.mask, CANDIDATES)
    return [row for row in rows if whole_account(details_of(uow.vault, row).account) == sought.number]


def _hit(row: ReliefRequest) -> Hit:
    state = RELIEF.state(row.state).name
    whose = f"{row.institution_name} {row.account}".strip()
    return Hit(
        id=str(row.id),
        label=Text(f"异议 {row.number}", f"Relief request {row.number}"),
        sub=Text(f"{whose} · {state.zh}", f"{whose} · {state.en}"),
        route=f"/restitution/relief/{row.id}",
    )


SEARCHER = register_searcher(Searcher(kind="relief", permission="relief.read", order=13, find=find))
