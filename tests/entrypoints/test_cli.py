"""The console's commands on a database that runs: what they say, what they change, and their exit codes."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from rongdun.entrypoints import cli
from rongdun.kernel.errors import DomainError
from rongdun.runtime import schema
from rongdun.runtime.crypto import rotation
from rongdun.runtime.files import FileStore
from rongdun.runtime.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(app_dsn: str, owner_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command on this test's database."""
    monkeypatch.setenv("RONGDUN_DSN", app_dsn)
    monkeypatch.setenv("RONGDUN_OWNER_DSN", owner_dsn)
    monkeypatch.setenv("RONGDUN_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(rotation, "REFRESH_S", 0.0)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield lambda *arguments, **options: CliRunner().invoke(cli.app, list(arguments), **options)
    root.handlers[:] = handlers
    root.setLevel(level)


def _entries(dsn: str, action: str) -> list[tuple[str, str]]:
    with psycopg.connect(dsn) as connection:
        query = "select actor_login, subject_id from audit_entries where action = %s order by at"
        return connection.execute(query, [action]).fetchall()


def test_the_first_administrator_is_made_once(run: Run, owner_dsn: str) -> None:
    made = run("users", "first-admin", "chief", "--name", "演示·主任")
    assert made.exit_code == 0, made.output
    assert len(made.stdout.splitlines()[-1]) >= 12
    again = run("users", "first-admin", "second")
    assert isinstance(again.exception, DomainError)
    assert again.exception.code == "administrator_there"


def test_a_locked_administrator_gets_in_again_and_it_is_on_record(run: Run, owner_dsn: str) -> None:
    run("users", "first-admin", "chief")
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("update users set failed_logins = 5, locked_until = now() + interval '1 hour'")
    assert run("users", "unlock", "chief").exit_code == 0
    password = run("users", "reset-password", "chief").stdout.splitlines()[-1]
    with psycopg.connect(owner_dsn) as connection:
        row = connection.execute("select locked_until, must_change_password from users").fetchone()
    assert row == (None, True)
    assert len(password) >= 12
    assert [actor for actor, _ in _entries(owner_dsn, "user.unlock")] == ["system"]
    assert [actor for actor, _ in _entries(owner_dsn, "user.reset_password")] == ["system"]


def test_an_unknown_login_is_told(run: Run) -> None:
    found = run("users", "unlock", "nobody")
    assert isinstance(found.exception, DomainError)
    assert "nobody" in found.exception.message.zh


def test_keys_are_shown_rotated_and_wrapped_anew(run: Run, tmp_path: Path) -> None:
    before = run("keys", "status").stdout
    assert "现用数据密钥 1" in before
    rotated = run("keys", "rotate")
    assert rotated.exit_code == 0, rotated.output
    assert "数据密钥 3" in rotated.stdout
    assert run("keys", "rotate", "--resume").exit_code == 0
    rewrapped = run("keys", "rewrap")
    assert rewrapped.exit_code == 0, rewrapped.output
    after = run("keys", "status").stdout
    assert after.splitlines()[0] != before.splitlines()[0]
    assert after.splitlines()[0].split()[-1] in rewrapped.stdout
    assert "现用数据密钥 3" in after


def test_the_audit_is_checked_signed_and_checked_by_day(run: Run, owner_dsn: str, tmp_path: Path) -> None:
    run("users", "first-admin")
    assert "审计完整" in run("audit", "verify").stdout
    assert "没有待签的日根" in run("audit", "sign").stdout
    today = datetime.now(UTC).date()
    week = [str(today - timedelta(days=3)), str(today + timedelta(days=3))]
    within = run("audit", "verify", "--since", week[0], "--until", week[1])
    assert within.exit_code == 0, within.output
    assert "0 条记录" not in within.stdout
    assert "0 条记录" in run("audit", "verify", "--until", week[0]).stdout


def test_an_altered_entry_ends_the_check_with_1(run: Run, owner_dsn: str) -> None:
    run("users", "first-admin")
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("alter table audit_entries disable trigger all")
        connection.execute("update audit_entries set note = 'x' where action = 'user.create'")
    found = run("audit", "verify")
    assert found.exit_code == 1
    assert "内容被改动" in found.stdout


def test_kept_files_are_checked(run: Run, tmp_path: Path) -> None:
    kept = FileStore.of(Settings(data_dir=tmp_path)).add([b"%PDF-1.7 \xe6\xbc\x94\xe7\xa4\xba"])
    assert "1 个文件完好" in run("files", "verify").stdout
    place = FileStore.of(Settings(data_dir=tmp_path)).path_of(kept.hash)
    place.chmod(0o600)
    place.write_bytes(b"something else")
    found = run("files", "verify")
    assert found.exit_code == 1
    assert kept.hash in found.stdout


def test_the_schema_is_up_to_date_or_brought_up(run: Run, owner_dsn: str) -> None:
    assert "已是最新" in run("migrate").stdout
    assert f"schema {schema.newest_revision()}" in run("db", "status").stdout
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    newer = run("migrate")
    assert isinstance(newer.exception, DomainError)
    assert newer.exception.code == "database_newer"
    refused = run("keys", "status")
    assert isinstance(refused.exception, DomainError)


def test_a_schema_from_nothing_needs_the_owner(
    run: Run, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        connection.execute("grant usage on schema public to public")
    monkeypatch.setenv("RONGDUN_OWNER_DSN", "")
    refused = run("migrate")
    assert isinstance(refused.exception, DomainError)
    assert "RONGDUN_OWNER_DSN" in refused.exception.message.en
    monkeypatch.setenv("RONGDUN_OWNER_DSN", owner_dsn)
    assert schema.newest_revision() in run("migrate").stdout
    assert "kind fresh" in run("db", "status").stdout


def test_a_database_that_does_not_answer_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONGDUN_DSN", "host=/nonexistent dbname=rongdun")
    monkeypatch.delenv("RONGDUN_OWNER_DSN")
    for command in (["db", "status"], ["audit", "verify"], ["migrate"]):
        found = run(*command)
        assert isinstance(found.exception, DomainError)
        assert found.exception.message.zh == "数据库没有应答"


def test_working_days_come_from_a_file(run: Run, tmp_path: Path) -> None:
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    lines = [
        f"{day},holiday,演示节,announced"
        if (day.month, day.day) in {(1, 3), (5, 1), (10, 2), (10, 3), (10, 4)}
        else f"{day},{'rest' if day.isoweekday() > 5 else 'workday'}"
        for day in days
    ]
    source = tmp_path / "2028.csv"
    source.write_text("\n".join(lines), encoding="utf-8")
    taken = run("workdays", "update", str(source))
    assert taken.exit_code == 0, taken.output
    assert "366 天" in taken.stdout
    assert "0 天" in run("workdays", "update", str(source)).stdout
    source.write_text(lines[0], encoding="utf-8")
    wrong = run("workdays", "update", str(source))
    assert isinstance(wrong.exception, DomainError)
    missing = run("workdays", "update", str(tmp_path / "none.csv"))
    assert isinstance(missing.exception, DomainError)


def test_the_api_is_described_the_same_each_time(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "api" / "openapi.json"
    assert run("openapi", str(target), "--check").exit_code == 1
    assert not target.exists()
    assert run("openapi", str(target)).exit_code == 0
    assert run("openapi", str(target), "--check").exit_code == 0
    assert "/api/auth/options" in json.loads(target.read_text(encoding="utf-8"))["paths"]


def test_an_error_is_told_in_both_languages_with_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RONGDUN_PORT", "eighty")
    monkeypatch.setattr("sys.argv", ["rongdun", "up"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "环境变量 RONGDUN_PORT" in said
    assert "Correct RONGDUN_PORT" in said
    assert "Traceback" not in said


def test_every_command_explains_itself_in_both_languages(run: Run) -> None:
    for command in (
        "up",
        "http",
        "worker",
        "migrate",
        "db",
        "users",
        "audit",
        "keys",
        "backup",
        "restore",
        "files",
    ):
        shown = run(command, "--help", env={"COLUMNS": "200"})
        assert shown.exit_code == 0
        assert any("一" <= letter <= "鿿" for letter in shown.stdout), command
        assert any(letter.isascii() and letter.isalpha() for letter in shown.stdout), command


def test_a_backup_comes_back_and_both_are_on_record(run: Run, owner_dsn: str, tmp_path: Path) -> None:
    run("users", "first-admin", "chief")
    made = run("backup", str(tmp_path / "backup"))
    assert made.exit_code == 0, made.output
    assert run("restore", str(tmp_path / "backup"), "--check").exit_code == 0
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("update users set name = '改动'")
    refused = run("restore", str(tmp_path / "backup"))
    assert isinstance(refused.exception, DomainError)
    restored = run("restore", str(tmp_path / "backup"), "--replace")
    assert restored.exit_code == 0, restored.output
    with psycopg.connect(owner_dsn) as connection:
        assert connection.execute("select name from users").fetchall() == [("系统管理员",)]
    assert len(_entries(owner_dsn, "installation.restore")) == 1
    assert run("audit", "verify").exit_code == 0


_SESSION = """
insert into sessions (id, user_id, unit_path, token_hash, stage, created_at, last_seen_at, expires_at, ip, user_agent)
select gen_random_uuid(), id, unit_path, decode(repeat('ab', 32), 'hex'), 'full',
  now(), now(), now() + interval '1 day', '127.0.0.1', '演示' from users
"""
_MESSAGE = """
insert into outbox (id, unit_path, channel, kind, payload, idempotency_key, max_attempts, next_attempt_at, created_at)
values (gen_random_uuid(), 'cn.root.', %s, 'stop_order', '{}', %s, 3, now(), now())
"""


def test_after_a_restore_nobody_is_signed_in_and_nothing_goes_out_twice(
    run: Run, owner_dsn: str, tmp_path: Path
) -> None:
    run("users", "first-admin", "chief")
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(_SESSION)
        connection.execute(_MESSAGE, ("file_drop", "演示-1"))
        connection.execute(_MESSAGE, ("live", "演示-2"))
    run("backup", str(tmp_path / "backup"))
    restored = run("restore", str(tmp_path / "backup"), "--replace")
    assert restored.exit_code == 0, restored.output
    assert "须重新登录" in restored.output
    with psycopg.connect(owner_dsn) as connection:
        assert connection.execute("select end_reason from sessions").fetchall() == [("restored",)]
        found = connection.execute("select channel, state from outbox order by channel").fetchall()
        assert found == [("file_drop", "dead"), ("live", "pending")]


def test_an_institution_is_spoken_to_in_iso_20022_only_where_the_rest_has_a_way(
    run: Run, owner_dsn: str
) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "insert into exchange_institutions (code, name, kind, unit_path, transport, url, created_at, updated_at)"
            " values ('999000000011', '演示工商银行', 'bank', 'cn.', 'https', 'http://127.0.0.1:1/x', now(), now())"
        )
    refused = run("institutions", "profile", "999000000011", "iso20022")
    assert isinstance(refused.exception, DomainError)
    assert "冻结" in refused.exception.message.zh and refused.exception.code == "not_carried"
    done = run("institutions", "profile", "999000000011", "iso20022", "--by-form")
    assert done.exit_code == 0, done.output
    assert "iso20022: stop" in run("institutions", "list").stdout
    assert [subject for _, subject in _entries(owner_dsn, "institution.configure")] == ["999000000011"]


def test_the_key_of_an_institution_is_entered_and_ours_told(run: Run, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "insert into exchange_institutions (code, name, kind, unit_path, transport, url, created_at, updated_at)"
            " values ('999000000011', '演示工商银行', 'bank', 'cn.', 'https', 'http://127.0.0.1:1/x', now(), now())"
        )
    wrong = run("institutions", "key", "999000000011", "AAAA")
    assert isinstance(wrong.exception, DomainError) and wrong.exception.code == "not_a_key"
    # The public key of RFC 8032, 7.1, TEST 1.
    done = run("institutions", "key", "999000000011", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert done.exit_code == 0 and "ed25519" in done.output, done.output
