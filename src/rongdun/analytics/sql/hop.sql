-- One tier on: the earliest arrival in each account and of each victim from the accounts reached last.
-- A transfer counts from the moment the victim's money is there (equal times too) until the victim's last moment.
-- needs: joins, grouping
select t.payee as account, f.victim, min(t.moment) as arrival
from frontier f
join deadlines d on d.victim = f.victim
join transfers t on t.payer = f.account and t.moment >= f.arrival and t.moment <= d.deadline
where t.ending = 0 and t.payee >= 0
group by t.payee, f.victim
