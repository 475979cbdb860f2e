"""The table of a deadline's life agrees with the kernel's clockwork and with its printed form."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rongdun.domains.duty import DEADLINE
from rongdun.domains.duty.rules import facts_of, state_of
from rongdun.kernel import deadline as clockwork
from rongdun.kernel.ids import new_id
from rongdun.kernel.lifecycle import Moved, decide
from rongdun.kernel.lifecycle_docs import to_markdown
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime.deadlines import Deadline, value_of
from rongdun.runtime.deadlines.convert import write_back

START = datetime(2026, 7, 1, 4, tzinfo=UTC)
LEADER = Actor(
    user_id=new_id(),
    login="leader",
    name="演示·值班长",
    unit_id=None,
    unit_path="cn.",
    roles=frozenset(),
    permissions=frozenset({"deadline.act"}),
    scope=Scope.everything(),
)


def _row() -> Deadline:
    row = Deadline(started_at=START, created_at=START, pause_reason="", steps=[], step=0, version=0)
    row.certainty = "D"
    write_back(row, clockwork.Deadline(START, START + timedelta(hours=1)), START)
    return row


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["acknowledge", "pause", "resume", "complete"]),
            st.timedeltas(min_value=timedelta(), max_value=timedelta(minutes=40)),
        ),
        max_size=12,
    )
)
def test_what_the_table_allows_the_clockwork_can_do_and_ends_where_the_table_says(
    actions: list[tuple[str, timedelta]],
) -> None:
    row, now = _row(), START
    for action, wait in actions:
        now += wait
        verdict = decide(
            DEADLINE,
            state=state_of(row, now),
            action=action,
            actor=LEADER,
            facts=facts_of(row),
            now=now,
            reason="r",
        )
        if not isinstance(verdict, Moved):
            continue
        if action == "acknowledge":
            row.acknowledged_at = now
        else:
            change = {"pause": clockwork.pause, "resume": clockwork.resume, "complete": clockwork.complete}
            write_back(row, change[action](value_of(row), now), now)
        assert state_of(row, now) == verdict.to_state


def test_the_printed_table_is_the_one_in_force() -> None:
    printed = Path(__file__).parents[3] / "docs" / "workflows" / "duty.md"
    assert printed.read_text("utf-8") == to_markdown(DEADLINE)
