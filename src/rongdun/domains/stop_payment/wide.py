"""Seeing beyond one's own scope, for as long as a rule of law needs it: counting, and taking answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from rongdun.kernel.errors import DomainError
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import set_scope
from rongdun.runtime.uow import Uow

EVERYTHING = Scope.everything()


@contextmanager
def everything(uow: Uow) -> Iterator[Scope]:
    """Let the block reach every row, in the name of whoever acts; then their own scope holds again.

    For what the law counts across units (stops by one organ) and for answers, which belong to whoever sent the order.
    """
    set_scope(uow.session, EVERYTHING, actor_id=uow.actor.user_id)
    try:
        yield EVERYTHING
        uow.session.flush()
    except DomainError:
        _narrow(uow)
        raise
    _narrow(uow)


def _narrow(uow: Uow) -> None:
    set_scope(uow.session, uow.actor.scope, actor_id=uow.actor.user_id)
