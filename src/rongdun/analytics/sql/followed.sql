-- Of the arrivals those in accounts where money is followed, as far as they are earlier than what is known.
-- Followed: observed, of no kind at which money ends, and no hub: by word for this case, else by kind, else busy.
-- needs: joins, grouping, common table expressions
select r.account, r.victim, min(r.arrival) as arrival
from arrivals r
join accounts a on a.id = r.account
join kinds k on k.kind = a.kind
left join named n on n.account = r.account
left join states s on s.account = r.account and s.victim = r.victim
where a.observed
  and not k.ends
  and coalesce(n.follow, not k.stops and a.degree <= :most)
  and (s.arrival is null or r.arrival < s.arrival)
group by r.account, r.victim
