"""The life of a query order: 调单. Source: 公安机关办理刑事案件程序规定(2020)第238、239条 and our own table."""

from rongdun.domains.stop_payment.guards import (
    NOTHING_PENDING,
    TARGET_NAMED,
    UNDELIVERED,
    UNREVIEWED,
    URGENT,
)
from rongdun.domains.stop_payment.tables import by_people, by_system, loops, resends, withdraws
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Lifecycle, State

DRAFTERS = ("order.draft",)
REVIEWERS = ("order.review", "freeze.approve_county", "freeze.approve_city")
REPLY, LATE = "query.reply", "query.late_review"
_OPEN = ("SENT", "TIMEOUT", "PARTIAL", "REJECTED")

QUERY = Lifecycle(
    key="query_order",
    name=Text("调单", "Query order"),
    states=(
        State("DRAFT", Text("草稿", "Draft")),
        State("REVIEWED", Text("已审核", "Reviewed")),
        State("SENT", Text("已发出", "Sent")),
        State("PARTIAL", Text("部分反馈", "Answered in part")),
        State("REJECTED", Text("银行未提供", "Not answered")),
        State("TIMEOUT", Text("银行未反馈", "No answer")),
        State("WATCHING", Text("动态监控中", "Watching")),
        State("ANSWERED", Text("已反馈", "Answered"), terminal=True),
        State("ENDED", Text("监控已结束", "Watch ended"), terminal=True),
        State("WITHDRAWN", Text("已撤回", "Withdrawn"), terminal=True),
    ),
    transitions=(
        by_people("edit", Text("修改", "Edit"), ("DRAFT",), "DRAFT", DRAFTERS),
        by_people(
            "review",
            Text("审核", "Review"),
            ("DRAFT",),
            "REVIEWED",
            REVIEWERS,
            guards=(TARGET_NAMED,),
            checked=True,
        ),
        by_people(
            "return", Text("退回", "Return"), ("DRAFT", "REVIEWED"), "DRAFT", REVIEWERS, needs_reason=True
        ),
        by_people(
            "send",
            Text("发出", "Send"),
            ("REVIEWED",),
            "SENT",
            (*DRAFTERS, *REVIEWERS),
            guards=(TARGET_NAMED,),
            opens=(REPLY,),
        ),
        by_people(
            "send",
            Text("紧急发出", "Send at once"),
            ("DRAFT",),
            "SENT",
            DRAFTERS,
            guards=(URGENT, TARGET_NAMED),
            opens=(REPLY, LATE),
        ),
        *loops(
            "countersign",
            Text("补审", "Review afterwards"),
            ("SENT", "TIMEOUT", "PARTIAL", "REJECTED", "WATCHING"),
            REVIEWERS,
            guards=(UNREVIEWED,),
            closes=(LATE,),
            checked=True,
        ),
        withdraws(("DRAFT", "REVIEWED"), (*DRAFTERS, *REVIEWERS)),
        *resends((*DRAFTERS, *REVIEWERS), (TARGET_NAMED,), undelivered=UNDELIVERED, opens=(REPLY,)),
        *loops(
            "end_watch", Text("结束监控", "End the watch"), ("WATCHING",), DRAFTERS, guards=(NOTHING_PENDING,)
        ),
        by_system("answer", Text("银行已反馈", "The bank has answered"), _OPEN, "ANSWERED", closes=(REPLY,)),
        by_system(
            "answer_in_part",
            Text("银行部分反馈", "The bank has answered in part"),
            _OPEN,
            "PARTIAL",
        ),
        by_system(
            "watch", Text("银行开始监控", "The bank has begun to watch"), _OPEN, "WATCHING", closes=(REPLY,)
        ),
        by_system(
            "reject",
            Text("银行未提供", "The bank did not answer it"),
            ("SENT", "TIMEOUT", "PARTIAL"),
            "REJECTED",
            closes=(REPLY,),
        ),
        by_system("time_out", Text("逾期未反馈", "No answer in time"), ("SENT",), "TIMEOUT"),
        by_system("ended", Text("银行已结束监控", "The bank has ended the watch"), ("WATCHING",), "ENDED"),
    ),
)
"""An answered query may be added to by further pages; they move nothing any more."""
