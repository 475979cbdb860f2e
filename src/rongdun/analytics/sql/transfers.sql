-- Every transfer in or out of a touched account from its first arrival to :as_of, and what arrives in watched
-- accounts; each once: by its payer where that one is touched by then, else by its payee.
-- needs: joins, union all
select t.row_no, t.payer, t.payee, t.amount_fen, t.moment, t.ending, t.refund, t.books, t.payer_place, t.payee_place
from transfers t
join touched p on p.account = t.payer and t.moment >= p.arrival
where t.moment <= :as_of
union all
select t.row_no, t.payer, t.payee, t.amount_fen, t.moment, t.ending, t.refund, t.books, t.payer_place, t.payee_place
from transfers t
join touched q on q.account = t.payee and t.moment >= q.arrival
left join touched p on p.account = t.payer and t.moment >= p.arrival
where t.moment <= :as_of and p.account is null
union all
select t.row_no, t.payer, t.payee, t.amount_fen, t.moment, t.ending, t.refund, t.books, t.payer_place, t.payee_place
from transfers t
join watched w on w.account = t.payee and t.moment >= w.begins and t.moment <= w.ends
left join touched p on p.account = t.payer and t.moment >= p.arrival
where p.account is null
