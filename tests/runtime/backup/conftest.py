"""A centre somebody has worked in for some days, and empty ones to bring its backup back into."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Scope, SubjectRef
from rongdun.runtime.audit import sign_daily_root, write_entries
from rongdun.runtime.backup import Restored, restore
from rongdun.runtime.crypto import open_vault
from rongdun.runtime.db import Database
from rongdun.runtime.files import FileStore
from rongdun.runtime.live import write_signals
from rongdun.runtime.localpg import Dsns, databases
from rongdun.runtime.localpg.dsns import ADMIN, local_dsn
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services
from rongdun.runtime.web import Authenticator

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + "演示证据\n".encode() * 1000 + b"%%EOF\n"
_NUMBERS = itertools.count(1)


@dataclass
class House:
    """An installation: where its things lie and how its database is reached."""

    settings: Settings
    dsns: Dsns

    def rows(self) -> dict[str, list[str]]:
        """Return every row of every table as text."""
        with psycopg.connect(self.dsns.owner) as connection:
            tables = connection.execute(
                "select tablename from pg_tables where schemaname = 'public'"
            ).fetchall()
            return {
                table: sorted(row[0] for row in connection.execute(f"select t::text from public.{table} t"))
                for (table,) in tables
            }

    def definitions(self) -> list[tuple[Any, ...]]:
        """Return what guards the rows: triggers and whether they always fire, policies, grants, functions."""
        queries = (
            "select 'trigger', tgrelid::regclass::text, tgname::text, tgenabled::text from pg_trigger"
            " where not tgisinternal",
            "select 'policy', tablename::text, policyname::text, qual || coalesce(with_check, '') from pg_policies",
            "select 'security', relname::text, relrowsecurity::text, relforcerowsecurity::text from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind = 'r'",
            "select 'grant', table_name::text, grantee::text, privilege_type::text"
            " from information_schema.table_privileges where table_schema = 'public'",
            "select 'function', p.oid::regprocedure::text, prosecdef::text, md5(prosrc) from pg_proc p"
            " where pronamespace = 'public'::regnamespace",
            "select 'schema', nspname::text, pg_get_userbyid(nspowner)::text, (select string_agg(a::text, ',' order by"
            " a::text) from unnest(nspacl) a) from pg_namespace where nspname = 'public'",
        )
        with psycopg.connect(self.dsns.owner) as connection:
            return sorted(row for query in queries for row in connection.execute(query.encode()).fetchall())

    def files(self) -> dict[str, bytes]:
        """Return every kept file and every audit root."""
        places = (self.settings.files, self.settings.audit_roots, self.settings.data_dir / "ledger")
        found = [path for place in places for path in place.rglob("*") if path.is_file()]
        return {path.relative_to(self.settings.data_dir).as_posix(): path.read_bytes() for path in found}


@dataclass
class LivedIn(House):
    """The centre that is backed up."""

    centre: Centre
    clock: FixedClock
    notes: list[str] = field(default_factory=list)

    def work(self, note: str) -> None:
        """Do something that is put on record and told to open screens."""
        with self.centre.transact() as uow:
            case = SubjectRef("case", note, note)
            uow.record("case.change", case, unit_path="cn.fj.fz.", after={"备注": note})
            uow.publish("deadline", case, "cn.fj.fz.")

    def upload(self, content: bytes) -> str:
        """Keep a file and its row; return its hash."""
        kept = FileStore.of(self.settings).add([content])
        with psycopg.connect(self.dsns.owner) as connection:
            connection.execute(
                "insert into files (id, hash, size, media_type, name, unit_path, uploaded_by, uploaded_at)"
                " values (%s, %s, %s, %s, '演示.pdf', 'cn.fj.fz.', %s, %s)",
                [new_id(), kept.hash, kept.size, kept.media_type, new_id(), self.clock.now()],
            )
        return kept.hash

    def next_day(self) -> None:
        """Let a night pass: yesterday's root is signed."""
        self.clock.advance(timedelta(days=1))
        with self.centre.services.database.session(Scope.everything()) as session:
            sign_daily_root(session, settings=self.settings, now=self.clock.now())
            session.commit()


@pytest.fixture
def lived_in(db: Database, owner_dsn: str, app_dsn: str, read_dsn: str, tmp_path: Path) -> LivedIn:
    """Rules, keys, two days of audit with a signed root each, two files."""
    settings = Settings(data_dir=tmp_path / "lived-in")
    clock = FixedClock(MONDAY)
    hooks = (write_entries, write_signals)
    services = Services(settings, db, clock, open_vault(settings, db), hooks)
    centre = Centre(services, cast(Authenticator, None))
    house = LivedIn(settings, Dsns(owner_dsn, app_dsn, read_dsn), centre, clock)
    with centre.transact() as uow:
        seed_policies(uow.session, now=uow.now)
    for note in ("立案", "冻结"):
        house.work(note)
        house.next_day()
    house.upload(PDF)
    house.upload(PDF + b"\n")
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("insert into installation (kind, created_at) values ('real', %s)", [clock.now()])
    return house


@pytest.fixture
def empty(postgres: Settings, lived_in: LivedIn, tmp_path: Path) -> Iterator[House]:
    """A new installation with the same master key and an empty database."""
    settings = Settings(data_dir=tmp_path / "empty")
    bring_key(lived_in.settings, settings)
    name = f"restored_{next(_NUMBERS)}"
    with psycopg.connect(local_dsn(postgres, ADMIN, database="postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name} owner rongdun_owner template template0")
        yield House(settings, Dsns(*(make_conninfo(dsn, dbname=name) for dsn in databases(postgres))))
        connection.execute(f"drop database {name} with (force)")


def bring_key(source: Settings, target: Settings) -> None:
    """Carry the master key over by hand, as an administrator does."""
    target.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    copied = target.keys / "master.key"
    copied.write_bytes((source.keys / "master.key").read_bytes())
    copied.chmod(0o600)


def bring_back(house: House, source: Path, **options: Any) -> Restored:
    """Restore ``source`` into ``house``."""
    return restore(house.settings, house.dsns, source, **options)
