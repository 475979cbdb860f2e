"""The centre's own message model: what a bank is told to do, and what it answers. Pure data, no wire format.

Wire profiles (``adapters/banks``) turn an :class:`Instruction` into XML and an answer into a :class:`Reply`; the desks
know these two only. Money is whole fen, moments are timezone-aware.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rongdun.kernel.errors import Text


class Kind(StrEnum):
    """What an instruction asks for; the national codes stand in the wire profile."""

    STOP = "stop"
    EXTEND_STOP = "extend_stop"
    LIFT_STOP = "lift_stop"
    FREEZE = "freeze"
    RENEW_FREEZE = "renew_freeze"
    LIFT_FREEZE = "lift_freeze"
    QUERY_TRANSACTIONS = "query_transactions"
    QUERY_HOLDER = "query_holder"
    QUERY_DYNAMIC = "query_dynamic"
    END_DYNAMIC = "end_dynamic"
    QUERY_ACCOUNTS = "query_accounts"


KIND_WORDS: Mapping[Kind, Text] = {
    Kind.STOP: Text("止付", "stop"),
    Kind.EXTEND_STOP: Text("止付延期", "extension of a stop"),
    Kind.LIFT_STOP: Text("止付解除", "lifting of a stop"),
    Kind.FREEZE: Text("冻结", "freeze"),
    Kind.RENEW_FREEZE: Text("冻结延期", "renewal of a freeze"),
    Kind.LIFT_FREEZE: Text("冻结解除", "lifting of a freeze"),
    Kind.QUERY_TRANSACTIONS: Text("交易明细查询", "query of transactions"),
    Kind.QUERY_HOLDER: Text("开户主体查询", "query of the holder"),
    Kind.QUERY_DYNAMIC: Text("账户动态查询", "watch of an account"),
    Kind.END_DYNAMIC: Text("动态查询解除", "end of a watch"),
    Kind.QUERY_ACCOUNTS: Text("客户全账户查询", "query of all accounts"),
}
"""What each kind is called in a sentence."""


class Outcome(StrEnum):
    """How a bank answered, whatever its own words were."""

    DONE = "done"
    PARTIAL = "partial"  # done, but there was less than asked for, or nothing
    MISMATCH = "mismatch"  # one of the four items does not match: the bank must not stop
    NOT_FOUND = "not_found"
    CLOSED = "closed"
    QUEUED = "queued"  # already frozen by another authority: stands in line
    REFUSED = "refused"  # any other reason, in the bank's words
    TIMEOUT = "timeout"  # the bank's own system gave no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who signs an instruction: 经办人 or 协查人."""

    name: str
    id_type: str = "08"
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An account as an instruction names it; ``kind`` is ``personal`` or ``corporate``."""

    institution: str  # the bank's code
    institution_name: str
    number: str  # 主账号 or 主账号_识别号
    name: str
    kind: str = "personal"
    id_type: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction to one institution. ``application_id`` (≤ 36 characters) is unique and never used again.

    ``original_id`` names the instruction that is extended, renewed or lifted. ``amount_fen`` is the amount of the
    transfer for a stop, the cap for a freeze (None: the whole account), what stays frozen when part is lifted (None:
    nothing). ``start`` and ``end`` bound the measure or the queried period.
    """

    application_id: str
    kind: Kind
    account: Party
    unit_code: str
    unit_name: str
    operator: Officer
    investigator: Officer
    made_at: datetime
    reason: str
    case_number: str = ""
    original_id: str = ""
    urgent: bool = True
    payer: Party | None = None
    amount_fen: int | None = None
    transfer_time: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    remark: str = ""
    documents: Sequence[tuple[str, bytes]] = ()  # name and content of legal documents
    answer_within_hours: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """The question what became of an instruction whose answer has not come; ``message_id`` (≤ 35) is its own name."""

    application_id: str
    institution: str
    message_id: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerFreeze:
    """Who froze the account before us (轮候): the bank's words."""

    authority: str
    frozen_fen: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One transaction of a queried account, as the bank tells it."""

    time: datetime
    incoming: bool
    amount_fen: int
    balance_fen: int | None
    serial: str = ""
    counterparty_name: str = ""
    counterparty_number: str = ""
    counterparty_bank: str = ""
    counterparty_id: str = ""
    summary: str = ""
    channel: str = ""
    cash: bool = False
    ok: bool = True
    ip: str = ""
    mac: str = ""
    terminal: str = ""
    place: str = ""
    merchant: str = ""
    merchant_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """An account as a bank describes it; ``kind`` is ``personal``, ``corporate`` or not told."""

    number: str
    name: str = ""
    kind: str = ""
    state: str = ""
    opened_at: datetime | None = None
    branch: str = ""
    balance_fen: int | None = None
    available_fen: int | None = None
    last_moved_at: datetime | None = None
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    agent_name: str = ""
    agent_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an institution answered to ``application_id``. ``message_id`` is the institution's own serial of the answer.

    ``held_fen`` is what the measure holds now (stop: balance stopped; freeze: fen frozen); ``balance_fen`` what lay in
    the account before. ``returned_fen``: so much was sent back to the payer's bank, and is held no more. ``code`` is
    the platform's return code, ``text`` the bank's words.
    """

    application_id: str
    kind: Kind
    institution: str
    message_id: str
    outcome: Outcome
    answered_at: datetime
    code: str = ""
    text: str = ""
    balance_fen: int | None = None
    available_fen: int | None = None
    held_fen: int | None = None
    returned_fen: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    former: FormerFreeze | None = None
    accounts: Sequence[AccountFacts] = ()
    rows: Sequence[StatementRow] = field(default=())
    clerk: str = ""
