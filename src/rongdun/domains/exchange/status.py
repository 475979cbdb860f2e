"""Asking an institution what became of an instruction, where its wire profile has a message for that."""

from datetime import date

from rongdun.domains.exchange import store
from rongdun.domains.exchange.model import Institution
from rongdun.domains.exchange.store_days import CHANNEL, STATUS
from rongdun.runtime.outbox import send
from rongdun.runtime.uow import Uow


def ask_status(uow: Uow, sender: Institution, application_id: str, day: date) -> bool:
    """Ask what became of an instruction that was sent to ``sender``; at most once a day. Tell whether it was asked.

    Nothing is asked where the institution's profile cannot, or where no such instruction went out.
    """
    found = store.messages_of(uow.session, uow.actor.scope, [application_id])
    if not sender.asks_status or not found:
        return False
    (sent,) = found
    send(
        uow,
        channel=CHANNEL,
        kind=STATUS,
        payload={"instruction": application_id},
        idempotency_key=f"{STATUS}:{application_id}:{day.isoformat()}",
        unit_path=sent.unit_path,
        partner_path=sent.partner_path,
    )
    return True
