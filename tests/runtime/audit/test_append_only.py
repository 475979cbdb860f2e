"""Nobody changes the audit: not the application, not the owner, not by the back door."""

from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SYSTEM, Actor, Scope, SubjectRef
from rongdun.runtime.audit import Report, append
from tests.runtime.audit.conftest import START, Memory, draft

CHANGES = [
    "update audit_entries set note = 'x'",
    "update audit_entries set note = 'x' where false",
    "delete from audit_entries",
    "truncate audit_entries",
    "update audit_heads set seq = 0",
    "delete from audit_heads",
    "truncate audit_heads",
    "update audit_roots set late = true",
    "delete from audit_roots",
    "truncate audit_roots",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_may_not_change_it(memory: Memory, statement: str) -> None:
    memory.fill(1)
    with psycopg.connect(memory.db.dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_may_not_change_it_either(memory: Memory, statement: str) -> None:
    memory.fill(1)
    with (
        psycopg.connect(memory.owner_dsn) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        connection.execute(statement)


INSERT = (
    "insert into audit_entries select gen_random_uuid(), chain, seq + {step}, {prev}, hash, alg, at, actor_id,"
    " actor_login, actor_name, roles, unit_path, ip, session, action, subject_kind, subject_id, subject_label,"
    " scope_path, purpose, note, before, after from audit_entries where seq = 2"
)


@pytest.mark.parametrize(
    ("step", "prev"),
    [(1, "decode(repeat('00', 32), 'hex')"), (1, "prev_hash"), (2, "hash"), (0, "hash"), (-1, "hash")],
)
def test_an_entry_that_does_not_continue_its_chain_is_refused(memory: Memory, step: int, prev: str) -> None:
    memory.fill(2)
    with (
        psycopg.connect(memory.owner_dsn) as connection,
        pytest.raises(psycopg.errors.IntegrityError, match="does not continue"),
    ):
        connection.execute(INSERT.format(step=step, prev=prev))


def test_an_entry_and_its_change_come_and_go_together(memory: Memory) -> None:
    with memory.db.session(Scope.everything()) as session:
        append(session, [draft(1)], now=START, algorithm="sm3", chains=1)
        session.rollback()
    assert memory.verify() == Report(entries=0, chains=0, roots=0, faults=[])
    memory.fill(1)
    assert memory.verify().entries == 1


def test_row_security_shows_an_entry_to_either_unit_and_to_its_author_only(memory: Memory) -> None:
    gulou = _actor("cn.fj.fz.gulou.")
    memory.write(draft(1, actor=gulou, unit_path="cn.fj.fz.cangshan."), draft(2, unit_path="cn.fj.xm."))
    assert _visible(memory, "cn.fj.fz.gulou.") == {"1"}
    assert _visible(memory, "cn.fj.fz.cangshan.") == {"1"}
    assert _visible(memory, "cn.fj.fz.taijiang.") == set()
    assert _visible(memory, "cn.fj.fz.taijiang.", actor=gulou.user_id) == {"1"}
    assert _visible(memory, "cn.fj.") == {"1", "2"}


def test_what_is_written_holds_no_personal_data(memory: Memory) -> None:
    memory.write(
        draft(
            1,
            subject=SubjectRef("person", "1", "演示·陈一 19900001234"),
            note="回拨 199 0000 1234",
            before={"phone": "19900001234", "password": "hunter2"},
            after={"text": "证件 350100190001011234,卡 6222000000001234567"},
        )
    )
    stored = str(memory.rows("select e::text from audit_entries e"))
    for secret in ("19900001234", "199 0000 1234", "hunter2", "350100190001011234", "6222000000001234567"):
        assert secret not in stored
    assert "199****1234" in stored
    assert memory.verify().intact


def _actor(path: str) -> Actor:
    return replace(SYSTEM, user_id=new_id(), unit_path=path)


def _visible(memory: Memory, path: str, *, actor: UUID | None = None) -> set[str]:
    with memory.db.session(Scope.subtree(path), actor_id=actor) as session:
        return set(session.scalars(text("select subject_id from audit_entries")))
