"""Whatever is done to the stored audit, verification finds it and says what it was."""

from contextlib import ExitStack
from datetime import timedelta
from threading import Thread

import pytest

from rongdun.kernel.scope import Scope
from rongdun.runtime.audit import Evidence, append, entry_fault_of, reader, span_size, verify_span
from tests.runtime.audit.conftest import START, Memory, draft

DAY = timedelta(days=1)


def found(memory: Memory) -> list[tuple[str, int | None, int | None]]:
    """Return the faults by kind and place."""
    return [(fault.kind, fault.chain, fault.seq) for fault in memory.verify().faults]


def test_an_untouched_audit_is_intact(memory: Memory) -> None:
    memory.fill(20)
    memory.write(draft(21, action="x", note='引号"\\换行\n😀', purpose="case"), algorithm="sha256")
    report = memory.verify()
    assert (report.intact, report.entries, report.chains) == (True, 21, 1)


@pytest.mark.parametrize(
    "change",
    [
        "note = 'x'",
        "at = at + interval '1 microsecond'",
        "actor_name = ''",
        "actor_login = 'someone'",
        "actor_id = gen_random_uuid()",
        "roles = '{auditor}'",
        "unit_path = 'cn.'",
        "scope_path = 'cn.'",
        "ip = '127.0.0.1'",
        "session = gen_random_uuid()",
        "action = 'case.read'",
        "subject_kind = 'person'",
        "subject_id = '999'",
        "subject_label = ''",
        "purpose = 'case'",
        "before = '{}'",
        "after = null",
        'after = \'{"n": 7.0, "状态": "已立案"}\'',
        'after = \'{"n": 1e400, "状态": "已立案"}\'',
        "after = jsonb_set(after, '{n}', '8')",
        "alg = 'sha256'",
        "id = gen_random_uuid()",
        "hash = decode(repeat('ab', 32), 'hex')",
    ],
)
def test_one_altered_field_of_one_row_is_found_exactly_there(memory: Memory, change: str) -> None:
    memory.fill(12)
    memory.tamper(f"update audit_entries set {change} where seq = 7")
    assert found(memory) == [("altered", 0, 7)]


def test_the_fault_names_the_row(memory: Memory) -> None:
    memory.fill(3)
    memory.tamper("update audit_entries set note = 'x' where seq = 2")
    [fault] = memory.verify().faults
    assert [(fault.entry_id,)] == memory.rows("select id::text from audit_entries where seq = 2")
    assert fault.message.zh == "内容被改动"


def test_a_forged_predecessor_is_found(memory: Memory) -> None:
    memory.fill(5)
    memory.tamper("update audit_entries set prev_hash = decode(repeat('ab', 32), 'hex') where seq = 3")
    assert found(memory) == [("altered", 0, 3)]


@pytest.mark.parametrize(("gone", "seq"), [("seq = 1", 1), ("seq = 5", 5), ("seq in (4, 5, 6)", 4)])
def test_deleted_rows_are_missed(memory: Memory, gone: str, seq: int) -> None:
    memory.fill(9)
    memory.tamper(f"delete from audit_entries where {gone}")
    assert found(memory) == [("missing", 0, seq)]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (2, 7), (1, 9)])
def test_swapped_rows_are_recognised_as_moved(memory: Memory, one: int, other: int) -> None:
    memory.fill(9)
    memory.tamper(
        f"update audit_entries set seq = 100 where seq = {one}",
        f"update audit_entries set seq = {one} where seq = {other}",
        f"update audit_entries set seq = {other} where seq = 100",
    )
    [fault] = memory.verify().faults
    assert (fault.kind, fault.seq) == ("reordered", one)
    assert str(other) in fault.message.zh


def test_a_cut_tail_is_found_by_the_head(memory: Memory) -> None:
    memory.fill(9)
    memory.tamper("delete from audit_entries where seq > 6")
    [fault] = memory.verify().faults
    assert (fault.kind, fault.seq) == ("truncated", 7)
    assert fault.message.en == "the chain was cut off: 9 entries expected, 6 found"


