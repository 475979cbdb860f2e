"""The life of a freeze order: 冻结单. Source: 公安机关办理刑事案件程序规定(2020)第174、238至247条."""

from rongdun.domains.stop_payment.guards import (
    CITY_TERM,
    COUNTY_TERM,
    FILED,
    FREEZE_OVER,
    FREEZE_RUNS,
    NOT_LIFTING,
    NOTHING_PENDING,
    ORIGINAL_APPROVER,
    TARGET_NAMED,
    UNDELIVERED,
)
from rongdun.domains.stop_payment.tables import by_people, by_system, loops, resends, withdraws
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Lifecycle, State

COUNTY, CITY = ("freeze.approve_county",), ("freeze.approve_city",)
DRAFTERS = ("order.draft",)
APPROVED = ("APPROVED_COUNTY", "APPROVED_CITY")
HELD = ("FROZEN", "RENEWED")
"""Money of the account is frozen for us."""

REPLY, PERIOD, UNRELATED = "freeze.reply", "freeze.period", "freeze.lift_unrelated"
_HOLDING = (*HELD, "QUEUED")
_ANSWERABLE = ("SENT", "TIMEOUT", "FAILED")
_NEW = (FILED, TARGET_NAMED)

FREEZE = Lifecycle(
    key="freeze_order",
    name=Text("冻结单", "Freeze order"),
    states=(
        State("DRAFT", Text("草稿", "Draft")),
        State("APPROVED_COUNTY", Text("县级已批准", "Approved, county")),
        State("APPROVED_CITY", Text("市级已批准", "Approved, city")),
        State("SENT", Text("已发出", "Sent")),
        State("FROZEN", Text("已冻结", "Frozen")),
        State("QUEUED", Text("轮候冻结", "Queued behind another")),
        State("FAILED", Text("银行未冻结", "Not frozen")),
        State("TIMEOUT", Text("银行未反馈", "No answer")),
        State("RENEWED", Text("已续冻", "Renewed")),
        State("LIFTED", Text("已解除", "Lifted"), terminal=True),
        State("AUTO_LIFTED", Text("逾期自动解除", "Lifted by itself"), terminal=True),
        State("CONSUMED", Text("已返还", "Returned"), terminal=True),
        State("WITHDRAWN", Text("已撤回", "Withdrawn"), terminal=True),
    ),
    transitions=(
        by_people("edit", Text("修改", "Edit"), ("DRAFT",), "DRAFT", DRAFTERS),
        by_people(
            "approve_county",
            Text("县级批准", "Approve, county"),
            ("DRAFT",),
            "APPROVED_COUNTY",
            COUNTY,
            guards=(*_NEW, COUNTY_TERM),
            checked=True,
        ),
        by_people(
            "approve_city",
            Text("市级批准", "Approve, city"),
            ("DRAFT",),
            "APPROVED_CITY",
            CITY,
            guards=(*_NEW, CITY_TERM),
            checked=True,
        ),
        by_people(
            "return",
            Text("退回", "Return"),
            ("DRAFT", *APPROVED),
            "DRAFT",
            (*COUNTY, *CITY, "order.review"),
            needs_reason=True,
        ),
        by_people(
            "send",
            Text("发出", "Send"),
            APPROVED,
            "SENT",
            (*DRAFTERS, *COUNTY, *CITY, "order.review"),
            guards=_NEW,
            opens=(REPLY,),
        ),
        withdraws(("DRAFT", *APPROVED), (*DRAFTERS, *COUNTY, *CITY)),
        *resends((*DRAFTERS, "order.review"), _NEW, undelivered=UNDELIVERED, opens=(REPLY,)),
        *loops(
            "renew_county",
            Text("续冻（县级批准）", "Renew, county"),
            HELD,
            COUNTY,
            guards=(FREEZE_RUNS, NOTHING_PENDING, COUNTY_TERM),
            checked=True,
        ),
        *loops(
            "renew_city",
            Text("续冻（市级批准）", "Renew, city"),
            HELD,
            CITY,
            guards=(FREEZE_RUNS, NOTHING_PENDING, CITY_TERM),
            checked=True,
        ),
        *loops(
            "unrelated",
            Text("查明与案件无关", "Found unrelated"),
            _HOLDING,
            (*DRAFTERS, *COUNTY, *CITY),
            needs_reason=True,
        ),
        *loops(
            "lift",
            Text("解除", "Lift"),
            ("SENT", "TIMEOUT", *_HOLDING),
            (*COUNTY, *CITY),
            guards=(ORIGINAL_APPROVER, NOT_LIFTING),
            needs_reason=True,
        ),
        by_system(
            "frozen",
            Text("银行已冻结", "The bank has frozen it"),
            (*_ANSWERABLE, "QUEUED"),
            "FROZEN",
            closes=(REPLY,),
        ),
        by_system(
            "queued",
            Text("轮候冻结", "Stands in line"),
            _ANSWERABLE,
            "QUEUED",
            closes=(REPLY,),
        ),
        by_system(
            "fail",
            Text("银行未冻结", "The bank did not freeze it"),
            ("SENT", "TIMEOUT"),
            "FAILED",
            closes=(REPLY,),
        ),
        by_system("time_out", Text("逾期未反馈", "No answer in time"), ("SENT",), "TIMEOUT"),
        by_system("renewed", Text("银行已续冻", "The bank has renewed it"), HELD, "RENEWED"),
        by_system(
            "lifted",
            Text("银行已解除", "The bank has lifted it"),
            ("SENT", "TIMEOUT", "FAILED", *_HOLDING),
            "LIFTED",
        ),
        by_system("consume", Text("返还完毕", "Returned to victims"), HELD, "CONSUMED"),
        by_system(
            "expire", Text("逾期自动解除", "Lift by itself"), _HOLDING, "AUTO_LIFTED", guards=(FREEZE_OVER,)
        ),
    ),
)
"""The clock of a freeze is the rule of its approval: ``freeze.period`` by county, ``freeze.period_major`` by city."""
