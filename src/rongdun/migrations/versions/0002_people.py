"""People: the tree of units, users and what they sign in with, sessions, and who serves on which case team."""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWN = "rongdun_in_scope('') or user_id = rongdun_actor()"
"""Rows of the asking person; the empty path lies in the system's scope alone (signing in)."""

UNITS = """
create table units (
  id uuid primary key,
  parent_id uuid references units (id),
  kind text not null,
  code text not null check (code ~ '^[a-z0-9_]{1,20}$'),
  path text collate "C" not null constraint uq_units_path unique,
  district text not null default '',
  name text not null check (name <> ''),
  name_en text not null default '',
  short_name text not null default '',
  active boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
)
"""

UNIT_COLUMNS = {
    "kind": "province, city, centre, county, station, bank, branch, outlet, carrier, ...",
    "path": "codes from the root, each with a dot; decides who sees what, never changes",
    "district": "six-digit code of the administrative division, where there is one",
    "active": "a closed unit can no longer be chosen; its history stays",
}

USERS = """
create table users (
  id uuid primary key,
  login text not null check (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
  name text not null check (name <> ''),
  name_en text not null default '',
  unit_id uuid not null references units (id),
  unit_path text collate "C" not null,
  scope_path text collate "C" not null,
  roles text[] not null,
  disabled_at timestamptz,
  password_hash text not null,
  password_changed_at timestamptz not null,
  must_change_password boolean not null,
  failed_logins integer not null default 0,
  locked_until timestamptz,
  phone bytea,
  phone_blind bytea,
  id_number bytea,
  id_number_blind bytea,
  totp_secret bytea,
  totp_since timestamptz,
  totp_step bigint not null default 0,
  last_login_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint uq_users_login unique (login),
  constraint ck_users_scope_holds_unit check (unit_path >= scope_path and unit_path < scope_path || '~')
)
"""

USER_COLUMNS = {
    "login": "in lower case; never used again for somebody else",
    "scope_path": "the unit whose subtree they see: their own, or one above it",
    "roles": "keys of data/roles.toml",
    "disabled_at": "since when they may no longer sign in",
    "password_hash": "argon2id; empty for somebody who only signs in through another system",
    "must_change_password": "the password was handed over by an administrator",
    "failed_logins": "wrong passwords and codes in a row",
    "phone": "sealed under users.phone:{id}",
    "phone_blind": "look-up value of the normalised number",
    "id_number": "sealed under users.id_number:{id}",
    "totp_secret": "sealed under users.totp_secret:{id}; counts once totp_since is set",
    "totp_step": "newest time step whose code was used: no code works twice",
}

SESSIONS = """
create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id),
  unit_path text collate "C" not null,
  token_hash bytea not null constraint uq_sessions_token_hash unique check (length(token_hash) = 32),
  stage text not null check (stage in ('second_factor', 'password_change', 'full')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text not null default '',
  ip text not null,
  user_agent text not null
)
"""

SESSION_COLUMNS = {
    "token_hash": "SHA-256 of the token in the cookie; the token itself is nowhere in the database",
    "stage": "full: signed in; the others still owe a second factor or a new password",
    "expires_at": "the end whatever happens; idleness may end it sooner",
}

PASSKEYS = """
create table passkeys (
  id uuid primary key,
  user_id uuid not null references users (id),
  credential_id bytea not null constraint uq_passkeys_credential_id unique,
  public_key bytea not null,
  sign_count bigint not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
)
"""

RECOVERY = """
create table recovery_codes (
  id uuid primary key,
  user_id uuid not null references users (id),
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null,
  used_at timestamptz
)
"""

CEREMONIES = """
create table ceremonies (
  id uuid primary key,
  user_id uuid references users (id),
  kind text not null check (kind in ('passkey_register', 'passkey_login', 'oidc')),
  secret text not null,
  expires_at timestamptz not null
)
"""

CEREMONY_COLUMNS = {
    "secret": "what the other side must answer to: a challenge, or state, nonce and verifier as JSON",
    "expires_at": "a ceremony is finished once, within minutes, or never",
}

ATTEMPTS = """
create table login_attempts (
  id uuid primary key,
  ip text not null,
  at timestamptz not null
)
"""

UNKNOWN = """
create table unknown_logins (
  login_blind bytea primary key,
  failed_logins integer not null default 0,
  locked_until timestamptz,
  tried_at timestamptz not null
)
"""

TEAMS = """
create table case_team_members (
  case_id uuid not null,
  user_id uuid not null references users (id),
  joined_at timestamptz not null,
  left_at timestamptz,
  constraint pk_case_team_members primary key (case_id, user_id, joined_at)
)
"""

