"""Words of a search that stand in one title are looked up together: the rarest decides how many rows are read.

Before, each word had a condition of its own, and PostgreSQL, which cannot tell how common a piece of a title is, read
every row with the common one. Now a row is found by all words in its title, in the index alone, or by one word in a
number or a name and the others wherever they stand.
"""

from importlib import import_module

from alembic import op

before = import_module("rongdun.migrations.versions.0017_desk_indexes")

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FOUND = """
create or replace function rongdun_{table}_found(words text[], most integer) returns setof uuid
language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set jit = off set work_mem = '64MB'
as $$
declare
  word text;
  names text[];
  pairs text[] := '{{}}';
  one text;
  titled text := '';
  coded text[] := '{{}}';
  either text[] := '{{}}';
  ways text;
  seen text := format('{seen}', current_setting('rongdun.scope_low', true),
    current_setting('rongdun.scope_high', true),
    string_to_array(nullif(current_setting('rongdun.teams', true), ''), ','));
begin
  foreach word in array words loop
    one := 'false';
    {conditions}
    coded := coded || one;
    one := format('strpos(lower(title), %L) > 0', lower(word));
    names := array(select pair from unnest(rongdun_pairs(word)) as pair where length(pair) = 2);
    titled := titled || ' and ' || one;
    either := either || format('(%s and rongdun_pairs(title) @> %L::text[] or %s)', one, names,
      coded[array_upper(coded, 1)]);
    pairs := pairs || names;
  end loop;
  ways := format('(select id from {table} where (%s) and rongdun_pairs(title) @> %L::text[]%s limit %s)',
    seen, pairs, titled, most);
  for place in 1 .. array_upper(words, 1) loop
    ways := ways || format(' union all (select id from {table} where (%s) and (%s) and %s limit %s)',
      seen, coded[place], array_to_string(either, ' and '), most);
  end loop;
  return query execute 'select distinct id from (' || ways || ') as found limit ' || most;
end
$$
"""
"""``titled``: all words in the title. ``coded``: each word in a number or name; ``either``: each word anywhere."""


def upgrade() -> None:
    """Look the words of a title up together."""
    for table in before.TITLES:
        codes = [before.OF_CODE.format(column=column) for column in before.CODES[table]]
        names = [before.OF_NAME.format(column=column, table=table) for column in before.NAMES[table]]
        conditions = "".join([*codes, before.OF_SERIAL, *names])
        op.execute(FOUND.format(table=table, seen=before.SEEN[table], conditions=conditions))


def downgrade() -> None:
    """Look each word up by itself again."""
    for table in before.TITLES:
        told = before.FOUND.replace("create function", "create or replace function")
        op.execute(told.format(table=table, seen=before.SEEN[table], conditions=before._conditions(table)))
