"""How others know reports: those that name an account."""

from collections.abc import Collection
from datetime import datetime

from rongdun.domains.intake import store
from rongdun.domains.intake.entities import key_of
from rongdun.domains.intake.model import Report
from rongdun.runtime.uow import Uow

_MOST = 50


def reports_naming(uow: Uow, accounts: Collection[str], *, since: datetime) -> list[Report]:
    """Return the reports in the actor's scope, taken since then, that name one of these accounts; the newest first."""
    keys = [key_of(uow.vault, "account", number) for number in accounts]
    rows = store.naming(uow.session, uow.actor.scope, keys, beside=None, limit=_MOST)
    found = {report.id: report for report, _, _ in rows if report.created_at >= since}
    return list(found.values())
