"""The rule table: every deadline, threshold, term and code list by date; and how a rule is changed.

Rows of one key never overlap, a row is never altered except that it ends earlier, and nothing written on
screen enters the table without somebody else's confirmation: each of these is held here, below the code.
"""

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANGES = """
create table policy_changes (
  id uuid primary key,
  key text not null,
  kind text not null check (kind in ('replace', 'correct', 'end')),
  state text not null default 'DRAFT'
    check (state in ('DRAFT', 'SUBMITTED', 'CONFIRMED', 'RETURNED', 'WITHDRAWN')),
  base_rule_id uuid not null,
  name_zh text not null,
  name_en text not null,
  value jsonb,
  unit text not null,
  effective_from date not null,
  effective_to date,
  legal_basis text not null,
  tag text not null check (tag in ('S', 'Sw', 'M', 'D')),
  source text not null default '',
  note text not null default '',
  reason text not null default '',
  unit_path text collate "C" not null,
  maker_id uuid not null,
  maker_name text not null,
  editors uuid[] not null,
  submitted_at timestamptz,
  checker_id uuid,
  checker_name text not null default '',
  decided_at timestamptz,
  decision_note text not null default '',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint ends_after_it_begins check (effective_to is null or effective_to > effective_from),
  constraint replacement_has_a_value check ((kind = 'end') = (value is null)),
  constraint maker_is_an_editor check (maker_id = any (editors)),
  constraint checker_is_no_editor check (checker_id is null or checker_id <> all (editors)),
  constraint confirmed_by_a_checker check (state <> 'CONFIRMED' or checker_id is not null)
)
"""

CHANGE_COMMENTS = {
    "kind": "replace: a new row from effective_from on; correct: a new row instead of the one that begins"
    " on that very day; end: nothing applies from effective_from on",
    "base_rule_id": "row the change was drafted against",
    "value": "proposed value; null when the rule is to end",
    "effective_to": "first day the proposed row no longer applies; null: until further notice",
    "tag": "certainty: S stated, Sw stated by a weak source, M from memory, D default of the centre",
    "unit_path": "unit of the maker; drafts are seen in its scope, confirmed changes by everybody",
    "editors": "everybody who wrote on the proposal; none of them may decide on it",
    "decision_note": "what the checker says, asked for when a change is returned",
}

RULES = """
create table policy_rules (
  id uuid primary key,
  key text not null check (key ~ '^[a-z0-9_]+(\\.[a-z0-9_]+)+$'),
  name_zh text not null,
  name_en text not null,
  value jsonb not null,
  unit text not null,
  effective_from date not null,
  effective_to date,
  legal_basis text not null,
  tag text not null check (tag in ('S', 'Sw', 'M', 'D')),
  source text not null default '',
  note text not null default '',
  origin text not null check (origin in ('seed', 'change')),
  change_id uuid references policy_changes (id),
  closed_by uuid references policy_changes (id),
  created_at timestamptz not null,
  constraint ends_no_earlier_than_it_begins check (effective_to is null or effective_to >= effective_from),
  constraint change_is_named check ((origin = 'change') = (change_id is not null)),
  constraint one_rule_a_day exclude using gist (
    policy_key_range(key, key, '[]') with =,
    daterange(effective_from, effective_to) with &&
  )
)
"""

RULE_COMMENTS = {
    "key": "name the code asks for; the row whose dates cover the case date applies",
    "value": "number, text, yes or no, list of numbers, or code list, as unit says",
    "effective_from": "first day the row applies",
    "effective_to": "first day it no longer applies; equal to effective_from: replaced before it ever applied",
    "tag": "certainty: S stated, Sw stated by a weak source, M from memory, D default of the centre",
    "source": "labels of the sources the row was taken from",
    "origin": "seed: shipped with the product; change: confirmed on screen",
    "closed_by": "change that ended the row early",
}

