-- What each touched account held just before its first arrival, and whether its own balance column says so.
-- Known: the last level before the arrival (else the first) and what moved since in its own book, with others' rows
-- where that book does not reach. Assumed: the least with which no moment of its whole history ends below zero.
-- needs: joins, grouping, union all, common table expressions, running sums
with moved as (
  select p.account, p.arrival, t.moment, -t.amount_fen as fen, t.books in (1, 3) as own_book
  from transfers t
  join touched p on p.account = t.payer
  union all
  select p.account, p.arrival, t.moment, t.amount_fen as fen, t.books in (2, 3) as own_book
  from transfers t
  join touched p on p.account = t.payee
),
moments as (
  select account, arrival, moment, cast(sum(fen) as bigint) as net
  from moved
  group by account, arrival, moment
),
running as (
  select account, arrival, moment, net, sum(net) over (partition by account order by moment) as held
  from moments
),
assumed as (
  select
    account,
    cast(least(0, min(held)) as bigint) as lowest,
    cast(sum(case when moment < arrival then net else 0 end) as bigint) as held_before
  from running
  group by account
),
since_level as (
  select
    m.account,
    cast(sum(
      case
        when m.own_book and m.moment < m.arrival then m.fen
        when not m.own_book and m.moment >= m.arrival and m.moment < a.first_moment then -m.fen
        when not m.own_book and m.moment > a.last_moment and m.moment < m.arrival then m.fen
        else 0
      end
    ) as bigint) as fen
  from moved m
  join accounts a on a.id = m.account
  group by m.account
),
picked as (
  select
    p.account,
    coalesce(max(case when v.moment < p.arrival then v.ordinal end), min(v.ordinal)) as ordinal
  from touched p
  join levels v on v.account = p.account
  group by p.account
),
level_told as (
  select k.account, v.fen
  from picked k
  join levels v on v.account = k.account and v.ordinal = k.ordinal
)
select
  p.account,
  p.arrival,
  case
    when l.account is null then coalesce(z.held_before, 0) - coalesce(z.lowest, 0)
    else greatest(0, l.fen + coalesce(s.fen, 0))
  end as opening_fen,
  l.account is not null as known
from touched p
left join assumed z on z.account = p.account
left join since_level s on s.account = p.account
left join level_told l on l.account = p.account
