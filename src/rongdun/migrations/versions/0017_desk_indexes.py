"""Lists of a million rows at once: an index for each order that is asked for, and words found by their pieces.

Row-level security lets an index answer only what cannot leak (comparisons), and no search inside a text. The functions
``rongdun_<table>_found`` therefore look words up as the owner and themselves show only what the asking scope covers,
by the conditions of the table's own policy; whoever uses what they return meets the policy once more.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PAIRS = """
create function rongdun_pairs(said text) returns text[] language sql immutable parallel safe
as $$
  select string_to_array(regexp_replace(lower(said), '(..)', E'\\\\1\\x01', 'g'), E'\\x01')
    || string_to_array(regexp_replace(substr(lower(said), 2), '(..)', E'\\\\1\\x01', 'g'), E'\\x01')
$$
"""
"""Every two characters that stand beside each other: words of Chinese are short, and have no spaces."""

CODES = {
    "cases": ("number", "filing_number"),
    "reports": ("number", "receipt_number", "case_number"),
    "orders": ("number", "subject_label"),
}
"""Numbers, found by their beginning; the row's own also by its last digits."""

NAMES = {"cases": ("unit_name",), "reports": (), "orders": ("institution_name", "maker_name")}
"""Columns of few values, each of many rows: first the values that hold the word, then their rows."""

TITLES = ("cases", "reports")

SEEN = {
    "cases": "unit_path >= %1$L and unit_path < %2$L or id = any (%3$L::uuid[])",
    "reports": "unit_path >= %1$L and unit_path < %2$L or handling_path >= %1$L and handling_path < %2$L",
    "orders": "unit_path >= %1$L and unit_path < %2$L or case_id = any (%3$L::uuid[])"
    " or case_path >= %1$L and case_path < %2$L"
    " or sent_at is not null and partner_path >= %1$L and partner_path < %2$L",
}
"""The conditions of the tables' policies (0012, 0013), with the asking scope's values, so that indexes serve them."""

FOUND = """
create function rongdun_{table}_found(words text[], most integer) returns setof uuid
language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set jit = off set work_mem = '64MB'
as $$
declare
  word text;
  names text[];
  one text;
  every text := '';
  seen text := format('{seen}', current_setting('rongdun.scope_low', true),
    current_setting('rongdun.scope_high', true),
    string_to_array(nullif(current_setting('rongdun.teams', true), ''), ','));
begin
  foreach word in array words loop
    one := 'false';
    {conditions}
    every := every || ' and (' || one || ')';
  end loop;
  return query execute 'select id from {table} where (' || seen || ')' || every || ' limit ' || most;
end
$$
"""

OF_CODE = """
    one := one || format(' or ({column} >= %1$L and {column} < %1$L || ''~'')', upper(word));"""

OF_SERIAL = """
    if word ~ '^[0-9]{3,18}$' then
      one := one || format(' or serial = %s', word::bigint);
    end if;"""

OF_NAME = """
    with recursive every_name (name) as (
      (select {column} from {table} order by {column} limit 1)
      union all
      select (select t.{column} from {table} t where t.{column} > e.name order by t.{column} limit 1)
      from every_name e where e.name is not null
    )
    select array_agg(name) into names from every_name where strpos(lower(name), lower(word)) > 0;
    if names is not null then
      one := one || format(' or {column} = any (%L::text[])', names);
    end if;"""

OF_TITLE = """
    select array_agg(pair) into names from unnest(rongdun_pairs(word)) as pair where length(pair) = 2;
    one := one || format(
      ' or (strpos(lower(title), %L) > 0 and rongdun_pairs(title) @> %L::text[])', lower(word), names);"""
"""Where another word's rows are tried, ``strpos`` stands first and spares most of them the pairs."""

INDEXES = (
    "create index ix_cases_loss_fen on cases (loss_fen, id)",
    "create index ix_cases_filed_at on cases (filed_at desc nulls last, id desc)",
    "create index ix_cases_unit_state on cases (state, unit_path, accepted_at)",
    "create index ix_reports_loss_fen on reports (loss_fen, id)",
    "create index ix_reports_urgency on reports (urgency, id)",
    "create index ix_orders_order on orders (made_at, id)",
    "create index ix_orders_any_state on orders (state, made_at, id)",
    "create index ix_orders_institution_name on orders (institution_name, state, made_at)",
    "create index ix_orders_amount_fen on orders (amount_fen desc nulls last, id desc)",
    "create index ix_orders_sent_at on orders (sent_at desc nulls last, id desc)",
    "create index ix_orders_open on orders (unit_path) where over_at is null",
    "create index ix_orders_maker_name on orders (maker_name)",
    "create index ix_orders_subject_label on orders (subject_label)",
    "create index ix_orders_serial on orders (serial)",
    "create index ix_cases_number on cases (number, id)",
    "create index ix_cases_serial on cases (serial)",
    "create index ix_cases_unit_name on cases (unit_name)",
    "create index ix_cases_filing_number on cases (filing_number)",
    "create index ix_reports_serial on reports (serial)",
    "create index ix_reports_receipt_number on reports (receipt_number)",
    "create index ix_reports_case_number on reports (case_number)",
    "create index ix_deadlines_due_at on deadlines (due_at, id)",
    "create index ix_deadlines_open_unit on deadlines (unit_path, due_at) where closed_at is null",
    "create index ix_deadlines_open_partner on deadlines (partner_path, due_at) where closed_at is null",
)


def upgrade() -> None:
    """Add the indexes and what finds words."""
    for statement in INDEXES:
        op.execute(statement)
    op.execute("drop index ix_orders_made_at")
    op.execute(PAIRS)
    for table in TITLES:
        op.execute(f"create index ix_{table}_title on {table} using gin (rongdun_pairs(title))")
    for table, seen in SEEN.items():
        op.execute(FOUND.format(table=table, seen=seen, conditions=_conditions(table)))
        signature = f"rongdun_{table}_found(text[], integer)"
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to rongdun_app")
        op.execute(f"comment on function {signature} is 'rows in the asking scope that hold every word'")


def _conditions(table: str) -> str:
    """Return the lines that put together where one word of a search may stand in a row of ``table``."""
    codes = [OF_CODE.format(column=column) for column in CODES[table]]
    names = [OF_NAME.format(column=column, table=table) for column in NAMES[table]]
    titles = [OF_TITLE] if table in TITLES else []
    return "".join([*codes, OF_SERIAL, *names, *titles])


def downgrade() -> None:
    """Drop them again."""
    for table in SEEN:
        op.execute(f"drop function rongdun_{table}_found(text[], integer)")
    for table in TITLES:
        op.execute(f"drop index ix_{table}_title")
    op.execute("drop function rongdun_pairs(text)")
    for statement in INDEXES:
        op.execute(f"drop index {statement.split()[2]}")
    op.execute("create index ix_orders_made_at on orders (made_at desc)")
