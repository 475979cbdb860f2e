"""Putting the shipped rows into the table: what is new comes in, what people changed stays.

1. Seedings go one at a time (advisory lock), so several processes may start together.
2. A key the table does not know gets all its shipped rows.
3. A key that was ever changed on screen is left alone: the centre's own decision stands.
4. Of a key only ever seeded, shipped versions the table lacks are added, and rows that a newer version ends
   are given that end. A shipped row whose content or dates were corrected in a release never replaces the
   stored one: it is reported, and the correction is made on screen like any other change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from rongdun.kernel.policy import PolicyRule, overlaps
from rongdun.runtime.policies.book import forget
from rongdun.runtime.policies.seedfile import shipped_rows
from rongdun.runtime.policies.table import PolicyRow, columns_of, rule_of

_LOCK = text("select pg_advisory_xact_lock(hashtext('rongdun.policy.seed'))")


@dataclass(slots=True)
class SeedReport:
    """What a seeding did: rows added, rows ended, keys left to the centre, keys whose shipped text differs."""

    added: int = 0
    ended: int = 0
    kept: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def seed_policies(
    session: Session, *, now: datetime, rules: Iterable[PolicyRule] | None = None
) -> SeedReport:
    """Bring the shipped rows into the table; doing it again changes nothing. Runs as the system.

    ``rules`` stands in for the shipped rows. The caller commits.
    """
    session.execute(_LOCK)
    shipped: dict[str, list[PolicyRule]] = {}
    for rule in shipped_rows() if rules is None else rules:
        shipped.setdefault(rule.key, []).append(rule)
    report = SeedReport()
    stored = _stored(session)
    new = [
        rule for key, versions in shipped.items() for rule in _new_of(stored.get(key, []), versions, report)
    ]
    # Rows end before others begin: the table refuses two that overlap, however briefly.
    session.flush()
    if new:
        # Many short statements in one go: a single one of some hundred rows takes longer to put together than to run.
        session.execute(insert(PolicyRow), [columns_of(rule, origin="seed", created_at=now) for rule in new])
    report.added = len(new)
    forget(session)
    return report


def _stored(session: Session) -> dict[str, list[PolicyRow]]:
    found: dict[str, list[PolicyRow]] = {}
    for row in session.scalars(select(PolicyRow)):
        found.setdefault(row.key, []).append(row)
    return found


def _new_of(
    stored: Sequence[PolicyRow], versions: Sequence[PolicyRule], report: SeedReport
) -> list[PolicyRule]:
    """Give stored rows of a key the ends that ``versions`` bring; return the versions to be added."""
    if any(row.origin == "change" or row.closed_by for row in stored):
        report.kept.append(versions[0].key)
        return []
    known = {row.effective_from: row for row in stored}
    for rule in versions:
        if row := known.get(rule.effective_from):
            _bring_up(row, rule, report)
    new = [rule for rule in versions if rule.effective_from not in known]
    if overlaps([*(rule_of(row) for row in stored), *new]):
        report.differing.append(versions[0].key)
        return []
    return new


def _bring_up(row: PolicyRow, rule: PolicyRule, report: SeedReport) -> None:
    if rule.effective_to and (row.effective_to is None or rule.effective_to < row.effective_to):
        row.effective_to = rule.effective_to
        report.ended += 1
    if rule_of(row) != rule:
        report.differing.append(rule.key)
