"""The one composition root: settings in, a working centre out; and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rongdun.kernel.clock import Clock, SystemClock
from rongdun.kernel.errors import DomainError
from rongdun.kernel.scope import SYSTEM, Actor
from rongdun.runtime.db import Database
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow
from rongdun.runtime.web import Authenticator

if TYPE_CHECKING:
    from rongdun.domains.people import OfferedAccount


class Centre:
    """A running centre: its services, how it authenticates, and its transactions."""

    def __init__(self, services: Services, authenticate: Authenticator) -> None:
        self.services = services
        self.authenticate = authenticate

    @contextmanager
    def transact(self, actor: Actor = SYSTEM) -> Iterator[Uow]:
        """Run one transaction as ``actor``; commit on leaving, roll back on an error.

        A refusal that says ``keeps_changes`` (a failed sign-in) is committed before it is raised.
        """
        with self.services.database.session(actor.scope, actor_id=actor.user_id) as session:
            uow = Uow(session, self.services, self.services.clock.now(), actor)
            try:
                yield uow
            except DomainError as error:
                if error.keeps_changes:
                    _commit(uow)
                raise
            _commit(uow)

    def recheck(self, actor: Actor) -> Actor | None:
        """Return ``actor`` as they are now, or None when their session is over."""
        from rongdun.domains.people import recheck

        with self.transact() as uow:
            return recheck(uow, actor)

    def close(self) -> None:
        """Let go of the database."""
        self.services.database.close()


def _commit(uow: Uow) -> None:
    uow.finish()
    uow.session.commit()


def build(settings: Settings, *, app_dsn: str, clock: Clock | None = None) -> Centre:
    """Compose a centre on the database at ``app_dsn`` (the application role's connection string)."""
    from rongdun.domains.people import authenticate, offer_accounts
    from rongdun.runtime.audit import write_entries
    from rongdun.runtime.crypto import open_vault
    from rongdun.runtime.live import write_signals

    database = Database(app_dsn, pool=settings.db_pool)
    services = Services(
        settings=settings,
        database=database,
        clock=clock or SystemClock(),
        vault=open_vault(settings, database),
        before_commit=(write_entries, write_signals),
    )
    if settings.demo:
        offer_accounts(_demo_accounts)
    return Centre(services, authenticate)


def _demo_accounts() -> "list[OfferedAccount]":
    from rongdun.domains.people import OfferedAccount
    from rongdun.simulation.demo_city import demo_city

    city = demo_city()
    names = {unit.path: unit.name for unit in city.units}
    return [
        OfferedAccount(user.login, city.password, user.name.zh, user.roles[0], names[user.unit])
        for user in city.users
    ]
