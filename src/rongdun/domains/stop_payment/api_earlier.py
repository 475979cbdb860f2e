"""The endpoint that shows an approver what was done to accounts before the freezes to be approved."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from rongdun.domains.stop_payment.earlier import earlier_of
from rongdun.domains.stop_payment.schemas_earlier import BeforeOut
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/orders", tags=["stop_payment"])

Freezes = Annotated[
    list[UUID], Query(min_length=1, max_length=40, description="冻结单 / the freezes to be approved")
]


@router.get("/earlier", permission="order.review", response_model=list[BeforeOut])
def read_earlier(uow: UowDep, order: Freezes) -> Any:
    """在先措施 / Earlier stops and freezes of freezes' accounts, by whichever unit; that they were read is recorded."""
    return earlier_of(uow, order)
