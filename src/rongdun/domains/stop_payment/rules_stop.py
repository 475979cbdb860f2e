"""The life of a stop order: 止付单. Source: 银发〔2016〕86号 and the centre's own table of steps."""

from rongdun.domains.stop_payment.guards import (
    FOUR_ITEMS,
    NOT_IN_FORCE,
    NOT_LIFTING,
    NOTHING_PENDING,
    STOP_OVER,
    STOP_RUNS,
    TWICE,
    TWICE_REACHED,
    UNDELIVERED,
    UNREVIEWED,
    URGENT,
)
from rongdun.domains.stop_payment.tables import by_people, by_system, loops, resends, withdraws
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Lifecycle, State

DRAFTERS = ("order.draft",)
REVIEWERS = ("order.review",)
IN_FORCE = ("STOPPED", "PARTIAL", "EXTENDED")
"""The bank holds the account: it may receive, not pay."""
CONVERTING = "CONVERTING"
"""A freeze holds what it is to hold; the bank has been told to lift the stop, and with it what exceeds the freeze."""

REPLY, VALIDITY = "stop.reply", "stop.validity"
TARGET, LIMIT, LATE = "stop.file_and_freeze_target", "stop.file_and_freeze_limit", "stop.late_review"
_SENT = (FOUR_ITEMS, NOT_IN_FORCE, TWICE)
_ANSWERABLE = ("SENT", "TIMEOUT", "REJECTED")

STOP = Lifecycle(
    key="stop_order",
    name=Text("止付单", "Stop order"),
    states=(
        State("DRAFT", Text("草稿", "Draft")),
        State("REVIEWED", Text("已审核", "Reviewed")),
        State("SENT", Text("已发出", "Sent")),
        State("STOPPED", Text("已止付", "Stopped")),
        State("PARTIAL", Text("部分止付", "Stopped in part")),
        State("REJECTED", Text("银行未止付", "Not stopped")),
        State("TIMEOUT", Text("银行未反馈", "No answer")),
        State("EXTENDED", Text("已延期", "Extended")),
        State("CONVERTING", Text("已冻结，止付解除中", "Frozen, the stop is being lifted")),
        State("CONVERTED_TO_FREEZE", Text("已转冻结", "Turned into a freeze"), terminal=True),
        State("LIFTED", Text("已解除", "Lifted"), terminal=True),
        State("EXPIRED", Text("已失效", "Lapsed"), terminal=True),
        State("WITHDRAWN", Text("已撤回", "Withdrawn"), terminal=True),
    ),
    transitions=(
        by_people("edit", Text("修改", "Edit"), ("DRAFT",), "DRAFT", DRAFTERS),
        by_people(
            "review", Text("审核", "Review"), ("DRAFT",), "REVIEWED", REVIEWERS, guards=_SENT, checked=True
        ),
        by_people(
            "return", Text("退回", "Return"), ("DRAFT", "REVIEWED"), "DRAFT", REVIEWERS, needs_reason=True
        ),
        by_people(
            "override",
            Text("例外放行", "Allow an exception"),
            ("DRAFT",),
            "DRAFT",
            ("order.override",),
            guards=(TWICE_REACHED,),
            needs_reason=True,
        ),
        by_people(
            "send",
            Text("发出", "Send"),
            ("REVIEWED",),
            "SENT",
            (*DRAFTERS, *REVIEWERS),
            guards=_SENT,
            opens=(REPLY,),
        ),
        by_people(
            "send",
            Text("紧急发出", "Send at once"),
            ("DRAFT",),
            "SENT",
            DRAFTERS,
            guards=(URGENT, *_SENT),
            opens=(REPLY, LATE),
        ),
        *loops(
            "countersign",
            Text("补审", "Review afterwards"),
            ("SENT", "STOPPED", "PARTIAL", "TIMEOUT", "EXTENDED", "REJECTED", CONVERTING),
            REVIEWERS,
            guards=(UNREVIEWED,),
            closes=(LATE,),
            checked=True,
        ),
        withdraws(("DRAFT", "REVIEWED"), (*DRAFTERS, *REVIEWERS)),
        *resends((*DRAFTERS, *REVIEWERS), (FOUR_ITEMS,), undelivered=UNDELIVERED, opens=(REPLY,)),
        *loops(
            "extend",
            Text("延期", "Extend"),
            ("STOPPED", "PARTIAL"),
            REVIEWERS,
            guards=(STOP_RUNS, NOTHING_PENDING, TWICE),
            checked=True,
        ),
        *loops(
            "lift",
            Text("解除", "Lift"),
            ("SENT", "TIMEOUT", *IN_FORCE, CONVERTING),
            REVIEWERS,
            guards=(NOT_LIFTING,),
            needs_reason=True,
        ),
        by_system(
            "stopped",
            Text("银行已止付", "The bank has stopped it"),
            _ANSWERABLE,
            "STOPPED",
            opens=(VALIDITY, TARGET, LIMIT),
            closes=(REPLY,),
        ),
        by_system(
            "partial",
            Text("余额不足", "Less was there"),
            _ANSWERABLE,
            "PARTIAL",
            opens=(VALIDITY, TARGET, LIMIT),
            closes=(REPLY,),
        ),
        by_system(
            "reject",
            Text("银行未止付", "The bank did not stop it"),
            ("SENT", "TIMEOUT"),
            "REJECTED",
            closes=(REPLY,),
        ),
        by_system("time_out", Text("逾期未反馈", "No answer in time"), ("SENT",), "TIMEOUT"),
        by_system(
            "extended",
            Text("银行已延期", "The bank has extended it"),
            ("STOPPED", "PARTIAL"),
            "EXTENDED",
            closes=(VALIDITY,),
            opens=(VALIDITY,),
        ),
        by_system(
            "convert",
            Text("转为冻结", "Turn into a freeze"),
            IN_FORCE,
            CONVERTING,
            closes=(VALIDITY, TARGET, LIMIT),
            opens=(REPLY,),
        ),
        by_system(
            "lifted",
            Text("银行已解除", "The bank has lifted it"),
            ("SENT", "TIMEOUT", "REJECTED", *IN_FORCE),
            "LIFTED",
        ),
        by_system(
            "lifted",
            Text("银行已解除", "The bank has lifted it"),
            (CONVERTING,),
            "CONVERTED_TO_FREEZE",
            closes=(REPLY,),
        ),
        by_system(
            "expire",
            Text("期满失效", "Lapse"),
            IN_FORCE,
            "EXPIRED",
            guards=(STOP_OVER,),
            closes=(VALIDITY, LIMIT),
        ),
        by_system(
            "expire",
            Text("期满失效", "Lapse"),
            (CONVERTING,),
            "CONVERTED_TO_FREEZE",
            guards=(STOP_OVER,),
            closes=(REPLY,),
        ),
    ),
)
"""A rejected order rests there, and moves only when the bank corrects its own answer."""