RULES_GUARD = """
create function policy_rules_guard() returns trigger language plpgsql as $$
declare
  cause uuid := case when tg_op = 'INSERT' then new.change_id else new.closed_by end;
begin
  if tg_op = 'UPDATE' then
    if (to_jsonb(new) - '{effective_to,closed_by}'::text[]) <>
       (to_jsonb(old) - '{effective_to,closed_by}'::text[]) then
      raise exception 'policy rule % is immutable: only its end may be set', old.id
        using errcode = 'integrity_constraint_violation';
    end if;
    if new.effective_to is null or new.effective_to >= coalesce(old.effective_to, 'infinity'::date) then
      raise exception 'policy rule % may only end earlier', old.id
        using errcode = 'integrity_constraint_violation';
    end if;
  end if;
  if cause is null and rongdun_actor() is not null then
    raise exception 'policy rules change only through a confirmed change'
      using errcode = 'integrity_constraint_violation';
  end if;
  if cause is not null and not exists (
    select 1 from policy_changes where id = cause and key = new.key and state = 'CONFIRMED'
  ) then
    raise exception 'policy change % is not confirmed for %', cause, new.key
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""

CHANGES_GUARD = """
create function policy_changes_guard() returns trigger language plpgsql as $$
declare
  content constant text[] := '{kind,base_rule_id,name_zh,name_en,value,unit,effective_from,effective_to,'
    'legal_basis,tag,source,note,reason}';
  kept constant text[] := '{id,key,unit_path,maker_id,maker_name,created_at}';
  was jsonb; now_is jsonb;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'DRAFT' or new.maker_id is distinct from rongdun_actor() then
      raise exception 'a policy change begins as a draft of whoever writes it'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  was := to_jsonb(old); now_is := to_jsonb(new);
  if exists (select 1 from unnest(kept) as f where was -> f is distinct from now_is -> f)
     or not (new.editors @> old.editors) then
    raise exception 'policy change %: what it is about and who wrote it cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if (old.state, new.state) not in (
    ('DRAFT', 'DRAFT'), ('RETURNED', 'DRAFT'), ('DRAFT', 'SUBMITTED'), ('RETURNED', 'SUBMITTED'),
    ('SUBMITTED', 'CONFIRMED'), ('SUBMITTED', 'RETURNED'),
    ('DRAFT', 'WITHDRAWN'), ('SUBMITTED', 'WITHDRAWN'), ('RETURNED', 'WITHDRAWN')
  ) then
    raise exception 'policy change % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if exists (select 1 from unnest(content) as f where was -> f is distinct from now_is -> f)
     and (new.state <> 'DRAFT' or coalesce(rongdun_actor() <> all (new.editors), true)) then
    raise exception 'policy change %: only a named editor writes on it, and only while it is a draft', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.state in ('CONFIRMED', 'RETURNED') and new.checker_id is distinct from rongdun_actor() then
    raise exception 'policy change %: the decision is signed by whoever takes it', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""

NO_REMOVAL = """
create function policy_keeps_everything() returns trigger language plpgsql as $$
begin
  raise exception '% keeps its rows for good', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$
"""

GENERATION = """
create table policy_generation (
  only_row boolean primary key default true check (only_row),
  generation bigint not null
)
"""

BUMP = """
create function policy_bump_generation() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update policy_generation set generation = nextval('policy_generations');
  return null;
end
$$
"""


def upgrade() -> None:
    """Create the rule table, its changes, and the guards on both."""
    op.execute('create type policy_key_range as range (subtype = text, collation = "C")')
    _create_changes()
    _create_rules()
    _guard()
    _create_generation()


def _create_changes() -> None:
    op.execute(CHANGES)
    op.execute("comment on table policy_changes is 'rule changes by maker and checker, kept for good'")
    _comment_columns("policy_changes", CHANGE_COMMENTS)
    op.execute("create index ix_policy_changes_key on policy_changes (key, created_at)")
    op.execute("create index ix_policy_changes_state on policy_changes (state, created_at)")
    enable_rls(op, "policy_changes", "rongdun_in_scope(unit_path) or state = 'CONFIRMED'")
    grant(op, "policy_changes", "select, insert, update")


def _create_rules() -> None:
    op.execute(RULES)
    op.execute("comment on table policy_rules is 'deadlines, thresholds, terms and code lists by date'")
    _comment_columns("policy_rules", RULE_COMMENTS)
    op.execute("create index ix_policy_rules_key on policy_rules (key, effective_from)")
    op.execute("alter table policy_changes add foreign key (base_rule_id) references policy_rules (id)")
    enable_rls(op, "policy_rules", "true")
    grant(op, "policy_rules", "select, insert, update (effective_to, closed_by)", analytics=True)


def _guard() -> None:
    op.execute(RULES_GUARD)
    op.execute(CHANGES_GUARD)
    op.execute(NO_REMOVAL)
    for table in ("policy_rules", "policy_changes"):
        op.execute(
            f"create trigger guard before insert or update on {table}"
            f" for each row execute function {table}_guard()"
        )
        op.execute(
            f"create trigger kept before delete or truncate on {table}"
            " for each statement execute function policy_keeps_everything()"
        )


def _create_generation() -> None:
    op.execute("create sequence policy_generations")
    op.execute(GENERATION)
    op.execute(
        "comment on table policy_generation is"
        " 'one row: changes with every change of policy_rules, never twice the same, so caches can tell'"
    )
    op.execute("insert into policy_generation (generation) values (nextval('policy_generations'))")
    op.execute(BUMP)
    op.execute(
        "create trigger bump after insert or update on policy_rules"
        " for each statement execute function policy_bump_generation()"
    )
    grant(op, "policy_generation", "select", analytics=True)


def _comment_columns(table: str, comments: dict[str, str]) -> None:
    for column, comment in comments.items():
        op.execute(f"comment on column {table}.{column} is '{comment}'")


def downgrade() -> None:
    """Drop the rule table and its changes."""
    op.execute("drop table policy_generation")
    op.execute("drop table policy_rules, policy_changes")
    op.execute("drop sequence policy_generations")
    for function in ("policy_rules_guard", "policy_changes_guard", "policy_keeps_everything"):
        op.execute(f"drop function {function}()")
    op.execute("drop function policy_bump_generation()")
    op.execute("drop type policy_key_range")
