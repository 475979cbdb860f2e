"""The endpoint that says what to do next on a trace."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from rongdun.domains.stop_payment.advising import Advised, advice_on
from rongdun.domains.stop_payment.model import AdviceFit
from rongdun.domains.stop_payment.schemas_advice import (
    AdviceOut,
    DraftRefOut,
    LearntOut,
    SuggestionOut,
    Words,
)
from rongdun.kernel.account import mask_account
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/orders", tags=["stop_payment"])

TraceId = Annotated[UUID, Query(description="资金追踪 / the trace")]
Most = Annotated[int, Query(ge=1, le=200, description="最多几条 / how many at most")]


@router.get("/advice", permission="trace.read", response_model=AdviceOut)
def read_advice(uow: UowDep, trace: TraceId, most: Most = 20) -> Any:
    """下一步建议 / What to stop and what to ask next on a trace, the best first; accounts are masked."""
    found = advice_on(uow, trace)
    return AdviceOut(
        trace_id=found.trace_id,
        as_of=datetime.fromtimestamp(found.as_of / 1_000_000, UTC),
        live=found.live,
        total=len(found.suggestions),
        suggestions=[_out(one) for one in found.suggestions[:most]],
        learnt=_learnt(found.fit),
    )


def _learnt(fit: AdviceFit | None) -> LearntOut | None:
    if fit is None:
        return None
    return LearntOut(cases=fit.cases, sums=fit.sums, confirmed=fit.confirmed, at=fit.made_at)


def _out(one: Advised) -> SuggestionOut:
    told, account, draft = one.suggestion, one.account, one.draft
    return SuggestionOut(
        action=told.action.value,
        account=one.address,
        institution=told.institution,
        number=mask_account(told.number) if told.number else "",
        name=mask_name(account.name) if account and account.name else "",
        tier=account.tier if account else 0,
        amount_fen=told.amount_fen,
        expected_fen=told.expected_fen,
        fen_per_minute=round(told.fen_per_minute),
        why=Words(zh=told.why[0], en=told.why[1]),
        change=Words(zh=told.change[0], en=told.change[1]),
        draft=DraftRefOut(id=draft.id, number=draft.number) if draft else None,
    )
