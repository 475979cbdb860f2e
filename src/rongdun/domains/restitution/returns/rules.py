"""The life of a return, who may do what to it, its guards and its clocks.

Sources: 电信网络新型违法犯罪案件冻结资金返还若干规定 (2016) and its implementing rules; 程序规定 (2020) article 234.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import MAKERS, Facts, Guard, Lifecycle, State, Transition

NOTICE = "return.notice"
BANK = "return.bank_execution"

DRAFT = frozenset({"return.draft"})
APPROVE = frozenset({"return.approve"})
EXECUTE = frozenset({"return.execute"})
RECEIPT = frozenset({"return.receipt"})
_RULES = "电信网络新型违法犯罪案件冻结资金返还若干规定(2016)"
_DETAIL = f"{_RULES}实施细则"

EDITABLE = ("CANDIDATE", "VICTIM_NOTIFIED", "APPLIED")
"""States in which claims are entered and completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the guards look at: counts of claims, the reckoning, the notice, officers, the bank's figures."""

    makers: Collection[UUID]
    claims: int
    unnotified: int
    applied: int
    incomplete: int
    verified: int
    mode: str | None
    notice_until: datetime | None
    open_objections: int
    enough_frozen: bool
    within_losses: bool
    accounts_known: bool
    officers: int
    officers_needed: int
    paid_exactly: bool
    receipt: bool


def facts_of(standing: Standing) -> Facts:
    """Return what the guards look at."""
    named = {name: getattr(standing, name) for name in Standing.__slots__ if name != "makers"}
    return {MAKERS: frozenset(standing.makers), **named}


def _number(facts: Facts, name: str) -> int:
    value = facts[name]
    return value if isinstance(value, int) else 0


def _has_claims(facts: Facts, now: datetime) -> bool:
    return _number(facts, "claims") > 0


def _all_notified(facts: Facts, now: datetime) -> bool:
    return _number(facts, "unnotified") == 0


def _somebody_applied(facts: Facts, now: datetime) -> bool:
    return _number(facts, "applied") > 0


def _complete(facts: Facts, now: datetime) -> bool:
    return _number(facts, "incomplete") == 0 and _number(facts, "verified") > 0


def _mode_c(facts: Facts, now: datetime) -> bool:
    return facts["mode"] == "C"


def _notice_over(facts: Facts, now: datetime) -> bool:
    until = facts["notice_until"]
    return facts["mode"] != "C" or (isinstance(until, datetime) and now >= until)


def _no_objection(facts: Facts, now: datetime) -> bool:
    return _number(facts, "open_objections") == 0


def _enough(facts: Facts, now: datetime) -> bool:
    return bool(facts["enough_frozen"]) and bool(facts["within_losses"])


def _accounts(facts: Facts, now: datetime) -> bool:
    return bool(facts["accounts_known"])


def _two_officers(facts: Facts, now: datetime) -> bool:
    return _number(facts, "officers") >= _number(facts, "officers_needed")


def _exact(facts: Facts, now: datetime) -> bool:
    return bool(facts["paid_exactly"])


def _has_receipt(facts: Facts, now: datetime) -> bool:
    return bool(facts["receipt"])


