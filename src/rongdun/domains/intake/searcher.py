"""How the one search finds reports: by number or title, or by an account, phone, link or identity number they name."""

from collections.abc import Sequence
from contextlib import suppress

from rongdun.domains.intake import store
from rongdun.domains.intake.entities import key_of
from rongdun.domains.intake.model import Report
from rongdun.domains.intake.rules import REPORT
from rongdun.kernel.account import WrongAccount, parse_account
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import Text
from rongdun.kernel.phone import WrongPhone, parse_phone
from rongdun.runtime.search import Hit, Searcher, register_searcher
from rongdun.runtime.uow import Uow


def find(uow: Uow, q: str, limit: int) -> Sequence[Hit]:
    """Return the reports whose number or title holds ``q``, or which name exactly that number or link."""
    plain = half_width(q)
    if len(plain) < 2:
        return []
    rows = store.reports_like(uow.session, uow.actor.scope, plain, _keys(uow, plain), limit)
    return [_hit(row) for row in rows]


def _keys(uow: Uow, text: str) -> list[bytes]:
    if not any(character.isdigit() or character == "." for character in text):
        return []
    lower = text.lower().rstrip("/")
    named = [("link", lower), ("app", lower), ("chat", lower), ("person", text.upper())]
    with suppress(WrongAccount):
        named.append(("account", parse_account(text).message_form))
    with suppress(WrongPhone):
        named.append(("phone", parse_phone(text).number))
    return [key_of(uow.vault, kind, value) for kind, value in named]


def _hit(row: Report) -> Hit:
    state = REPORT.state(row.state).name
    return Hit(
        id=str(row.id),
        label=Text(row.number, row.number),
        sub=Text(f"{row.title} · {state.zh}", f"{row.title} · {state.en}"),
        route=f"/intake/reports/{row.id}",
    )


SEARCHER = register_searcher(Searcher(kind="report", permission="report.read", order=6, find=find))
