"""A city's desks after years of work, written straight into the tables: cases, orders, reports, deadlines.

Everything is made by the database itself; sealed columns hold the same few bytes everywhere. Cases begin five years
back and go on until now; most of what is old is over, and a few thousand orders and clocks are running.
"""

import psycopg

COUNTIES, STATIONS, BANKS = 13, 15, 12

_UNITS = f"""
insert into units (id, parent_id, kind, code, path, district, name, created_at, updated_at)
values (gen_random_uuid(), null, 'city', 'fz', 'cn.fj.fz.', '350100', '演示市局', now(), now());
insert into units (id, parent_id, kind, code, path, district, name, created_at, updated_at)
select gen_random_uuid(), (select id from units where path = 'cn.fj.fz.'), 'county', 'c' || c,
  'cn.fj.fz.c' || c || '.', '350102', '演示' || c || '分局', now(), now()
from generate_series(1, {COUNTIES}) as c;
insert into units (id, parent_id, kind, code, path, district, name, created_at, updated_at)
select gen_random_uuid(), (select id from units where path = 'cn.fj.fz.c' || c || '.'), 'station', 's' || s,
  'cn.fj.fz.c' || c || '.s' || s || '.', '350102', '演示' || c || '分局' || s || '所', now(), now()
from generate_series(1, {COUNTIES}) as c, generate_series(1, {STATIONS}) as s;
insert into units (id, parent_id, kind, code, path, district, name, created_at, updated_at)
select gen_random_uuid(), (select id from units where path = 'cn.fj.fz.'), 'bank', 'b' || b,
  'cn.fj.fz.b' || b || '.', '350100', '演示第' || b || '银行', now(), now()
from generate_series(1, {BANKS}) as b;
"""

_NOW = """
create function town_now() returns timestamptz language sql immutable as $$ select '{moment}'::timestamptz $$
"""

_HELPERS = """
create function town_id(kind text, n bigint, at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(kind || n), 1, 3) || '8' || substr(md5(kind || n), 4, 15))::uuid $$;
create function town_path(n bigint) returns text language sql immutable as $$
  select 'cn.fj.fz.c' || 1 + n * 7919 % 13 || '.s' || 1 + n * 104729 % 15 || '.' $$;
create function town_unit(n bigint) returns text language sql immutable as $$
  select '演示' || 1 + n * 7919 % 13 || '分局' || 1 + n * 104729 % 15 || '所' $$;
create function town_kind(n bigint) returns text language sql immutable as $$
  select (array['刷单返利', '冒充客服', '虚假投资理财', '冒充公检法', '虚假征信', '杀猪盘', '网络贷款', '游戏交易'])[1 + n * 31 % 8] $$;
create function town_name(n bigint) returns text language sql immutable as $$
  select (array['王','李','张','刘','陈','杨','黄','赵','吴','周','徐','孙','马','朱','胡','林','郭','何','高','罗'])[1 + n * 17 % 20]
    || (array['*','*伟','*芳','*娜','*敏','*静','*丽','*强','*磊','*军'])[1 + n * 13 % 10] $$;
create function town_at(n bigint, of bigint) returns timestamptz language sql stable as $$
  select town_now() - interval '5 years' * (1 - n::float8 / of) $$;
create function town_officer(n bigint) returns text language sql immutable as $$
  select '演示·' || (array['郑','何','翁','高','魏','卢','许','邓','曾','彭'])[1 + n * 29 % 10] || n * 37 % 300 $$;
"""

