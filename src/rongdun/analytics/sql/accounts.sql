-- The accounts named in wanted.
-- needs: joins
select a.id, a.institution, a.number, a.name, a.kind, a.observed, a.degree, a.last_moment
from accounts a
join wanted w on w.account = a.id
