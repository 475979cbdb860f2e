"""Shapes of advice. Money is whole fen."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from rongdun.domains.stop_payment.schemas import Words


class DraftRefOut(BaseModel):
    """The draft there is already of what is advised."""

    id: UUID
    number: str


class SuggestionOut(BaseModel):
    """One next action; number and name are masked. ``account`` is its address in the trace.

    A ``wait`` with an account says why it is not stopped yet; without one, that there is nothing to do, or that the
    queries of the day are used up.
    """

    action: Literal["stop", "ask", "alert", "wait"]
    account: str
    institution: str
    number: str
    name: str
    tier: int
    amount_fen: int
    expected_fen: int
    fen_per_minute: int
    why: Words
    change: Words
    draft: DraftRefOut | None


class LearntOut(BaseModel):
    """What the figures of advice were learnt from, and when.

    ``sums`` of victims' money whose stay was seen; ``confirmed`` accounts of which it turned out whose money lay there.
    """

    cases: int
    sums: int
    confirmed: int
    at: datetime


class AdviceOut(BaseModel):
    """What to do next, the best first. ``as_of``: the moment judged; ``live``: that is now; ``total`` may be more.

    ``learnt`` is null while advice reckons with the figures that ship.
    """

    trace_id: UUID
    as_of: datetime
    live: bool
    total: int
    suggestions: list[SuggestionOut]
    learnt: LearntOut | None


__all__ = ["AdviceOut", "DraftRefOut", "LearntOut", "SuggestionOut", "Words"]
