"""Seeding: once is enough, twice does no harm, and what the centre decided is never overwritten."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rongdun.kernel.errors import Text
from rongdun.kernel.policy import PolicyRule, Tag, ValueUnit
from rongdun.runtime.policies import PolicyRow, lookup
from rongdun.runtime.policies.seedfile import shipped_rows
from tests.runtime.policies.conftest import OpenSession, Seed

LATER = date(2027, 1, 1)
SHIPPED = PolicyRule(
    key="demo.rule",
    value=48,
    unit=ValueUnit.HOUR,
    effective_from=date(2016, 6, 1),
    legal_basis="演示",
    tag=Tag.DESIGN,
    name=Text("演示", "Demo"),
)


def count(session: Session) -> int:
    return session.execute(select(func.count()).select_from(PolicyRow)).scalar_one()


def test_every_shipped_row_comes_in_once(seed: Seed, open_session: OpenSession) -> None:
    first, second = seed(), seed()
    assert first.added == len(shipped_rows())
    assert (second.added, second.ended, second.differing, second.kept) == (0, 0, [], [])
    with open_session() as session:
        assert count(session) == len(shipped_rows())


def test_a_release_adds_a_version_and_ends_the_one_before(seed: Seed, open_session: OpenSession) -> None:
    seed([SHIPPED])
    newer = replace(SHIPPED, value=72, effective_from=LATER)
    report = seed([replace(SHIPPED, effective_to=LATER), newer])
    assert (report.added, report.ended) == (1, 1)
    with open_session() as session:
        values = [lookup(session, "demo.rule", on=on).value for on in (date(2026, 12, 31), LATER)]
    assert values == [48, 72]


@pytest.mark.parametrize(
    "corrected",
    [
        replace(SHIPPED, value=24),
        replace(SHIPPED, legal_basis="另一文件"),
        replace(SHIPPED, effective_from=date(2016, 5, 1)),
    ],
)
def test_a_corrected_shipped_row_is_reported_not_written(
    seed: Seed, open_session: OpenSession, corrected: PolicyRule
) -> None:
    seed([SHIPPED])
    report = seed([corrected])
    assert (report.added, report.differing) == (0, ["demo.rule"])
    with open_session() as session:
        assert lookup(session, "demo.rule", on=date(2026, 1, 1)) == SHIPPED
