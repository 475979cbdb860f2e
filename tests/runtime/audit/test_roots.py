"""The daily root: what it proves beyond the chains, and how it survives missed days and lost files."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from rongdun.kernel.scope import Scope
from rongdun.runtime.audit import RootConflict, SigningKeyMissing, restore_files
from rongdun.runtime.crypto import KeyFileUnsafe
from tests.runtime.audit.conftest import START, Memory, draft

DAY = timedelta(days=1)
NEXT = START + DAY
FIRST = "2025-03-01"

CUT_AND_COVER = (
    "delete from audit_entries where seq > 6",
    "update audit_heads set seq = 6, hash = (select hash from audit_entries where seq = 6)",
)


def found(memory: Memory) -> list[tuple[str, str | int | None]]:
    """Return the faults by kind, and the day of a root or the place of an entry."""
    return [(fault.kind, fault.day or fault.seq) for fault in memory.verify().faults]


def root_file(memory: Memory, day: str = FIRST) -> dict[str, object]:
    """Return the root file of ``day`` as JSON."""
    content: dict[str, object] = json.loads((memory.settings.audit_roots / f"{day}.json").read_text("utf-8"))
    return content


def test_a_finished_day_is_signed_once_and_lies_in_a_file(memory: Memory) -> None:
    memory.fill(9)
    assert memory.sign(NEXT) == [FIRST]
    assert memory.sign(NEXT) == []
    report = memory.verify()
    assert (report.intact, report.roots) == (True, 1)
    content = root_file(memory)["root"]
    assert isinstance(content, dict)
    assert (content["day"], content["entries"], content["late"]) == (FIRST, 9, False)
    assert [(head["chain"], head["seq"]) for head in content["chains"]] == [(0, 9)]


def test_a_day_ends_at_midnight_in_shanghai(memory: Memory) -> None:
    memory.fill(1, now=datetime(2025, 3, 1, 15, 59, 59, tzinfo=UTC))
    memory.fill(1, now=datetime(2025, 3, 1, 16, 0, 0, tzinfo=UTC))
    assert memory.sign(datetime(2025, 3, 1, 15, 59, 59, tzinfo=UTC)) == []
    assert memory.sign(datetime(2025, 3, 1, 16, 0, 0, tzinfo=UTC)) == [FIRST]
    content = root_file(memory)["root"]
    assert isinstance(content, dict)
    assert content["entries"] == 1


def test_missed_days_are_signed_afterwards_and_marked_late(memory: Memory) -> None:
    memory.fill(2)
    memory.fill(2, now=START + 2 * DAY)
    assert memory.sign(START + 4 * DAY) == [FIRST, "2025-03-02", "2025-03-03", "2025-03-04"]
    rows = memory.rows("select late, (body::jsonb ->> 'entries')::int from audit_roots order by day")
    assert rows == [(True, 2), (True, 2), (True, 4), (False, 4)]
    assert memory.verify().intact


def test_a_clock_that_jumps_back_signs_nothing_twice(memory: Memory) -> None:
    memory.fill(2)
    memory.sign(START + 3 * DAY)
    assert memory.sign(START + DAY) == []
    assert memory.verify().roots == 3


def test_a_tail_cut_together_with_its_head_is_found_by_the_root(memory: Memory) -> None:
    memory.fill(9)
    memory.sign(NEXT)
    memory.tamper(*CUT_AND_COVER)
    assert found(memory) == [("truncated", 7)]


def test_a_chain_written_anew_is_found_by_the_root(memory: Memory) -> None:
    memory.fill(5)
    memory.sign(NEXT)
    memory.tamper("delete from audit_entries", "delete from audit_heads")
    memory.write(*(draft(number, note="漂白") for number in range(1, 6)))
    assert found(memory) == [("rewritten", 5)]


@pytest.mark.parametrize(
    "change",
    [
        "body = replace(body, '\"entries\":3', '\"entries\":4')",
        "body = '{}'",
        "body = 'not json'",
        "signature = decode(repeat('00', 64), 'hex')",
        "day = '2025-02-01'",
    ],
)
def test_a_forged_root_is_found(memory: Memory, change: str) -> None:
    memory.fill(3)
    memory.sign(NEXT)
    memory.tamper(f"update audit_roots set {change}")
    assert found(memory)[0][0] == "root_forged"


def test_a_root_signed_by_another_key_is_not_believed(memory: Memory) -> None:
    memory.fill(3)
    memory.sign(NEXT)
    for file in memory.settings.keys.glob("audit-signing.*"):
        file.unlink()
    memory.sign(NEXT + DAY)
    assert found(memory) == [("root_forged", FIRST)]


def test_the_public_half_of_a_replaced_key_stays_trusted(memory: Memory) -> None:
    memory.fill(3)
    memory.sign(NEXT)
    keys = memory.settings.keys
    (keys / "audit-signing.key").unlink()
    with pytest.raises(SigningKeyMissing):
        memory.sign(NEXT + DAY)
    (keys / "audit-signing.pub").rename(keys / "audit-signing-2025.pub")
    memory.sign(NEXT + DAY)
    assert memory.verify().intact


def test_a_root_taken_out_of_the_middle_is_missed(memory: Memory) -> None:
    memory.fill(1)
    memory.sign(START + 3 * DAY)
    memory.tamper("delete from audit_roots where day = '2025-03-02'")
    assert found(memory) == [("root_unlinked", "2025-03-03"), ("root_missing", "2025-03-02")]


def test_files_that_vanish_or_change_are_told_apart(memory: Memory) -> None:
    memory.fill(1)
    memory.sign(START + 3 * DAY)
    roots = memory.settings.audit_roots
    (roots / "2025-03-02.json").unlink()
    (roots / "2025-03-03.json").write_text((roots / f"{FIRST}.json").read_text("utf-8"), "utf-8")
    assert found(memory) == [("root_file_missing", "2025-03-02"), ("root_file_differs", "2025-03-03")]


def test_a_root_removed_from_the_database_still_speaks_from_its_file(memory: Memory) -> None:
    memory.fill(9)
    memory.sign(NEXT)
    memory.tamper("delete from audit_roots", *CUT_AND_COVER)
    assert found(memory) == [("root_missing", FIRST), ("truncated", 7)]


def test_a_lost_file_is_laid_down_again(memory: Memory) -> None:
    memory.fill(1)
    memory.sign(NEXT)
    before = root_file(memory)
    (memory.settings.audit_roots / f"{FIRST}.json").unlink()
    with memory.db.session(Scope.everything()) as session:
        restored = restore_files(session, settings=memory.settings)
    assert [day.isoformat() for day in restored] == [FIRST]
    assert root_file(memory) == before
    assert memory.verify().intact


def test_a_file_whose_transaction_was_lost_is_taken_over(memory: Memory) -> None:
    memory.fill(2)
    memory.sign(NEXT)
    before = root_file(memory)
    memory.tamper("delete from audit_roots")
    assert memory.sign(NEXT + timedelta(hours=1)) == [FIRST]
    assert root_file(memory) == before
    assert memory.verify().intact


def test_a_file_that_contradicts_the_database_is_never_overwritten(memory: Memory) -> None:
    memory.fill(9)
    memory.sign(NEXT)
    before = root_file(memory)
    memory.tamper("delete from audit_roots", *CUT_AND_COVER)
    with pytest.raises(RootConflict, match=f"{FIRST}.json"):
        memory.sign(NEXT)
    assert root_file(memory) == before


def test_the_private_key_is_private(memory: Memory) -> None:
    memory.fill(1)
    memory.sign(NEXT)
    key = memory.settings.keys / "audit-signing.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    with pytest.raises(KeyFileUnsafe):
        memory.sign(NEXT + DAY)


def test_another_program_can_check_a_root(memory: Memory) -> None:
    """OpenSSL agrees that the signature in the file was made over the canonical root."""
    memory.fill(1)
    memory.sign(NEXT)
    [(body, signature)] = memory.rows("select body, signature from audit_roots")
    here = memory.settings.data_dir
    (here / "body").write_text(body, "utf-8")
    (here / "signature").write_bytes(signature)
    public = memory.settings.keys / "audit-signing.pub"
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin"]
    command += ["-in", str(here / "body"), "-sigfile", str(here / "signature")]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in outcome.stdout
