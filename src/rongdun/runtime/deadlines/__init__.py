"""Clocks that run: opened by any domain in its own transaction, fired by sweepers. See ``README.md``."""

from rongdun.runtime.deadlines.convert import value_of
from rongdun.runtime.deadlines.errors import DeadlineAlreadyOpen, DeadlineOverdue, NoSuchDeadline
from rongdun.runtime.deadlines.model import Deadline, DeadlineEvent
from rongdun.runtime.deadlines.service import (
    LOOP,
    TOPIC,
    acknowledge_row,
    catch_up,
    close_all,
    close_deadline,
    close_row,
    has_deadline,
    open_deadline,
    pause_deadline,
    pause_row,
    resume_deadline,
    resume_row,
)
from rongdun.runtime.deadlines.sweeper import Sweeper

__all__ = [
    "LOOP",
    "TOPIC",
    "Deadline",
    "DeadlineAlreadyOpen",
    "DeadlineEvent",
    "DeadlineOverdue",
    "NoSuchDeadline",
    "Sweeper",
    "acknowledge_row",
    "catch_up",
    "close_all",
    "close_deadline",
    "close_row",
    "has_deadline",
    "open_deadline",
    "pause_deadline",
    "pause_row",
    "resume_deadline",
    "resume_row",
    "value_of",
]
