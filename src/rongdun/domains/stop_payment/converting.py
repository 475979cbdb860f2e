"""A freeze in force takes the place of the stop it was made from: the stop is lifted, and with it what exceeds the cap.

A stop holds the whole account (银发〔2016〕86号: it may receive, not pay), a capped freeze only what the case is about;
what exceeds the cap has nothing to do with the case and is let go at once (公安机关办理刑事案件程序规定(2020)第247条).
The lifting (100103) goes out in the transaction that takes the bank's word that the money is frozen, never before, so
that it cannot slip out between the two. A freeze that stands in line, is refused or unanswered leaves the stop alone.

A stop is lifted behind a freeze of the whole account too: that frees nobody's money, and a freeze that is lifted within
the 48 hours leaves no stop at the bank that no desk knows of any more.
"""

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.following import lift_converted
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.moves import by_system
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.domains.stop_payment.rules_freeze import HELD
from rongdun.domains.stop_payment.wide import EVERYTHING, everything
from rongdun.runtime.uow import Uow


def take_over(uow: Uow, freeze: Order) -> None:
    """Let a freeze whose answer has just been taken in replace the stop it was made from, if both hold money."""
    if freeze.from_order is None or freeze.state not in HELD:
        return
    with everything(uow):
        stop = store.lock_order(uow.session, EVERYTHING, freeze.from_order)
        if stop is not None and stop.kind == "stop" and stop.state in HOLDING:
            _convert(uow, stop, freeze)


def taken_over_meanwhile(uow: Uow, stop: Order) -> None:
    """Let a stop whose answer came after that of its freeze give way to it at once.

    The locked stop orders the two: whichever answer is taken in second finds what the first one did.
    """
    with everything(uow) as scope:
        there = store.following(uow.session, scope, stop.id)
        freeze = next((one for one in there if one.kind == "freeze" and one.state in HELD), None)
        if freeze is not None and stop.state in HOLDING:
            _convert(uow, stop, freeze)


def _convert(uow: Uow, stop: Order, freeze: Order) -> None:
    by_system(uow, stop, "convert", detail={"freeze": freeze.number})
    lift_converted(uow, stop, freeze)
