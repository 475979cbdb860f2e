"""Words of traces on the desk: marks; rules and ends are those of the computation."""

from collections.abc import Mapping

from rongdun.analytics.tracing.flow_words import RULES
from rongdun.kernel.errors import Text

__all__ = ["MARKS", "RULES"]

MARKS: Mapping[str, Text] = {
    "cash_out": Text("取现", "Cashed out"),
    "frozen": Text("已冻结", "Frozen"),
    "awaiting_reply": Text("待反馈", "Awaiting reply"),
    "located": Text("已落地", "Located"),
    "struck": Text("已打击", "Struck"),
}
"""What officers find of an account."""
