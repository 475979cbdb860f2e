"""Reasons of orders and instructions: what an officer typed, or what the system says, which has both languages.

Both are kept sealed as one text. What the system says is its Chinese and its English with a mark between that no form
lets in; so what an officer typed, and what was kept before there was a mark, reads the same in either language.
"""

from rongdun.domains.stop_payment.model import STEP_REASON, Details, OrderStep
from rongdun.kernel.errors import Text
from rongdun.runtime.uow import Uow

_BETWEEN = "\x1e"

FILED = Text("止付后立案，转为冻结", "The case was filed after the stop; the account is to be frozen")
TWICE = Text("该指令重复办理，一并解除", "The order was carried out twice; the other one is lifted as well")
AFTERWARDS = Text(
    "解除之后又办理，再次解除", "It was carried out after it had been lifted; it is lifted again"
)


def taken_over_by(freeze: str) -> Text:
    """Return why a stop is lifted: the freeze of this number has taken its place."""
    return Text(
        f"该账户涉案资金已由{freeze}冻结，原止付予以解除，冻结部分继续控制",
        f"The money the case is about is frozen by {freeze}; the stop before it is lifted, what is frozen stays held",
    )


def said(reason: Text) -> str:
    """Return what the system says as it is kept."""
    return f"{reason.zh}{_BETWEEN}{reason.en}"


def reason_of(told: Details) -> Text:
    """Return why an order was made; both sides are empty where nothing was said."""
    return _read(told.reason)


def step_reason(uow: Uow, step: OrderStep) -> Text:
    """Return why an instruction was sent; both sides are empty where nothing was said."""
    return _read(uow.vault.open(step.reason, STEP_REASON.context_of(step.id)))


def _read(kept: str) -> Text:
    zh, mark, en = kept.partition(_BETWEEN)
    return Text(zh, en if mark else zh)