HAS_CLAIMS = Guard(
    "return.has_claims",
    Text("还没有登记被害人", "No victim has been entered"),
    _RULES,
    _has_claims,
    Text("请先登记被害人及损失", "Enter the victims and their losses first"),
)
ALL_NOTIFIED = Guard(
    "return.all_notified",
    Text(
        "公安机关应主动告知被害人，还有被害人未告知",
        "Police tell victims of their own accord; some have not been told",
    ),
    _RULES,
    _all_notified,
    Text("请逐一告知并登记", "Tell each of them and enter it"),
)
SOMEBODY_APPLIED = Guard(
    "return.applied",
    Text("还没有被害人提出返还申请", "No victim has applied for the return"),
    _RULES,
    _somebody_applied,
    Text("请由被害人填写返还申请表", "Have the victim fill in the application"),
)
MATERIALS = Guard(
    "return.materials",
    Text("有申请材料不齐或损失未核实", "Papers are missing, or a loss has not been verified"),
    _DETAIL,
    _complete,
    Text(
        "请补齐材料并核实，或写明理由后列为暂不参加",
        "Complete and verify them, or set the claim aside with a reason",
    ),
)
MODE_C = Guard(
    "return.mode_c",
    Text("只有按比例返还需要公告", "Only a pro-rata return needs a public notice"),
    f"{_RULES}第8条",
    _mode_c,
    Text("请直接呈批", "Submit it for approval"),
)
NOTICE_OVER = Guard(
    "return.notice",
    Text(
        "按比例返还须公告满三十日，未满期不得批准、不得支付",
        "A pro-rata return is approved and paid only after 30 days' public notice",
    ),
    f"{_RULES}第8条",
    _notice_over,
    Text(
        "请先公告，期满且无未处理异议后再办理",
        "Publish it first; go on when the notice is over and objections are settled",
    ),
)
NO_OBJECTION = Guard(
    "return.objections",
    Text("还有异议未处理", "An objection has not been settled"),
    f"{_RULES}第8条",
    _no_objection,
    Text("请先审查异议并答复", "Look into the objection and answer it first"),
)
ENOUGH_FROZEN = Guard(
    "return.enough_frozen",
    Text(
        "冻结余额或被害人未返还损失已经变化，原方案不再成立",
        "What is frozen or what is still owed has changed: the reckoning no longer holds",
    ),
    _RULES,
    _enough,
    Text("请退回重新测算", "Send it back to be reckoned anew"),
)
ACCOUNTS_KNOWN = Guard(
    "return.accounts",
    Text("有被害人没有收款账户", "A victim has no account to be paid to"),
    _RULES,
    _accounts,
    Text(
        "请补登原转出账户；确不能用的，登记本人其他账户并写明理由",
        "Enter the original account, or another of the victim with a reason",
    ),
)
TWO_OFFICERS = Guard(
    "return.two_officers",
    Text("须由两名民警持证到银行办理", "Two officers take it to the bank"),
    _DETAIL,
    _two_officers,
    Text("请选择另一名民警", "Choose another officer"),
)
PAID_EXACTLY = Guard(
    "return.paid_exactly",
    Text(
        "银行支付金额须与决定逐项一致，不得收取费用",
        "The bank pays exactly what was decided, and takes no fee",
    ),
    _RULES,
    _exact,
    Text(
        "未能支付的请填写原因退回，不得部分扣减",
        "What could not be paid goes back with the reason; nothing is deducted",
    ),
)
HAS_RECEIPT = Guard(
    "return.receipt",
    Text("还没有银行回执", "There is no receipt of the bank"),
    _DETAIL,
    _has_receipt,
    Text("请向银行索取回执", "Ask the bank for its receipt"),
)

_PAYABLE = (NOTICE_OVER, NO_OBJECTION, ENOUGH_FROZEN, ACCOUNTS_KNOWN)
_BEFORE_APPROVAL = ("MATERIALS_COMPLETE", "TRACED", "PUBLIC_NOTICE", "OBJECTION")


def _step(
    action: str,
    name: Text,
    from_states: tuple[str, ...],
    to_state: str,
    who: frozenset[str],
    *guards: Guard,
    opens: tuple[str, ...] = (),
    closes: tuple[str, ...] = (),
    needs_reason: bool = False,
    checked: bool = False,
) -> Transition:
    return Transition(
        action=action,
        name=name,
        from_states=from_states,
        to_state=to_state,
        who=who,
        guards=guards,
        opens=opens,
        closes=closes,
        needs_reason=needs_reason,
        maker_checker=checked,
    )


