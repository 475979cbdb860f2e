"""A whole tier of a trace in one act: an order of one kind for each account somebody ticked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rongdun.domains import tracing
from rongdun.domains.stop_payment.drafting import Draft, Target, Transfer, make
from rongdun.domains.stop_payment.errors import NothingChosen
from rongdun.domains.stop_payment.model import Order
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import term
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Orders of one kind on accounts of a trace; ``capped``: a freeze takes no more than is the victims'."""

    kind: str
    subject: SubjectRef
    trace_id: UUID
    accounts: Sequence[str]
    reason: str = ""
    urgent: bool = True
    question: str = ""
    months: int | None = None
    capped: bool = True


def draft_batch(uow: Uow, wanted: Batch) -> tuple[UUID, list[Order]]:
    """Make the drafts of a batch; return its id and the orders, the nearest tier first.

    Raises :class:`NothingChosen` when none of the accounts is of the trace.
    """
    arrived = tracing.arrivals_of(uow, wanted.trace_id, set(wanted.accounts))
    if not arrived:
        raise NothingChosen()
    batch_id = new_id()
    return batch_id, [make(uow, _draft(uow, wanted, one, batch_id)) for one in arrived]


def _draft(uow: Uow, wanted: Batch, one: tracing.Arrived, batch_id: UUID) -> Draft:
    freeze = wanted.kind == "freeze"
    capped = freeze and wanted.capped and one.left_fen > 0
    half_year = term(uow.session, "freeze.period", on=civil_date(uow.now)).amount
    return Draft(
        kind=wanted.kind,
        subject=wanted.subject,
        target=Target(institution=one.institution, number=one.number, name=one.name),
        transfer=Transfer(
            amount_fen=one.amount_fen,
            time=one.time,
            institution=one.payer_institution,
            number=one.payer_number,
            name=one.payer_name,
        ),
        reason=wanted.reason,
        urgent=wanted.urgent and not freeze,
        question=(wanted.question or "query_transactions") if wanted.kind == "query" else "",
        scope="limited" if capped else "full",
        amount_fen=one.left_fen if capped else None,
        months=(wanted.months or half_year) if freeze else None,
        trace_id=wanted.trace_id,
        batch_id=batch_id,
    )