def test_an_emptied_audit_is_found_by_its_heads(memory: Memory) -> None:
    memory.fill(3)
    memory.tamper("delete from audit_entries")
    assert found(memory) == [("truncated", 0, 1)]


def test_a_removed_head_and_rows_beyond_it_are_found(memory: Memory) -> None:
    memory.fill(3)
    memory.tamper("delete from audit_heads")
    assert found(memory) == [("head_missing", 0, 3)]
    memory.tamper("insert into audit_heads select 0, 2, hash from audit_entries where seq = 2")
    assert found(memory) == [("beyond_head", 0, 3)]


def test_only_the_first_fault_of_a_chain_is_told_but_every_chain_is_read(memory: Memory) -> None:
    _spread(memory, chains=3, each=4)
    memory.tamper("update audit_entries set note = 'x' where chain in (0, 2) and seq in (2, 3)")
    assert found(memory) == [("altered", 0, 2), ("altered", 2, 2)]


def _spread(memory: Memory, *, chains: int, each: int) -> None:
    """Give each of ``chains`` chains ``each`` entries: transactions open at once take different ones."""
    with ExitStack() as stack:
        sessions = [stack.enter_context(memory.db.session(Scope.everything())) for _ in range(chains)]
        for number, session in enumerate(sessions):
            append(session, [draft(number) for _ in range(each)], now=START, algorithm="sm3", chains=chains)
        for session in sessions:
            session.commit()


def test_transactions_open_at_once_do_not_wait_for_one_another(memory: Memory) -> None:
    _spread(memory, chains=8, each=2)
    assert memory.rows("select count(distinct chain), count(*) from audit_entries") == [(8, 16)]


def test_concurrent_writers_leave_every_chain_whole(memory: Memory) -> None:
    def work(worker: int) -> None:
        for number in range(25):
            memory.write(draft(worker * 100 + number), draft(worker * 100 + number), chains=3)

    threads = [Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = memory.verify()
    assert (report.faults, report.entries) == ([], 8 * 25 * 2)
    assert memory.rows("select sum(seq) from audit_heads") == [(400,)]


def test_a_second_append_in_one_transaction_stays_in_its_chain(memory: Memory) -> None:
    with memory.db.session(Scope.everything()) as session:
        for number in (1, 2):
            append(session, [draft(number)], now=START, algorithm="sm3", chains=8)
        session.commit()
    assert memory.rows("select count(distinct chain), max(seq) from audit_entries") == [(1, 2)]
    assert memory.verify().intact


def test_a_span_is_checked_from_the_entry_before_it(memory: Memory) -> None:
    for day in range(4):
        memory.fill(3, now=START + day * DAY)
    memory.tamper("update audit_entries set note = 'x' where seq in (2, 8)")
    evidence = Evidence(memory.settings.audit_roots, {})
    with reader(memory.db.dsn) as connection:
        since, until = START + DAY, START + 2 * DAY
        assert span_size(connection, since=since, until=until) == 3
        assert verify_span(connection, evidence, since=since, until=until).intact
        later = verify_span(connection, evidence, since=since, until=until + DAY)
    assert [(fault.kind, fault.seq) for fault in later.faults] == [("altered", 8)]


@pytest.mark.parametrize(("seq", "kind"), [(1, None), (2, "altered"), (3, None), (9, "missing")])
def test_one_entry_can_be_checked_alone(memory: Memory, seq: int, kind: str | None) -> None:
    memory.fill(4)
    memory.tamper("update audit_entries set note = 'x' where seq = 2")
    with reader(memory.db.dsn) as connection:
        fault = entry_fault_of(connection, chain=0, seq=seq)
    assert (fault and fault.kind) == kind


def test_the_check_reads_in_pages_and_not_all_at_once(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.fill(7)
    monkeypatch.setattr("rongdun.runtime.audit.chains.PAGE", 2)
    assert memory.verify().entries == 7
    memory.tamper("update audit_entries set note = 'x' where seq = 6")
    assert found(memory) == [("altered", 0, 6)]
