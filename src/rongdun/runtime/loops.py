"""Loops that run until told to stop, wake early when there is work, and outlive a lost database."""

import threading
from collections.abc import Callable
from typing import Protocol

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rongdun.runtime.logs import describe, get_logger

_log = get_logger("loops")

FIRST_PAUSE_S = 0.2
"""How long a loop waits after its first failure; doubled each time, up to the longest pause."""

LONGEST_PAUSE_S = 5.0

WAKE_CHANNEL = "rongdun_wake"
"""NOTIFY channel on which a committed transaction says that a loop has work; the payload names the loop."""


class Wake:
    """A sleeping loop's alarm clock: sleeps at most so long, ends at once when rung or stopped."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self._stopped = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether the loop has been told to end."""
        return self._stopped.is_set()

    def ring(self) -> None:
        """End the current sleep, or the next one if nobody sleeps."""
        self._rung.set()

    def stop(self) -> None:
        """Tell the loop to end after what it is doing."""
        self._stopped.set()
        self._rung.set()

    def sleep(self, seconds: float) -> None:
        """Sleep ``seconds``, or less when rung."""
        self._rung.wait(max(0.0, seconds))
        self._rung.clear()


class Tick(Protocol):
    """One round of a loop."""

    def __call__(self) -> float:
        """Do what is due; return how many seconds to sleep before the next round."""
        ...


def wake_on_commit(session: Session, loop: str) -> None:
    """Ring the workers' loop called ``loop`` when this transaction commits, and not before."""
    session.execute(select(func.pg_notify(WAKE_CHANNEL, loop)))


def run_loop(name: str, tick: Tick, wake: Wake, *, on_fault: Callable[[str, BaseException], None]) -> None:
    """Call ``tick`` until ``wake`` is stopped.

    A round that fails is told to ``on_fault`` and tried again after a pause that doubles from 0.2 s to
    5 s, so that a database that goes away and comes back is picked up again without a restart.
    """
    pause = FIRST_PAUSE_S
    while not wake.stopped:
        try:
            wake.sleep(tick())
            pause = FIRST_PAUSE_S
        except Exception as error:  # noqa: BLE001 - whatever fails, the loop itself must go on
            _log.warning("round_failed", loop=name, fault=describe(error), again_in_s=pause)
            on_fault(name, error)
            wake.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)


def listen(dsn: str, wakes: dict[str, Wake], own: Wake) -> None:
    """Ring the loops that committed transactions call for, until ``own`` is stopped.

    Losing the connection costs nothing but the early wake: every loop also looks by itself each second.
    """
    while not own.stopped:
        try:
            _listen_once(dsn, wakes, own)
        except psycopg.Error as error:
            _log.warning("listening_lost", fault=describe(error))
            own.sleep(1.0)


def _listen_once(dsn: str, wakes: dict[str, Wake], own: Wake) -> None:
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        connection.execute(f"listen {WAKE_CHANNEL}")
        while not own.stopped:
            for notice in connection.notifies(timeout=0.5):
                if notice.payload in wakes:
                    wakes[notice.payload].ring()
                if own.stopped:
                    return