_CASES = """
insert into cases (id, number, unit_path, unit_name, title, state, source, fraud_type, story, loss_fen, victims,
  accepted_at, accepted_by, accepted_name, decided_by, filed_at, filing_number, end_reason, updated_at)
select town_id('case', n, at), 'AJ' || to_char(at, 'YYYY') || '-' || lpad(n::text, 6, '0'), town_path(n), town_unit(n),
  town_name(n) || '被' || town_kind(n) || '诈骗案',
  case when n < %(of)s * 0.9 then (array['CLOSED', 'CLOSED', 'NOT_FILED', 'INVESTIGATING', 'WITHDRAWN'])[1 + n * 3 %% 5]
    else (array['ACCEPTED', 'UNDER_REVIEW', 'INVESTIGATING', 'FILED'])[1 + n * 3 %% 4] end,
  'report', '02', '\\x00', (1 + n * 7907 %% 100000) * 1000, 1, at, gen_random_uuid(), town_officer(n), gen_random_uuid(),
  at + interval '2 days', 'LA' || to_char(at, 'YYYY') || '-' || lpad((n * 3)::text, 7, '0'), '演示', at
from (select n, town_at(n, %(of)s) as at from generate_series(1, %(of)s::bigint) as n) as made
"""

_REPORTS = """
insert into reports (id, number, receipt_number, unit_path, unit_name, handling_path, maker_id, maker_name, state, source,
  classification, fraud_type, title, content, loss_fen, transfers, last_transfer_at, urgency, case_id, case_number,
  end_reason, received_at, created_at, updated_at)
select town_id('report', n, at), 'JQ' || to_char(at, 'YYYY') || '-' || lpad(n::text, 6, '0'), 'HZ' || lpad(n::text, 9, '0'),
  'cn.fj.fz.', '演示市反诈中心', town_path(n), gen_random_uuid(), town_officer(n),
  case when n > %(of)s * 0.995 then (array['RECEIVED', 'CLASSIFIED', 'ENTERED', 'IN_DISPOSAL'])[1 + n %% 4]
    when n %% 10 < 7 then 'CASE_ACCEPTED' else 'CLOSED' end,
  'call_96110', 'completed', '02', town_name(n) || '报' || town_kind(n), '\\x00', (1 + n * 7907 %% 100000) * 1000, 1 + n %% 5,
  at - interval '20 minutes', n * 11 %% 100,
  case when n <= %(of)s * 0.995 and n %% 10 < 7 then town_id('case', n, at) end,
  case when n <= %(of)s * 0.995 and n %% 10 < 7 then 'AJ' || to_char(at, 'YYYY') || '-' || lpad(n::text, 6, '0') else '' end,
  '演示', at, at, at
from (select n, town_at(n, %(of)s) as at from generate_series(1, %(of)s::bigint) as n) as made
"""

_ORDERS = """
insert into orders (id, number, kind, question, state, case_id, subject_label, unit_path, unit_name, organ_path, institution,
  institution_name, partner_path, account, account_key, details, amount_fen, transfer_at, urgent, maker_name, made_at,
  reviewer_id, reviewer_name, sent_at, answered_at, starts_at, ends_at, over_at, held_fen, attention, updated_at)
select town_id('order', n, at), 'ZL' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0'), kind,
  case when kind = 'query' then 'query_transactions' else '' end,
  case when not fresh then case kind when 'query' then 'ANSWERED' when 'stop' then 'EXPIRED' else 'LIFTED' end
    when n %% 7 = 0 then 'DRAFT' when n %% 7 = 1 then 'SENT' when kind = 'query' then 'ANSWERED'
    when kind = 'stop' then 'STOPPED' else 'FROZEN' end,
  town_id('case', c, case_at), 'AJ' || to_char(case_at, 'YYYY') || '-' || lpad(c::text, 6, '0'), town_path(c), town_unit(c),
  substr(town_path(c), 1, length(town_path(c)) - position('.' in reverse(rtrim(town_path(c), '.')))),
  '99910000' || lpad((1 + n * 5 %% 12)::text, 4, '0'), '演示第' || 1 + n * 5 %% 12 || '银行',
  'cn.fj.fz.b' || 1 + n * 5 %% 12 || '.', md5((n * 3 / 4)::text), decode(md5((n * 3 / 4)::text), 'hex'), '\\x00',
  (1 + n * 7907 %% 100000) * 100, at - interval '1 hour', n %% 4 = 0, town_officer(n), at, gen_random_uuid(),
  town_officer(n + 1), case when fresh and n %% 7 = 0 then null else at end,
  case when fresh and n %% 7 < 2 then null else at end, at,
  case when kind = 'freeze' then at + interval '6 months' else at + interval '48 hours' end,
  case when not fresh then at + interval '48 hours' end, case when fresh then (n %% 1000) * 1000 else 0 end,
  case when fresh and n %% 97 = 0 then 'silent' else '' end, at
from (
  select n, at, kind, c, town_at(c, %(cases)s) as case_at,
    at > town_now() - case when kind = 'freeze' then interval '5 months' else interval '40 hours' end as fresh
  from (
    select n, town_at(n, %(of)s) as at, (array['stop', 'query', 'freeze'])[1 + n %% 3] as kind,
      greatest(1, (n::float8 / %(of)s * %(cases)s)::bigint) as c
    from generate_series(1, %(of)s::bigint) as n) as timed
) as made
"""

