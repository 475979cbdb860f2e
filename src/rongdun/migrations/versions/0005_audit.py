"""Audit: entries in hash chains that nobody can change, and the signed root of each day."""

from alembic import op

from rongdun.migrations.helpers import grant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ENTRIES = """
create table audit_entries (
  id uuid primary key,
  chain smallint not null check (chain >= 0),
  seq bigint not null check (seq > 0),
  prev_hash bytea not null check (length(prev_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  alg text not null check (alg in ('sm3', 'sha256')),
  at timestamptz not null,
  actor_id uuid,
  actor_login text not null,
  actor_name text not null,
  roles text[] not null,
  unit_path text collate "C" not null,
  ip text not null,
  session uuid,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  subject_label text not null,
  scope_path text collate "C" not null,
  purpose text,
  note text not null,
  before jsonb,
  after jsonb,
  unique (chain, seq)
)
"""

HEADS = """
create table audit_heads (
  chain smallint primary key check (chain >= 0),
  seq bigint not null,
  hash bytea not null
) with (fillfactor = 20)
"""

ROOTS = """
create table audit_roots (
  day date primary key,
  body text not null,
  hash bytea not null,
  signature bytea not null,
  key_fingerprint text not null,
  signed_at timestamptz not null,
  late boolean not null
)
"""

INDEXES = (
    "create index ix_audit_entries_at on audit_entries (at desc, id)",
    "create index ix_audit_entries_actor on audit_entries (actor_id, at desc)",
    "create index ix_audit_entries_subject on audit_entries (subject_kind, subject_id, at desc)",
    "create index ix_audit_entries_action on audit_entries (action, at desc)",
    "create index ix_audit_entries_scope on audit_entries (scope_path, at desc)",
)

CLAIM = """
create function audit_claim_chain(chains integer, out chain smallint, out seq bigint, out hash bytea)
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  mine integer := nullif(current_setting('rongdun.audit_chain', true), '')::integer;
  home integer;
begin
  if chains < 1 then
    raise exception 'the audit needs at least one chain, not %', chains;
  end if;
  if mine is null then
    home := pg_backend_pid() % chains;
    for step in 0 .. chains - 1 loop
      if pg_try_advisory_xact_lock(hashtext('rongdun.audit'), (home + step) % chains) then
        mine := (home + step) % chains;
        exit;
      end if;
    end loop;
    if mine is null then
      mine := home;
      perform pg_advisory_xact_lock(hashtext('rongdun.audit'), mine);
    end if;
    perform set_config('rongdun.audit_chain', mine::text, true);
  end if;
  insert into audit_heads values (mine, 0, decode(repeat('00', 32), 'hex')) on conflict do nothing;
  select h.chain, h.seq, h.hash into chain, seq, hash from audit_heads h where h.chain = mine;
end
$$
"""

CONTINUE = """
create function audit_continue_chain() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update audit_heads set seq = new.seq, hash = new.hash
   where chain = new.chain and seq = new.seq - 1 and hash = new.prev_hash;
  if not found then
    raise exception 'audit entry % does not continue chain % at %', new.id, new.chain, new.seq
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""

FORBID = """
create function audit_forbid() returns trigger
language plpgsql
as $$
begin
  raise exception 'the audit is append-only: % on % refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$
"""

TRIGGERS = (
    "create trigger continue_chain before insert on audit_entries"
    " for each row execute function audit_continue_chain()",
    "create trigger append_only before update or delete or truncate on audit_entries"
    " for each statement execute function audit_forbid()",
    "create trigger append_only before update or delete or truncate on audit_roots"
    " for each statement execute function audit_forbid()",
    "create trigger append_only before delete or truncate on audit_heads"
    " for each statement execute function audit_forbid()",
    "create trigger moved_by_entries_only before update on audit_heads"
    " for each statement when (pg_trigger_depth() = 0) execute function audit_forbid()",
)

ALWAYS = (
    "alter table audit_entries enable always trigger continue_chain",
    "alter table audit_entries enable always trigger append_only",
    "alter table audit_roots enable always trigger append_only",
    "alter table audit_heads enable always trigger append_only",
    "alter table audit_heads enable always trigger moved_by_entries_only",
)
"""Replication mode would otherwise switch the triggers off without a trace."""

COMMENTS = {
    "table audit_entries": "who did what to what, when and why; append-only, each row hashed with its forerunner",
    "column audit_entries.chain": "several chains exist so that writers need not wait for one another",
    "column audit_entries.seq": "place in the chain, from 1, without gaps",
    "column audit_entries.prev_hash": "hash of the entry before it in the chain; 32 zero bytes for the first",
    "column audit_entries.hash": "hash of the canonical JSON of every other column",
    "column audit_entries.unit_path": "unit of the actor",
    "column audit_entries.scope_path": "unit the subject belongs to; either unit''s auditor sees the entry",
    "column audit_entries.purpose": "code of the purpose given, for reads of personal data",
    "column audit_entries.before": "changed fields as they were; personal data masked",
    "column audit_entries.after": "changed fields as they became; personal data masked",
    "table audit_heads": "newest entry of each chain; moved only by the insert trigger",
    "table audit_roots": "heads of all chains at the end of each civil day, signed; a copy lies in a file",
    "column audit_roots.body": "the canonical JSON that was signed",
    "column audit_roots.signature": "Ed25519 over body, by the key outside the database",
    "column audit_roots.late": "signed more than a day after the day it closes",
}


def upgrade() -> None:
    """Create the audit tables, their triggers and their policies."""
    for statement in (ENTRIES, HEADS, ROOTS, *INDEXES, CLAIM, CONTINUE, FORBID, *TRIGGERS, *ALWAYS):
        op.execute(statement)
    for what, words in COMMENTS.items():
        op.execute(f"comment on {what} is '{words}'")
    _restrict()


def _restrict() -> None:
    op.execute("alter table audit_entries enable row level security")
    op.execute(
        "create policy audit_entries_read on audit_entries for select"
        " using (rongdun_in_scope(scope_path) or rongdun_in_scope(unit_path) or actor_id = rongdun_actor())"
    )
    op.execute("create policy audit_entries_append on audit_entries for insert with check (true)")
    grant(op, "audit_entries", "select, insert")
    grant(op, "audit_roots", "select, insert")
    grant(op, "audit_heads", "select")
    op.execute("revoke execute on function audit_claim_chain(integer) from public")
    op.execute("grant execute on function audit_claim_chain(integer) to rongdun_app")


def downgrade() -> None:
    """Drop the audit; what it remembered is gone."""
    op.execute("drop table audit_entries, audit_heads, audit_roots")
    op.execute("drop function audit_claim_chain(integer), audit_continue_chain(), audit_forbid()")
