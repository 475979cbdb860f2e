"""The rules that stand before a step of an order, each with its own text, its basis and its way on. Pure.

What they look at (``Facts``) is put together by ``facts.py``; every number comes from the policy table.
"""

from collections.abc import Callable
from datetime import datetime

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard

_STOPS = "银发〔2016〕86号"
_PROCEDURE = "公安机关办理刑事案件程序规定(2020)"
_HOUSE = "本中心工作规范"


def _true(name: str) -> Callable[[Facts, datetime], bool]:
    return lambda facts, now: bool(facts[name])


def _number(facts: Facts, name: str) -> int:
    value = facts[name]
    if not isinstance(value, int):
        raise TypeError(f"the fact {name!r} is a whole number")
    return value


def _moment(facts: Facts, name: str) -> datetime | None:
    value = facts[name]
    if value is not None and not isinstance(value, datetime):
        raise TypeError(f"the fact {name!r} is a moment or none")
    return value


def _none_missing(facts: Facts, now: datetime) -> bool:
    return not facts["missing"]


def _below_limit(facts: Facts, now: datetime) -> bool:
    return bool(facts["overridden"]) or _number(facts, "stops") < _number(facts, "stops_max")


def _at_limit(facts: Facts, now: datetime) -> bool:
    return _number(facts, "stops") >= _number(facts, "stops_max")


def _not_in_force(facts: Facts, now: datetime) -> bool:
    return not facts["in_force"]


def _runs(facts: Facts, now: datetime) -> bool:
    end = _moment(facts, "ends_at")
    return end is not None and now < end


def _over(facts: Facts, now: datetime) -> bool:
    """Tell whether the term is over, and no extension sent in time is still unanswered within its own term."""
    end, pending = _moment(facts, "ends_at"), _moment(facts, "pending_until")
    return end is not None and now >= end and (pending is None or now >= pending)


def _urgent(facts: Facts, now: datetime) -> bool:
    return bool(facts["urgent"]) and bool(facts["urgent_allowed"])


def _county_term(facts: Facts, now: datetime) -> bool:
    return _number(facts, "months") <= _number(facts, "months_county")


def _city_term(facts: Facts, now: datetime) -> bool:
    return _number(facts, "months") <= _number(facts, "months_city")


def _nothing_pending(facts: Facts, now: datetime) -> bool:
    return not facts["pending"]


FOUR_ITEMS = Guard(
    "stop.match_items",
    Text(
        "止付须核对户名、账号、汇款金额、交易时间四项，任何一项缺少或不符，银行不得止付",
        "A stop needs account name, account number, amount and time of the transfer; the bank must not stop when "
        "any of them is missing or does not match",
    ),
    _STOPS,
    _none_missing,
    Text("请补齐标出的要素", "Fill in what is marked as missing"),
)

TARGET_NAMED = Guard(
    "order.target",
    Text("必须写明账号和受理银行", "The account and its institution must be named"),
    _HOUSE,
    _none_missing,
    Text("请补齐账号和受理银行", "Name the account and its institution"),
)

TWICE = Guard(
    "stop.max_per_account",
    Text(
        "同一公安机关对同一账户的紧急止付以两次为限，不得第三次止付",
        "One police organ may stop the same account at most twice; a third stop is not allowed",
    ),
    _STOPS,
    _below_limit,
    Text(
        "案件已立案的请办理冻结；确有必要的由值班长填写理由后例外放行，并留痕",
        "Freeze the account once the case is filed; where there is no other way the duty leader may let it pass with "
        "a reason, on record",
    ),
)

TWICE_REACHED = Guard(
    "stop.override_needed",
    Text("未达到次数上限，不需要例外放行", "The limit is not reached; no exception is needed"),
    _STOPS,
    _at_limit,
    Text("请直接审核发出", "Review and send it as usual"),
)

NOT_IN_FORCE = Guard(
    "stop.in_force",
    Text(
        "本机关对该账户的止付仍在有效期内，重复止付会白白用掉一次机会",
        "A stop of this account by this organ is still running; another one would use up the second for nothing",
    ),
    _HOUSE,
    _not_in_force,
    Text(
        "请关联已有止付单，到期前办理延期或冻结", "Use the running order; extend it or freeze before it ends"
    ),
)

