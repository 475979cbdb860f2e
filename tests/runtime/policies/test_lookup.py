"""Rules by date, typed, and never from before a change that is already committed."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from rongdun.kernel.deadline import Unit
from rongdun.kernel.policy import NoRuleInForce, ValueUnit, WrongKindOfValue
from rongdun.runtime.db import Database
from rongdun.runtime.policies import (
    codes,
    flag,
    integer,
    lengths,
    lookup,
    money,
    stored_rule,
    term,
    text_value,
)
from tests.runtime.policies.conftest import OpenSession, Seed

TODAY = date(2026, 3, 2)
END_OF_STOPS = date(2026, 5, 1)
_ENDING = "update policy_rules set effective_to = :day where key = 'stop.validity'"


def test_the_rule_of_the_case_date_applies(seed: Seed, open_session: OpenSession) -> None:
    seed()
    with open_session() as session:
        years = {
            on: term(session, "discipline.determined_term", on=on).amount
            for on in (date(2018, 5, 1), date(2019, 4, 1), date(2024, 11, 30), date(2024, 12, 1))
        }
        bans = {
            on: integer_or_none(session, on) for on in (date(2018, 5, 1), date(2019, 4, 1), date(2024, 12, 1))
        }
    assert list(years.values()) == [5, 5, 5, 2]
    assert list(bans.values()) == [3, 5, None]


def integer_or_none(session: object, on: date) -> int | None:
    try:
        return term(session, "discipline.new_account_ban", on=on).amount  # type: ignore[arg-type]
    except NoRuleInForce:
        return None


def test_each_kind_of_value_is_read_as_what_it_is(seed: Seed, open_session: OpenSession) -> None:
    seed()
    with open_session() as session:
        stop = term(session, "stop.validity", on=TODAY)
        assert (stop.amount, stop.unit, stop.basis) == (48, Unit.HOUR, "stop.validity")
        assert integer(session, "stop.max_per_account", on=TODAY) == 2
        assert money(session, "crime.fraud_huge", on=TODAY) == 3_000_000
        assert flag(session, "freeze.requires_filing", on=TODAY) is True
        assert text_value(session, "discipline.rule_version", on=TODAY) == "JOINT-2024"
        assert lengths(session, "stop.alerts", on=TODAY) == ((24, 12, 4, 1), ValueUnit.HOUR)
        first = codes(session, "warning.grades", on=TODAY)[0]
        assert (first.code, first.name.zh, first.more["colour"]) == ("P0", "紧急", "red")


def test_a_day_without_a_rule_is_an_error_that_names_key_and_day(
    seed: Seed, open_session: OpenSession
) -> None:
    seed()
    with open_session() as session, pytest.raises(NoRuleInForce) as error:
        lookup(session, "stop.validity", on=date(2015, 12, 31))
    for words in error.value.message:
        assert "stop.validity" in words
        assert "2015-12-31" in words


@pytest.mark.parametrize("ask", [integer, money, flag, text_value, lengths, codes])
def test_a_rule_is_never_read_as_another_kind_of_value(
    seed: Seed, open_session: OpenSession, ask: object
) -> None:
    seed()
    with open_session() as session, pytest.raises(WrongKindOfValue):
        ask(session, "stop.validity", on=TODAY)  # type: ignore[operator]


def test_the_row_of_a_rule_is_told_for_records_that_keep_it(seed: Seed, open_session: OpenSession) -> None:
    seed()
    with open_session() as session:
        stored = stored_rule(session, "stop.validity", on=TODAY)
        found = session.execute(text("select id from policy_rules where key = 'stop.validity'")).scalar_one()
    assert stored.id == found


def test_a_committed_change_is_seen_by_the_next_transaction(seed: Seed, open_session: OpenSession) -> None:
    seed()
    with open_session() as session:
        assert lookup(session, "stop.validity", on=END_OF_STOPS).value == 48
    with open_session() as session:
        session.execute(text(_ENDING), {"day": END_OF_STOPS})
        session.commit()
    with open_session() as session, pytest.raises(NoRuleInForce):
        lookup(session, "stop.validity", on=END_OF_STOPS)


def test_rules_stand_still_within_one_transaction(seed: Seed, open_session: OpenSession) -> None:
    seed()
    with open_session() as reading, open_session() as changing:
        assert lookup(reading, "stop.validity", on=END_OF_STOPS).value == 48
        changing.execute(text(_ENDING), {"day": END_OF_STOPS})
        changing.commit()
        assert lookup(reading, "stop.validity", on=END_OF_STOPS).value == 48
        reading.commit()
        with pytest.raises(NoRuleInForce):
            lookup(reading, "stop.validity", on=END_OF_STOPS)


def test_a_change_that_is_rolled_back_leaves_nothing_behind(seed: Seed, open_session: OpenSession) -> None:
    seed()
    with open_session() as session:
        session.execute(text(_ENDING), {"day": END_OF_STOPS})
        with pytest.raises(NoRuleInForce):
            lookup(session, "stop.validity", on=END_OF_STOPS)
        session.rollback()
    with open_session() as session:
        session.execute(
            text("update policy_rules set effective_to = :day where key = 'stop.max_total'"),
            {"day": END_OF_STOPS},
        )
        session.commit()
    with open_session() as session:
        assert lookup(session, "stop.validity", on=END_OF_STOPS).value == 48


READER = """
import json, sys
from datetime import date
from rongdun.kernel.policy import NoRuleInForce
from rongdun.kernel.scope import SYSTEM
from rongdun.runtime.db import Database
from rongdun.runtime.policies import lookup
database = Database(sys.argv[1])
for line in sys.stdin:
    with database.session(SYSTEM.scope) as session:
        try:
            found = lookup(session, "stop.validity", on=date.fromisoformat(line.strip())).value
        except NoRuleInForce:
            found = None
    print(json.dumps(found), flush=True)
"""


def test_another_process_sees_a_change_as_soon_as_it_is_committed(
    db: Database, seed: Seed, open_session: OpenSession, tmp_path: Path
) -> None:
    seed()
    script = tmp_path / "reader.py"
    script.write_text(READER)
    command = [sys.executable, str(script), db.dsn]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as reader:
        assert reader.stdin
        assert reader.stdout

        def ask() -> object:
            reader.stdin.write(f"{END_OF_STOPS}\n")  # type: ignore[union-attr]
            reader.stdin.flush()  # type: ignore[union-attr]
            return json.loads(reader.stdout.readline())  # type: ignore[union-attr]

        assert ask() == 48
        with open_session() as session:
            session.execute(text(_ENDING), {"day": END_OF_STOPS})
            assert ask() == 48
            session.commit()
        assert ask() is None
        reader.stdin.close()
