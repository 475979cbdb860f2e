"""Numbers and names of traces that may be shown in clear, with a purpose and on record."""

from uuid import UUID

from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.errors import NoSuchTraceAccount, NotComputed
from rongdun.domains.tracing.traces.model import Trace
from rongdun.domains.tracing.traces.results import account_at
from rongdun.domains.tracing.traces.service import seeds_of
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

ACCOUNT_FIELDS = {"account": "number", "name": "name"}
SEED_FIELDS = ("victim", "account")


def _trace(uow: Uow, record: str) -> tuple[Trace | None, str]:
    """Return the trace named before the dot, and what stands behind it."""
    trace, _, rest = record.partition(".")
    try:
        return store.find_trace(uow.session, uow.actor.scope, UUID(trace)), rest
    except ValueError:
        return None, rest


def _of_account(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        found, address = _trace(uow, record)
        if found is None:
            return None
        try:
            one = account_at(uow, found, address)
        except (NotComputed, NoSuchTraceAccount):
            return None
        subject = SubjectRef("trace_account", record, found.number)
        return Revealed(getattr(one, field) or None, subject, found.unit_path)

    return load


def _of_seed(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        found, place = _trace(uow, record)
        if found is None or not place.isdigit():
            return None
        seeds = seeds_of(uow, found)
        if int(place) >= len(seeds):
            return None
        subject = SubjectRef("trace_seed", record, found.number)
        return Revealed(getattr(seeds[int(place)], field) or None, subject, found.unit_path)

    return load


for _field, _column in ACCOUNT_FIELDS.items():
    register_reveal("trace_account", _field, _of_account(_column), "trace.read")
for _field in SEED_FIELDS:
    register_reveal("trace_seed", _field, _of_seed(_field), "trace.read")
