"""What the duty endpoints answer, built from rows; all that depends on the clock is reckoned here and now."""

from datetime import datetime
from typing import cast

from rongdun.domains.duty.rules import state_of
from rongdun.domains.duty.schemas import (
    ActionOut,
    BoardOut,
    CountsOut,
    DeadlineDetailOut,
    DeadlineOut,
    EventOut,
    LevelName,
    NoticeOut,
    OutcomeName,
    StateName,
    StepOut,
    SubjectOut,
    UnitOut,
    Words,
)
from rongdun.domains.duty.service import Board, Detail
from rongdun.domains.duty.store import Found
from rongdun.kernel import deadline as clockwork
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Offer
from rongdun.runtime.deadlines import Deadline, DeadlineEvent, value_of
from rongdun.runtime.workers import WorkerEvent

_SHOWN: dict[str, StateName] = {
    "RUNNING": "running",
    "OVERDUE": "running",
    "PAUSED": "paused",
    "MET": "met",
    "MET_LATE": "missed",
    "CANCELLED": "cancelled",
}

_NOTICES = {
    "outage": Text(
        "计时看守中断 {seconds} 秒，期间到期的已补记", "Nobody watched for {seconds} s; made up for"
    ),
    "forward": Text(
        "系统时钟前跳 {seconds} 秒，提醒可能提前", "A clock jumped {seconds} s ahead: calls may be early"
    ),
    "backward": Text(
        "系统时钟回跳 {seconds} 秒，请核对时间", "A clock jumped back {seconds} s: check the time"
    ),
    "fault": Text("后台进程反复出错，请联系管理员", "A worker keeps failing: tell the administrator"),
}


def deadline_out(found: Found, now: datetime) -> DeadlineOut:
    """Return a deadline as boards and tables show it at ``now``."""
    row = found.deadline
    value = value_of(row)
    return DeadlineOut(
        id=row.id,
        subject=SubjectOut(kind=row.subject_kind, id=row.subject_id, label=row.subject_label),
        rule_key=row.rule_key,
        name=Words(zh=row.name_zh, en=row.name_en),
        legal_basis=row.legal_basis,
        started_at=row.started_at,
        due_at=row.due_at,
        paused=value.paused_since is not None,
        paused_total_s=_paused_s(value, now),
        state=shown_state(row, now),
        level=clockwork.level(value, now).value,
        remaining_s=clockwork.remaining(value, now).total_seconds(),
        owner_unit=UnitOut(id=found.unit_id, name=found.unit_name or "") if found.unit_id else None,
        acknowledged_by=row.acknowledged_name,
        acknowledged_at=row.acknowledged_at,
        outcome=cast(OutcomeName | None, row.outcome),
        closed_at=row.closed_at,
        missed_marked_late=row.missed_while_down,
        steps=[
            StepOut(level=planned.step.level.value, at=planned.at) for planned in clockwork.schedule(value)
        ],
        version=row.version,
    )


def shown_state(row: Deadline, now: datetime) -> StateName:
    """Return the state as screens show it: an overdue deadline runs on until it is closed."""
    if row.outcome == "missed":
        return "missed"
    return _SHOWN[state_of(row, now)]


def detail_out(detail: Detail, now: datetime) -> DeadlineDetailOut:
    """Return a deadline with its history and what may be done to it."""
    shown = deadline_out(detail.found, now)
    return DeadlineDetailOut(
        **shown.model_dump(),
        events=[_event_out(event) for event in detail.events],
        actions=[_action_out(offer) for offer in detail.offers if offer.action not in ("fall_due", "cancel")],
    )


def board_out(board: Board, *, now: datetime, horizon_h: int) -> BoardOut:
    """Return the board as the API shows it."""
    return BoardOut(
        now=now,
        horizon_h=horizon_h,
        counts=CountsOut(**board.counts),
        items=[deadline_out(found, now) for found in board.items],
        capped=board.capped,
        notices=[_notice_out(event) for event in board.notices],
    )


def _paused_s(value: clockwork.Deadline, now: datetime) -> float:
    running = (now - value.paused_since).total_seconds() if value.paused_since else 0.0
    return value.paused_for.total_seconds() + max(0.0, running)


def _event_out(event: DeadlineEvent) -> EventOut:
    return EventOut(
        at=event.at,
        kind=event.kind,
        actor=event.actor_name,
        note=event.reason,
        level=cast(LevelName | None, event.level),
        step_at=event.step_at,
        late_by_s=event.late_by_s,
        while_down=event.while_down,
    )


def _action_out(offer: Offer) -> ActionOut:
    refusal = offer.refusal
    return ActionOut(
        action=offer.action,
        name=_words(offer.name),
        needs_reason=offer.needs_reason,
        refusal=_words(refusal.text) if refusal else None,
    )


def _notice_out(event: WorkerEvent) -> NoticeOut:
    seconds = event.seconds or 0.0
    key = event.kind if event.kind in _NOTICES else "forward" if seconds > 0 else "backward"
    text = _NOTICES[key].format(seconds=f"{abs(seconds):.0f}")
    return NoticeOut.model_validate(
        {
            "id": event.id,
            "at": event.at,
            "kind": event.kind,
            "seconds": event.seconds,
            "message": _words(text),
        }
    )


def _words(text: Text) -> Words:
    return Words(zh=text.zh, en=text.en)
