"""Health: is the process alive, and is the centre fit to work — check by check, in both languages."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rongdun.kernel.clock import Clock
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import Database
from rongdun.runtime.logs import describe
from rongdun.runtime.schema import newest_revision

GOOD, POOR, BAD = "good", "poor", "bad"
"""How a check ended. ``poor``: still serving, somebody should look; ``bad``: not fit to serve."""

BEAT_POOR = timedelta(seconds=15)
"""Workers beat every 5 s; three missed beats are a sign of trouble."""

CLOCK_POOR_S = 2.0
"""Deadlines are promised to within 2 s, so clocks must not differ by more."""

DISK_POOR_MIB, DISK_BAD_MIB = 2048, 256
"""Free space below which evidence may soon not be stored, and below which the database may stop."""

_BEAT = text("select max(beat_at) from workers where stopped_at is null")
_REVISION = text("select version_num from alembic_version")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``figure`` is what was measured, in the unit its name says."""

    name: str
    state: str
    words: Text
    figure: float | str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All checks together; the worst of them is the state of the whole."""

    checks: tuple[Check, ...]

    @property
    def state(self) -> str:
        """Return ``good``, ``poor`` or ``bad``."""
        states = {check.state for check in self.checks}
        return BAD if BAD in states else POOR if POOR in states else GOOD

    @property
    def status(self) -> int:
        """Return the HTTP status of the readiness page: 503 when not fit to serve."""
        return 503 if self.state == BAD else 200

    def as_json(self) -> dict[str, Any]:
        """Return the body of the readiness page."""
        return {"state": self.state, "checks": [_check_json(check) for check in self.checks]}


def readiness(database: Database, clock: Clock, data_dir: Path) -> Report:
    """Look at database, schema, workers, clocks and disk; never raises."""
    checks = [_guarded("database", lambda: _check_database(database))]
    if checks[0].state == GOOD:
        checks += [
            _guarded("schema", lambda: _check_schema(database)),
            _guarded("worker", lambda: _check_worker(database, clock)),
            _guarded("clock", lambda: _check_clock(database, clock)),
        ]
    checks.append(_guarded("disk", lambda: _check_disk(data_dir)))
    return Report(tuple(checks))


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (SQLAlchemyError, OSError) as error:
        return Check(name, BAD, Text(f"检查失败：{describe(error)}", f"The check failed: {describe(error)}"))


def _check_database(database: Database) -> Check:
    database.database_time()
    return Check("database", GOOD, Text("数据库应答正常", "The database answers"))


def _check_schema(database: Database) -> Check:
    with database.session(Scope.nothing()) as session:
        found = session.execute(_REVISION).scalar_one_or_none() or ""
    wanted = newest_revision()
    if found == wanted:
        return Check("schema", GOOD, Text("数据库结构为最新", "The schema is the newest"), found)
    words = Text(
        f"数据库结构为 {found or '空'}，本版本需要 {wanted}:请运行 rongdun migrate",
        f"The schema is at {found or 'nothing'}, this release needs {wanted}: run rongdun migrate",
    )
    return Check("schema", BAD, words, found)


def _check_worker(database: Database, clock: Clock) -> Check:
    with database.session(Scope.nothing()) as session:
        beat = session.execute(_BEAT).scalar_one_or_none()
    if beat is None:
        words = Text("后台进程没有运行：时限无人看守", "No worker is running: nobody watches the deadlines")
        return Check("worker", POOR, words)
    age = clock.now() - beat
    seconds = round(age.total_seconds(), 1)
    if age <= BEAT_POOR:
        return Check("worker", GOOD, Text("后台进程运行正常", "The worker is running"), seconds)
    words = Text(
        f"后台进程已 {seconds:.0f} 秒没有心跳：时限可能无人看守",
        f"The worker has not beaten for {seconds:.0f} s: the deadlines may be unwatched",
    )
    return Check("worker", POOR, words, seconds)


def _check_clock(database: Database, clock: Clock) -> Check:
    before = clock.now()
    theirs = database.database_time()
    middle = before + (clock.now() - before) / 2
    seconds = round((middle - theirs).total_seconds(), 3)
    if abs(seconds) <= CLOCK_POOR_S:
        return Check("clock", GOOD, Text("时钟与数据库一致", "The clock agrees with the database's"), seconds)
    words = Text(
        f"本机时钟与数据库相差 {seconds:+.1f} 秒：请校准时间同步",
        f"This machine's clock differs from the database's by {seconds:+.1f} s: check time synchronisation",
    )
    return Check("clock", POOR, words, seconds)


def _check_disk(data_dir: Path) -> Check:
    free = shutil.disk_usage(data_dir).free // 2**20
    if free >= DISK_POOR_MIB:
        return Check("disk", GOOD, Text("磁盘空间充足", "There is enough disk space"), free)
    state = BAD if free < DISK_BAD_MIB else POOR
    words = Text(
        f"数据目录只剩 {free} MiB:请清理或扩容", f"Only {free} MiB are left for data: free some or add more"
    )
    return Check("disk", state, words, free)


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "state": check.state,
        "message": {"zh": check.words.zh, "en": check.words.en},
        "figure": check.figure,
    }
