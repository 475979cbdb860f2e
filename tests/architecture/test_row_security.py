"""Prevents the second lock from being left open: a table with rows of a unit or a person that everybody may read."""

import psycopg

_TABLES = """
select c.relname, c.relrowsecurity, count(p.polname) filter (where p.polcmd = '*' or p.polcmd = 'r')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
left join pg_policy p on p.polrelid = c.oid
where c.relkind in ('r', 'p') and exists (
  select 1 from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
  and (a.attname in ('unit_path', 'owner_path', 'partner_path', 'scope_path', 'user_id', 'actor_id'))
)
group by 1, 2
"""

_REACHES = """
select r.rolname from pg_roles r
where r.rolname in ('rongdun_app', 'rongdun_read') and (r.rolsuper or r.rolbypassrls or exists (
  select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  where c.relowner = r.oid))
"""


def test_every_table_with_rows_of_a_unit_or_a_person_is_under_row_security(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        tables = connection.execute(_TABLES).fetchall()
    assert len(tables) > 5
    assert [name for name, enabled, policies in tables if not enabled or not policies] == []


def test_a_new_table_without_it_is_seen(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("create table forgotten (id int, unit_path text)")
        tables = connection.execute(_TABLES).fetchall()
        connection.rollback()
    assert [name for name, enabled, _ in tables if not enabled] == ["forgotten"]


def test_neither_the_application_nor_analysis_can_step_around_it(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        assert connection.execute(_REACHES).fetchall() == []