_DEADLINES = """
insert into deadlines (id, subject_kind, subject_id, subject_label, rule_key, legal_basis, certainty, name_zh, name_en, term,
  unit_path, owner_path, partner_path, case_id, started_at, due_at, state, outcome, closed_at, steps, next_step_at, level,
  created_at)
select town_id('deadline', n, at), 'order', 'town-' || n, 'ZL' || lpad(n::text, 7, '0'), 'stop.validity', '测试', 'D', '止付时效',
  'Stop lapses', '{"unit": "hour", "amount": 48}', town_path(n), town_path(n), 'cn.fj.fz.b' || 1 + n * 5 %% 12 || '.', null,
  at, due, case when due > town_now() then 'running' else 'met' end, case when due <= town_now() then 'met' end,
  case when due <= town_now() then at + interval '1 hour' end,
  '[{"anchor": "after_due", "by_us": 1, "level": "overdue", "notify": ["owner"]}]',
  case when due > town_now() then due end, 'calm', at
from (
  select n, at, at + case when n %% 20 = 0 then interval '6 months' else interval '48 hours' end as due
  from (select n, town_at(n, %(of)s) as at from generate_series(1, %(of)s::bigint) as n) as timed
) as made
"""


def fill(owner_dsn: str, *, cases: int, orders: int) -> None:
    """Fill an empty, migrated database: ``cases`` cases, as many reports and deadlines, and ``orders`` orders."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("set maintenance_work_mem = '1GB'")
        connection.execute(
            f"alter table units disable trigger user;{_UNITS}alter table units enable trigger user"
        )
        moment = connection.execute("select now()::text").fetchone()
        assert moment is not None
        connection.execute(_NOW.format(moment=moment[0]))
        connection.execute(_HELPERS)
        for table, statement, rows in (
            ("cases", _CASES, cases),
            ("reports", _REPORTS, cases),
            ("orders", _ORDERS, orders),
            ("deadlines", _DEADLINES, cases),
        ):
            _fill(connection, table, statement, {"of": rows, "cases": cases})


def _fill(connection: psycopg.Connection, table: str, statement: str, values: dict[str, int]) -> None:
    """Write the rows of one table without its triggers, and build its indexes afterwards."""
    later = connection.execute(
        "select indexname, indexdef from pg_indexes where tablename = %s and indexname not in"
        " (select conname from pg_constraint)",
        (table,),
    ).fetchall()
    for name, _ in later:
        connection.execute(f"drop index {name}")
    connection.execute(f"alter table {table} disable trigger user")
    connection.execute(statement, values)
    connection.execute(f"alter table {table} enable trigger user")
    for _, definition in later:
        connection.execute(definition)
    connection.execute(f"vacuum analyze {table}")
