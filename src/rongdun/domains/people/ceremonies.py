"""Half-finished ways in: begun here, answered once by a device or another system, within minutes."""

from datetime import timedelta
from uuid import UUID

from rongdun.domains.people import store_factors
from rongdun.domains.people.model import Ceremony
from rongdun.domains.people.visitor import CEREMONY_S
from rongdun.kernel.ids import new_id
from rongdun.runtime.uow import Uow

REGISTER = "passkey_register"
LOGIN = "passkey_login"
OIDC = "oidc"


def begin(uow: Uow, kind: str, secret: str, *, user_id: UUID | None = None) -> str:
    """Keep what the answer must fit; return the id that the browser's cookie carries."""
    row = Ceremony(
        id=new_id(),
        user_id=user_id,
        kind=kind,
        secret=secret,
        expires_at=uow.now + timedelta(seconds=CEREMONY_S),
    )
    uow.session.add(row)
    return str(row.id)


def peek(uow: Uow, kind: str, cookie: str) -> Ceremony | None:
    """Return the ceremony this browser began, leaving it open."""
    ceremony_id = _id_of(cookie)
    if ceremony_id is None:
        return None
    return store_factors.find_ceremony(uow.session, ceremony_id, kind, now=uow.now)


def take(uow: Uow, kind: str, cookie: str) -> Ceremony | None:
    """Return the ceremony this browser began and close it, whatever comes of the answer."""
    ceremony_id = _id_of(cookie)
    if ceremony_id is None:
        return None
    return store_factors.take_ceremony(uow.session, ceremony_id, kind, now=uow.now)


def _id_of(cookie: str) -> UUID | None:
    try:
        return UUID(cookie)
    except ValueError:
        return None
