"""What a reveal may be for: the centre's list of the day, and the allowance of an hour."""

from datetime import date
from typing import NamedTuple

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import NoRuleInForce
from rongdun.runtime.policies import codes, integer
from rongdun.runtime.uow import Uow


class Purpose(NamedTuple):
    """One purpose; some are too wide to stand without a note."""

    code: str
    name: Text
    note_required: bool = False


BUILT_IN = (
    Purpose("stop_payment", Text("紧急止付核对", "Matching a stop order")),
    Purpose("contact_victim", Text("联系被害人", "Contacting a victim")),
    Purpose("dissuasion", Text("预警劝阻", "Dissuasion")),
    Purpose("case_investigation", Text("案件侦办", "Investigating a case")),
    Purpose("audit", Text("审计核查", "Audit"), note_required=True),
)
"""The purposes of a centre that has no list of its own in force."""

LIMIT_PER_HOUR = 60
"""Reveals one user may make in an hour where no policy row says otherwise."""

SHOWN_S = 30
"""Seconds a page shows a revealed value before it hides it again."""


def purposes_in_force(uow: Uow) -> tuple[Purpose, ...]:
    """Return the purposes of today: the code list ``access.reveal_purposes``, else the built-in ones."""
    try:
        entries = codes(uow.session, "access.reveal_purposes", on=_today(uow))
    except NoRuleInForce:
        return BUILT_IN
    return tuple(Purpose(entry.code, entry.name, bool(entry.more.get("note_required"))) for entry in entries)


def limit_per_hour(uow: Uow) -> int:
    """Return how many values one user may reveal in an hour today (``access.reveal_limit_per_hour``)."""
    try:
        return integer(uow.session, "access.reveal_limit_per_hour", on=_today(uow))
    except NoRuleInForce:
        return LIMIT_PER_HOUR


def _today(uow: Uow) -> date:
    return uow.now.astimezone(SHANGHAI).date()
