"""Shapes that relief and return share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Ground, Offer

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Fen = Annotated[int, Field(ge=0, le=2**53)]
Cell = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=_PLAIN)]
Text1000 = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=_PLAIN)
]
Story = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000, pattern=_PLAIN)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500, pattern=_PLAIN)
]


class In(BaseModel):
    """A body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class VersionIn(In):
    """A step taken on the version one has seen."""

    version: Version


class ReasonIn(VersionIn):
    """A step with its reason."""

    reason: Reason


class Said(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class ActionOut(BaseModel):
    """What may be done next, and why not, if not; ``by_others``: it takes a permission the actor does not hold."""

    action: str
    name: Said
    needs_reason: bool
    allowed: bool
    by_others: bool
    refusal: Said | None
    remedy: Said | None


def said(text: Text) -> Said:
    """Return a sentence as the API shows it."""
    return Said(zh=text.zh, en=text.en)


def action_out(offer: Offer) -> ActionOut:
    """Return an action as a screen offers it, with the rule that refuses it and what would make it pass."""
    refused = offer.refusal
    return ActionOut(
        action=offer.action,
        name=said(offer.name),
        needs_reason=offer.needs_reason,
        allowed=refused is None,
        by_others=refused is not None and refused.ground is Ground.WHO,
        refusal=said(refused.text) if refused else None,
        remedy=said(refused.remedy) if refused else None,
    )