PLACE_UNIT = """
create function units_place() returns trigger
language plpgsql
as $$
declare
  above text := 'cn.';
begin
  if tg_op = 'UPDATE' then
    if (new.parent_id, new.code, new.path) is distinct from (old.parent_id, old.code, old.path) then
      raise exception 'a unit keeps its place in the tree: %', old.path;
    end if;
    return new;
  end if;
  if new.parent_id is not null then
    select path into above from units where id = new.parent_id;
  end if;
  if new.path is distinct from above || new.code || '.' then
    raise exception 'the path of a unit is its parent''s and its code: %', new.path;
  end if;
  return new;
end
$$
"""

FOLLOW_UNIT = """
create function users_follow_unit() returns trigger
language plpgsql
as $$
begin
  if new.unit_path is distinct from (select path from units where id = new.unit_id) then
    raise exception 'the unit path of a user is their unit''s: %', new.unit_path;
  end if;
  return new;
end
$$
"""

INDEXES = (
    "create index ix_units_parent_id on units (parent_id)",
    "create index ix_users_unit_path on users (unit_path)",
    "create index ix_users_phone_blind on users (phone_blind)",
    "create index ix_sessions_user_id on sessions (user_id) where ended_at is null",
    "create index ix_passkeys_user_id on passkeys (user_id)",
    "create index ix_recovery_codes_user_id on recovery_codes (user_id)",
    "create index ix_ceremonies_expires_at on ceremonies (expires_at)",
    "create index ix_login_attempts_ip_at on login_attempts (ip, at)",
    "create index ix_case_team_members_user_id on case_team_members (user_id) where left_at is null",
)


def upgrade() -> None:
    """Create units, users, sessions and what people sign in with."""
    _create(UNITS, "units", "the tree of units; a row is never removed", UNIT_COLUMNS)
    _create(USERS, "users", "everybody who may sign in; a row is never removed", USER_COLUMNS)
    _create(SESSIONS, "sessions", "who is signed in from where; ended rows stay a while", SESSION_COLUMNS)
    _create(PASSKEYS, "passkeys", "WebAuthn credentials")
    _create(RECOVERY, "recovery_codes", "one-time codes for a lost authenticator, hashed")
    _create(
        CEREMONIES, "ceremonies", "half-finished sign-ins with a passkey or another system", CEREMONY_COLUMNS
    )
    _create(ATTEMPTS, "login_attempts", "failed sign-ins by address, to slow guessing; kept for a day")
    _create(
        UNKNOWN, "unknown_logins", "logins nobody has, so that trying them tells nothing; kept for a month"
    )
    _create(TEAMS, "case_team_members", "who serves on the team of which case, and since when")
    for statement in INDEXES:
        op.execute(statement)
    _guard()
    _open_up()


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str] | None = None) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, words in (columns or {}).items():
        op.execute(f"comment on column {table}.{column} is '{words}'")


def _guard() -> None:
    op.execute(PLACE_UNIT)
    op.execute(
        "create trigger units_place before insert or update on units for each row execute function units_place()"
    )
    op.execute(FOLLOW_UNIT)
    op.execute(
        "create trigger users_follow_unit before insert or update of unit_id, unit_path on users"
        " for each row execute function users_follow_unit()"
    )


def _open_up() -> None:
    enable_rls(op, "units", "rongdun_in_scope(path)")
    enable_rls(op, "users", "rongdun_in_scope(unit_path) or id = rongdun_actor()")
    enable_rls(op, "sessions", "rongdun_in_scope(unit_path) or user_id = rongdun_actor()")
    for table in ("passkeys", "recovery_codes", "case_team_members"):
        enable_rls(op, table, OWN)
    for table in ("ceremonies", "login_attempts", "unknown_logins"):
        enable_rls(op, table, "rongdun_in_scope('')")
    for table in ("units", "users"):
        grant(op, table, "select, insert, update")
    op.execute(
        "grant select (id, parent_id, kind, code, path, district, name, name_en, active) on units to rongdun_read"
    )
    for table in ("sessions", "passkeys", "recovery_codes", "ceremonies", "login_attempts", "unknown_logins"):
        grant(op, table, "select, insert, update, delete")
    grant(op, "case_team_members", "select, insert, update", analytics=True)


def downgrade() -> None:
    """Drop everything about people."""
    for table in (
        "case_team_members",
        "unknown_logins",
        "login_attempts",
        "ceremonies",
        "recovery_codes",
        "passkeys",
        "sessions",
        "users",
        "units",
    ):
        op.execute(f"drop table {table}")
    op.execute("drop function users_follow_unit()")
    op.execute("drop function units_place()")
