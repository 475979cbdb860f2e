"""What the worker does with orders: what the clock ends, what comes next, statements into the ledger."""

from datetime import timedelta
from uuid import UUID

from rongdun.runtime.jobs import Job, Work


def _sweep(work: Work) -> None:
    from rongdun.domains.stop_payment.sweeping import sweep

    sweep(work)


def _import(work: Work, statement_id: str) -> None:
    from rongdun.domains.stop_payment import store
    from rongdun.domains.stop_payment.receiving import body_of
    from rongdun.domains.stop_payment.statements import defer_for, import_rows

    with work.transact() as uow:
        scope = uow.actor.scope
        kept = store.lock_statement(uow.session, scope, UUID(statement_id))
        if kept is None or kept.state != "WAITING":
            return
        order = store.lock_order(uow.session, scope, kept.order_id)
        reply = store.reply_body(uow.session, scope, kept.reply_id)
        if order is None or reply is None:
            return
        import_rows(uow, order, kept, body_of(uow, reply))
        if kept.state == "IMPORTING":
            defer_for(uow, RETRACE, kept.id, at=uow.now + timedelta(seconds=1))


def _retrace(work: Work, statement_id: str) -> None:
    from rongdun.domains.stop_payment.retracing import retrace

    retrace(work, UUID(statement_id))


def _learn(work: Work) -> None:
    from rongdun.domains.stop_payment.learning import learn

    learn(work)


SWEEP = Job("stop_payment.sweep", _sweep, cron="* * * * *", attempts=1)
"""Every minute: stops and freezes whose term is over, banks that stayed silent, drafts of what comes next."""

IMPORT = Job("stop_payment.import_statement", _import)
"""Hands the statement of an answer to the ledger."""

RETRACE = Job("stop_payment.retrace", _retrace)
"""Once a statement is in the ledger, computes the traces it bears on."""

LEARN = Job("stop_payment.learn_advice", _learn, cron="20 19 * * *")
"""Every night (03:20 in Shanghai): what closed cases teach advice; of one transaction, so a killed one left nothing."""

JOBS = (SWEEP, IMPORT, RETRACE, LEARN)
