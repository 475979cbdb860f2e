"""The exchange with institutions: instructions on their way out, answers that came in, and who answers how fast."""

from rongdun.domains.exchange.api import router
from rongdun.domains.exchange.days import FILE_DROP, ToCompare, days_to_compare, last_day, without_a_book
from rongdun.domains.exchange.errors import Malformed, MessageTooLarge, NotCarried, Turned
from rongdun.domains.exchange.inbox import LOOP, Desk, Receipt, raw_of, take_in, work_off
from rongdun.domains.exchange.institutions import (
    ReplySpeed,
    add_institution,
    configure,
    institution,
    institution_named,
    institutions,
    know_by,
    reach_at,
    reply_speeds,
    turn_away,
)
from rongdun.domains.exchange.letters import Letter, give_up, letters_of, undelivered
from rongdun.domains.exchange.messages import (
    KIND_WORDS,
    AccountFacts,
    FormerFreeze,
    Instruction,
    Kind,
    Officer,
    Outcome,
    Party,
    Reply,
    StatementRow,
    StatusRequest,
)
from rongdun.domains.exchange.model import InboxMessage, Institution
from rongdun.domains.exchange.partners_api import partners_router
from rongdun.domains.exchange.reconciliation import MARGIN, Compared, Difference, Line, compare, reconcile
from rongdun.domains.exchange.rules import DAY, INBOX, MESSAGE
from rongdun.domains.exchange.schemas import ReconcileIn, ReconciliationOut
from rongdun.domains.exchange.status import ask_status
from rongdun.domains.exchange.store_days import STATUS

__all__ = [
    "DAY",
    "FILE_DROP",
    "INBOX",
    "KIND_WORDS",
    "LOOP",
    "MARGIN",
    "MESSAGE",
    "STATUS",
    "AccountFacts",
    "Compared",
    "Desk",
    "Difference",
    "FormerFreeze",
    "InboxMessage",
    "Institution",
    "Instruction",
    "Kind",
    "Letter",
    "Line",
    "Malformed",
    "MessageTooLarge",
    "NotCarried",
    "Officer",
    "Outcome",
    "Party",
    "Receipt",
    "ReconcileIn",
    "ReconciliationOut",
    "Reply",
    "ReplySpeed",
    "StatementRow",
    "StatusRequest",
    "ToCompare",
    "Turned",
    "add_institution",
    "ask_status",
    "compare",
    "configure",
    "days_to_compare",
    "give_up",
    "institution",
    "institution_named",
    "institutions",
    "know_by",
    "last_day",
    "letters_of",
    "partners_router",
    "raw_of",
    "reach_at",
    "reconcile",
    "reply_speeds",
    "router",
    "take_in",
    "turn_away",
    "undelivered",
    "without_a_book",
    "work_off",
]