RETURN = Lifecycle(
    key="return_order",
    name=Text("返还单", "Return"),
    states=(
        State("CANDIDATE", Text("待告知", "Candidate")),
        State("VICTIM_NOTIFIED", Text("已告知被害人", "Victims notified")),
        State("APPLIED", Text("已申请", "Applied")),
        State("MATERIALS_COMPLETE", Text("材料齐备", "Papers complete")),
        State("TRACED", Text("已测算", "Reckoned")),
        State("PUBLIC_NOTICE", Text("公告中", "Public notice")),
        State("OBJECTION", Text("异议审查", "Objection")),
        State("APPROVED_CITY", Text("市级已批准", "Approved by the city")),
        State("BANK_NOTICED", Text("已送银行", "With the bank")),
        State("PAID", Text("已支付", "Paid")),
        State("RECEIPT_FILED", Text("回执入卷", "Receipt filed")),
        State("CLOSED", Text("已办结", "Closed"), terminal=True),
        State("WITHDRAWN", Text("已撤销", "Withdrawn"), terminal=True),
    ),
    transitions=(
        *(_step("edit", Text("登记材料", "Complete claims"), (state,), state, DRAFT) for state in EDITABLE),
        _step(
            "notify",
            Text("告知完毕", "Victims told"),
            ("CANDIDATE",),
            "VICTIM_NOTIFIED",
            DRAFT,
            HAS_CLAIMS,
            ALL_NOTIFIED,
        ),
        _step(
            "apply",
            Text("受理申请", "Take the applications"),
            ("VICTIM_NOTIFIED",),
            "APPLIED",
            DRAFT,
            SOMEBODY_APPLIED,
        ),
        _step(
            "complete",
            Text("材料齐备", "Papers complete"),
            ("APPLIED",),
            "MATERIALS_COMPLETE",
            DRAFT,
            MATERIALS,
        ),
        _step("reckon", Text("测算返还方案", "Reckon"), ("MATERIALS_COMPLETE",), "TRACED", DRAFT),
        _step("reckon", Text("重新测算", "Reckon anew"), ("TRACED",), "TRACED", DRAFT),
        _step(
            "publish",
            Text("发布公告", "Publish"),
            ("TRACED",),
            "PUBLIC_NOTICE",
            DRAFT,
            MODE_C,
            opens=(NOTICE,),
        ),
        _step(
            "object",
            Text("登记异议", "Enter an objection"),
            ("PUBLIC_NOTICE", "OBJECTION"),
            "OBJECTION",
            DRAFT,
        ),
        _step(
            "settle",
            Text("异议处理完毕", "Objections settled"),
            ("OBJECTION",),
            "PUBLIC_NOTICE",
            DRAFT,
            NO_OBJECTION,
        ),
        _step(
            "reopen",
            Text("退回补正", "Send back"),
            _BEFORE_APPROVAL,
            "APPLIED",
            DRAFT | APPROVE,
            closes=(NOTICE,),
            needs_reason=True,
        ),
        _step(
            "approve",
            Text("批准返还", "Approve"),
            ("TRACED", "PUBLIC_NOTICE"),
            "APPROVED_CITY",
            APPROVE,
            *_PAYABLE,
            closes=(NOTICE,),
            checked=True,
        ),
        _step(
            "notice_bank",
            Text("持通知书到银行", "Take it to the bank"),
            ("APPROVED_CITY",),
            "BANK_NOTICED",
            EXECUTE,
            TWO_OFFICERS,
            *_PAYABLE,
            opens=(BANK,),
        ),
        _step(
            "fail",
            Text("银行未能支付", "The bank could not pay"),
            ("BANK_NOTICED",),
            "APPROVED_CITY",
            RECEIPT,
            closes=(BANK,),
            needs_reason=True,
        ),
        _step(
            "pay",
            Text("登记支付回执", "Enter the receipt"),
            ("BANK_NOTICED",),
            "PAID",
            RECEIPT,
            NOTICE_OVER,
            PAID_EXACTLY,
            closes=(BANK,),
        ),
        _step(
            "file_receipt",
            Text("回执入卷", "File the receipt"),
            ("PAID",),
            "RECEIPT_FILED",
            EXECUTE,
            HAS_RECEIPT,
        ),
        _step("close", Text("办结", "Close"), ("RECEIPT_FILED",), "CLOSED", DRAFT),
        _step(
            "withdraw",
            Text("撤销", "Withdraw"),
            (*EDITABLE, *_BEFORE_APPROVAL, "APPROVED_CITY"),
            "WITHDRAWN",
            DRAFT | APPROVE,
            closes=(NOTICE,),
            needs_reason=True,
        ),
    ),
)
"""What is left after paying stays frozen; a later victim gets a new return out of it."""
