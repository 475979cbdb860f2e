"""When a clock of the policy table falls due."""

from datetime import datetime

from rongdun.kernel.deadline import due
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.uow import Uow
from rongdun.runtime.workdays import calendar_of


def due_of(uow: Uow, rule_key: str, start: datetime) -> datetime:
    """Return when the clock of a rule that began at ``start`` falls due."""
    term = policies.term(uow.session, rule_key, on=civil_date(start))
    return due(start, term, calendar_of(uow.settings.data_dir))
