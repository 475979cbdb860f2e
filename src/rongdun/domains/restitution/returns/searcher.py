"""How the one search finds returns: by number, decision, freeze or case, by an account, whole or as shown.

Accounts of a return are the frozen one and those of its victims: paid from, and paid to where that is another.
"""

from collections.abc import Sequence

from rongdun.domains.restitution.returns import store_found as store
from rongdun.domains.restitution.returns.model import (
    ReturnClaim,
    ReturnOrder,
    claimant,
    frozen_account,
    payee_of,
)
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
    found = {row.id: row for row in (*rows, *_of_account(uow, sought), *_of_victim(uow, sought))}
    return [_hit(row) for row in found.values()][:limit]


def _of_account(uow: Uow, sought: Sought) -> list[ReturnOrder]:
    if not sought.number:
        return []
    rows = store.returns_masked(uow.session, uow.actor.scope, sought.mask, CANDIDATES)
    return [row for row in rows if whole_account(frozen_account(uow.vault, row).account) == sought.number]


def _of_victim(uow: Uow, sought: Sought) -> list[ReturnOrder]:
    """Return the returns in which a victim paid from the whole account sought, or is paid to it."""
    if not sought.number:
        return []
    rows = store.claims_masked(uow.session, uow.actor.scope, sought.mask, CANDIDATES)
    return [row for row, claim in rows if sought.number in _accounts(uow, claim)]


def _accounts(uow: Uow, claim: ReturnClaim) -> set[str]:
    held = (claimant(uow.vault, claim).account, payee_of(uow.vault, claim).account)
    return {whole_account(number) for number in held if number}


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
