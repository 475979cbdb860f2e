"""Reading what people say and paste: times, amounts, and what a narrative holds."""

from rongdun.analytics.reading.amounts import find_amounts, read_amount
from rongdun.analytics.reading.moments import Moment, Unreadable, find_moments, read_moment
from rongdun.analytics.reading.narrative import Found, Narrative, ToldTransfer, read_narrative

__all__ = [
    "Found",
    "Moment",
    "Narrative",
    "ToldTransfer",
    "Unreadable",
    "find_amounts",
    "find_moments",
    "read_amount",
    "read_moment",
    "read_narrative",
]