STOP_RUNS = Guard(
    "stop.validity",
    Text(
        "止付自止付之时起四十八小时内有效，期满自动失效，延期须在期满前办理",
        "A stop is valid for forty-eight hours from the moment of stopping and lapses by itself; it can only be "
        "extended before it ends",
    ),
    _STOPS,
    _runs,
    Text("已过期的请另开止付单（计入两次）", "After its end make a new stop (it counts towards the two)"),
)

STOP_OVER = Guard(
    "stop.validity",
    Text("止付有效期尚未届满", "The term of the stop is not over"),
    _STOPS,
    _over,
    Text("期满时自动失效", "It lapses by itself when it ends"),
)

URGENT = Guard(
    "order.review_first",
    Text("须经审核后方可发出", "It must be reviewed before it is sent"),
    _HOUSE,
    _urgent,
    Text("请提交值班长审核；紧急止付须标明紧急", "Have the duty leader review it; mark it urgent if it is"),
)

UNREVIEWED = Guard(
    "order.reviewed_once",
    Text("已经审核过", "It has been reviewed already"),
    _HOUSE,
    lambda facts, now: not facts["reviewed"],
    Text("无需再次审核", "Nothing more to do"),
)

UNDELIVERED = Guard(
    "order.undelivered",
    Text("报文已送出，等银行反馈", "Its message has gone out; the bank is to answer"),
    _HOUSE,
    _true("undelivered"),
    Text(
        "逾期未反馈或报文未送达时可以重发", "Send again when the answer is overdue or the message undelivered"
    ),
)

FILED = Guard(
    "freeze.requires_filing",
    Text(
        "立案前的调查核实不得采取冻结等强制性措施",
        "Before the case is filed, checking it allows no freeze or other compulsory measure",
    ),
    f"{_PROCEDURE}第174条",
    _true("filed"),
    Text("请先止付并办理立案，立案后再冻结", "Stop the account and have the case filed first"),
)

COUNTY_TERM = Guard(
    "freeze.period",
    Text(
        "县级公安机关批准的冻结（续冻）期限不得超过六个月",
        "A freeze or renewal approved at county level may not exceed six months",
    ),
    f"{_PROCEDURE}第243条",
    _county_term,
    Text(
        "缩短到六个月以内；重大、复杂案件请报设区的市一级以上公安机关负责人批准，期限一年",
        "Shorten it to six months; for a major or complex case have it approved at city level, for one year",
    ),
)

CITY_TERM = Guard(
    "freeze.period_major",
    Text(
        "设区的市级公安机关批准的冻结（续冻）期限不得超过一年",
        "A freeze or renewal approved at city level may not exceed one year",
    ),
    f"{_PROCEDURE}第243条",
    _city_term,
    Text("缩短到一年以内，期满前可再续冻", "Shorten it to one year; it can be renewed before it ends"),
)

FREEZE_RUNS = Guard(
    "freeze.renew_before_expiry",
    Text(
        "续冻须在冻结期满前办理，逾期不办理的视为自动解除",
        "A renewal must be made before the freeze ends; otherwise it is deemed lifted by itself",
    ),
    f"{_PROCEDURE}第240条",
    _runs,
    Text("已自动解除的须重新报批冻结", "What has lapsed needs a new freeze, approved anew"),
)

FREEZE_OVER = Guard(
    "freeze.renew_before_expiry",
    Text("冻结期限尚未届满", "The term of the freeze is not over"),
    f"{_PROCEDURE}第240条",
    _over,
    Text("期满未续冻时自动解除", "It is lifted by itself when it ends unrenewed"),
)

ORIGINAL_APPROVER = Guard(
    "freeze.lifted_by_original_approver",
    Text("冻结由原批准冻结的公安机关解除", "A freeze is lifted by the organ that approved it"),
    f"{_PROCEDURE}第241条",
    _true("original_approver"),
    Text("请由原批准机关的负责人批准解除", "Have it approved by whoever approves for that organ"),
)

NOT_LIFTING = Guard(
    "order.lifted_once",
    Text("解除指令已经发出，正在等银行反馈", "The lifting has been sent and waits for the bank's answer"),
    _HOUSE,
    lambda facts, now: not facts["lifting"],
    Text("等银行反馈，逾期请联系银行", "Wait for the answer; call the bank when it is overdue"),
)

NOTHING_PENDING = Guard(
    "order.one_at_a_time",
    Text("已有一条指令在等银行反馈", "An instruction is still waiting for the bank's answer"),
    _HOUSE,
    _nothing_pending,
    Text("等银行反馈，或重新发出", "Wait for the answer, or send it again"),
)
