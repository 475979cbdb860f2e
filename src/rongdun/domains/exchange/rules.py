"""The life of an outgoing message, and what a person may decide about one that could not be delivered."""

from datetime import datetime

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Facts, Guard, Lifecycle, State, Transition
from rongdun.runtime.outbox import OutboxMessage

_DECIDE = frozenset({"outbox.act"})
_SYSTEM = frozenset({"system"})
_BASIS = "信息交换工作规范"


def facts_of(message: OutboxMessage) -> Facts:
    """Return what the guards look at."""
    return {"expires_at": message.expires_at}


def _still_of_use(facts: Facts, now: datetime) -> bool:
    expires_at = facts["expires_at"]
    return not isinstance(expires_at, datetime) or now < expires_at


STILL_OF_USE = Guard(
    "outbox.still_of_use",
    Text("过期的消息不得再发", "An expired message may not be sent again"),
    _BASIS,
    _still_of_use,
    Text("请放弃这条消息，如仍需要，重新制发", "Abandon it, and issue a new one if it is still needed"),
)

MESSAGE = Lifecycle(
    key="outbox_message",
    name=Text("外发消息", "Outgoing message"),
    states=(
        State("pending", Text("待发送", "Pending")),
        State("sending", Text("发送中", "Being sent")),
        State("dead", Text("发送失败", "Dead letter")),
        State("sent", Text("已发送", "Sent"), terminal=True),
        State("abandoned", Text("已放弃", "Abandoned"), terminal=True),
    ),
    transitions=(
        Transition(
            action="claim",
            name=Text("领取", "Claim"),
            from_states=("pending",),
            to_state="sending",
            who=_SYSTEM,
            guards=(STILL_OF_USE,),
        ),
        Transition(
            action="deliver",
            name=Text("送达", "Deliver"),
            from_states=("sending",),
            to_state="sent",
            who=_SYSTEM,
        ),
        Transition(
            action="put_back",
            name=Text("稍后再发", "Put back"),
            from_states=("sending",),
            to_state="pending",
            who=_SYSTEM,
        ),
        Transition(
            action="give_up",
            name=Text("停止发送", "Give up"),
            from_states=("pending", "sending"),
            to_state="dead",
            who=_SYSTEM,
        ),
        Transition(
            action="retry",
            name=Text("重新发送", "Retry"),
            from_states=("dead",),
            to_state="pending",
            who=_DECIDE,
            guards=(STILL_OF_USE,),
            needs_reason=True,
        ),
        Transition(
            action="abandon",
            name=Text("放弃", "Abandon"),
            from_states=("dead",),
            to_state="abandoned",
            who=_DECIDE,
            needs_reason=True,
        ),
    ),
)

INBOX = Lifecycle(
    key="inbox_message",
    name=Text("收到的反馈", "Incoming message"),
    states=(
        State("received", Text("待处理", "To be worked off")),
        State("refused", Text("不能采用", "Refused")),
        State("taken", Text("已入账", "Taken in"), terminal=True),
    ),
    transitions=(
        Transition(
            action="take",
            name=Text("入账", "Take in"),
            from_states=("received",),
            to_state="taken",
            who=_SYSTEM,
        ),
        Transition(
            action="refuse",
            name=Text("不采用", "Refuse"),
            from_states=("received",),
            to_state="refused",
            who=_SYSTEM,
        ),
        Transition(
            action="retake",
            name=Text("重新处理", "Work off again"),
            from_states=("refused", "received"),
            to_state="received",
            who=_DECIDE,
            needs_reason=True,
        ),
    ),
)

_TO_COMPARE = ("waiting", "differing")

DAY = Lifecycle(
    key="exchange_day",
    name=Text("与机构的日终对账", "Nightly comparison with an institution"),
    states=(
        State("waiting", Text("待取得账册", "Its book is awaited")),
        State("differing", Text("有差异", "Differing")),
        State("agreed", Text("相符", "Agreed"), terminal=True),
        State("unanswered", Text("未取得账册", "Its book never came"), terminal=True),
    ),
    transitions=(
        Transition(
            action="agree",
            name=Text("对账相符", "Agree"),
            from_states=_TO_COMPARE,
            to_state="agreed",
            who=_SYSTEM,
        ),
        Transition(
            action="differ",
            name=Text("对账有差异", "Differ"),
            from_states=_TO_COMPARE,
            to_state="differing",
            who=_SYSTEM,
        ),
        Transition(
            action="give_up",
            name=Text("逾期未取得", "Give up"),
            from_states=("waiting",),
            to_state="unanswered",
            who=_SYSTEM,
        ),
    ),
)
