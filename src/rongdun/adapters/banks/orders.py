"""What the adapter needs of the desks: the instruction behind an application, and somebody who takes replies."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rongdun.domains.exchange import Instruction, Reply
from rongdun.runtime.uow import Uow


class Orders(Protocol):
    """The desk whose orders go to institutions."""

    def instructions_for(self, uow: Uow, application_ids: Sequence[str]) -> Mapping[str, Instruction]:
        """Return what institutions are told under ``application_ids``; an id that is unknown is left out."""
        ...

    def receive(self, uow: Uow, reply: Reply) -> str:
        """Let a reply have its effect, once for each institution and message id; return which it had."""
        ...


def the_orders() -> Orders:
    """Return the desk for stops, queries and freezes."""
    from rongdun.domains import stop_payment

    return stop_payment
