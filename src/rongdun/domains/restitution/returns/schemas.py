"""Shapes of the endpoints of returns."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from rongdun.domains.restitution.shapes import (
    ActionOut,
    Cell,
    Fen,
    In,
    Reason,
    ReasonIn,
    Said,
    Text1000,
    VersionIn,
)

Step = Literal["notify", "apply", "complete", "settle", "file_receipt", "close"]
Back = Literal["reopen", "withdraw"]


class ReturnIn(In):
    """A return to begin, out of a freeze."""

    order_id: UUID


class ClaimIn(VersionIn):
    """A victim to enter; numbers as they are written."""

    name: Cell
    id_number: Cell = ""
    phone: Cell = ""
    address: Cell = ""
    institution: Cell = ""
    account: Cell = ""
    loss_fen: Fen


class ProgressIn(VersionIn):
    """How a claim stands; ``set_aside`` is why it takes no part, empty when it does."""

    notified: bool
    applied: bool
    materials: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]
    verified: bool
    loss_fen: Fen
    set_aside: Annotated[str, Field(max_length=500)] = ""


class AccountIn(VersionIn):
    """Another account of the victim to pay to, with the reason; an empty account goes back to the original one."""

    institution: Cell = ""
    account: Cell = ""
    reason: Annotated[str, Field(max_length=500)] = ""


class ReckonIn(VersionIn):
    """From which trace it is reckoned; null: none shows whose money it is."""

    trace_id: UUID | None = None


class PublishIn(VersionIn):
    """Where the notice is published."""

    place: Reason


class ObjectionIn(VersionIn):
    """Who objects to the notice, and what they say."""

    name: Cell
    phone: Cell = ""
    text: Text1000


class SettleIn(VersionIn):
    """How an objection is settled."""

    outcome: Literal["upheld", "dismissed"]
    settlement: Reason


class ApproveIn(VersionIn):
    """Approving, with a word if there is one."""

    note: Annotated[str, Field(max_length=500)] = ""


class BankIn(VersionIn):
    """Who goes to the bank with the actor."""

    with_officer: UUID


class PaidIn(In):
    """What one claim was paid."""

    claim_id: UUID
    fen: Fen


class ReceiptIn(VersionIn):
    """The bank's receipt; a fee is not allowed and is asked for so that it is seen."""

    number: Reason
    clerk: Cell = ""
    paid: Annotated[list[PaidIn], Field(max_length=1000)]
    fee_fen: Fen = 0


class StepIn(VersionIn):
    """A step that needs no reason."""

    action: Step


class BackIn(ReasonIn):
    """A step back or out, with its reason."""

    action: Back


class CandidateOut(BaseModel):
    """A frozen account of a case; ``free_fen`` is what other returns leave of it."""

    order_id: UUID
    order_number: str
    institution_name: str
    account: str
    holder: str
    held_fen: int
    free_fen: int
    ends_at: datetime | None


class ReturnOut(BaseModel):
    """A return, masked."""

    id: UUID
    number: str
    state: str
    state_name: Said
    mode: Literal["A", "B", "C"] | None
    mode_name: Said | None
    case_id: UUID
    case_number: str
    order_id: UUID
    order_number: str
    institution_name: str
    account: str
    holder: str
    frozen_fen: int
    share_fen: int
    paid_fen: int
    leftover_fen: int | None
    notice_place: str
    notice_from: datetime | None
    notice_until: datetime | None
    decision_number: str
    approver_name: str
    approved_at: datetime | None
    officer_names: list[str]
    bank_noticed_at: datetime | None
    bank_due: datetime | None
    receipt_number: str
    receipt_clerk: str
    receipt_by: str
    paid_at: datetime | None
    receipt_filed_at: datetime | None
    end_reason: str
    unit_name: str
    unit_path: str
    maker_name: str
    created_at: datetime
    version: int
    actions: list[ActionOut]


class ShareOut(BaseModel):
    """The arithmetic of one share: ``pool × weight = floor × divisor + remainder``, paid ``floor + extra``."""

    mode: Literal["A", "B", "C"]
    weight_fen: int
    divisor_fen: int
    floor_fen: int
    remainder: int
    extra: int
    fen: int


class ClaimOut(BaseModel):
    """A victim who takes part, masked. ``pays_to`` is where the money goes, ``original``: to the account it left."""

    id: UUID
    name: str
    id_number: str
    phone: str
    account: str
    institution: str
    loss_fen: int
    returned_fen: int
    notified_at: datetime | None
    applied_at: datetime | None
    materials: list[str]
    missing: list[Said]
    verified_at: datetime | None
    verified_name: str
    set_aside: str
    original: bool
    pays_to: str
    other_account_reason: str
    share: ShareOut | None
    paid_fen: int


class ObjectionOut(BaseModel):
    """An objection against the notice, masked."""

    id: UUID
    name: str
    text: str
    raised_at: datetime
    outcome: str
    settlement: str
    settled_name: str
    settled_at: datetime | None


class ReckoningOut(BaseModel):
    """How it was reckoned; both denominators of mode C: ``verified_fen`` (used) and ``frozen_fen`` (the text's)."""

    mode: Literal["A", "B", "C"]
    why: Said
    trace: str
    complete: bool
    frozen_fen: int
    pool_fen: int
    verified_fen: int
    leftover_fen: int
    reckoned_at: datetime


class MaterialOut(BaseModel):
    """A paper that an application needs."""

    code: str
    name: Said


class ColleagueOut(BaseModel):
    """Somebody who may go to the bank too."""

    id: UUID
    name: str


class ReturnDetailOut(ReturnOut):
    """A return with its claims, its arithmetic and its objections; ``free_fen``: what is frozen and free now."""

    claims: list[ClaimOut]
    reckoning: ReckoningOut | None
    objections: list[ObjectionOut]
    materials: list[MaterialOut]
    free_fen: int | None
    trace_id: UUID | None
    papers: list[str]
