-- The accounts that bear a number, as their main number or another.
-- needs: joins
select n.number, a.id as account, a.institution, a.observed
from asked_numbers q
join numbers n on n.number = q.number
join accounts a on a.id = n.account
