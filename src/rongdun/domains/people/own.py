"""One's own numbers of the service: seen by oneself, and the work phone entered by oneself.

The police number is entered by whoever manages users: it stands for an officer on legal instructions, and nobody
vouches for their own.
"""

from rongdun.domains.people import store
from rongdun.domains.people.model import User
from rongdun.domains.people.numbers import masked_number, numbers_wrong, put_number, read_number
from rongdun.domains.people.users import tell, touch
from rongdun.kernel.errors import Invalid, NotFound, StaleVersion
from rongdun.runtime.uow import Uow


def own(uow: Uow) -> User:
    """Return the actor's own row."""
    found = store.find_user(uow.session, uow.actor.scope, uow.actor.user_id) if uow.actor.user_id else None
    if found is None:
        raise NotFound
    return found.user


def set_work_phone(uow: Uow, *, version: int, number: str) -> User:
    """Enter one's own work phone; an empty text removes it.

    Raises :class:`Invalid` at ``work_phone``, :class:`StaleVersion`.
    """
    assert uow.actor.user_id is not None, "only somebody signed in gets here"
    user = store.lock_user(uow.session, uow.actor.scope, uow.actor.user_id)
    if user is None:
        raise NotFound
    if user.version != version:
        raise StaleVersion.between(current={}, yours={}, version=user.version)
    wrong = numbers_wrong(uow, "work_phone", number)
    if wrong:
        raise Invalid(fields=wrong)
    before, blind = masked_number(uow.vault, user, "work_phone"), user.work_phone_blind
    put_number(uow.vault, user, "work_phone", read_number(uow, "work_phone", number))
    if user.work_phone_blind != blind:
        touch(uow, user)
        after = masked_number(uow.vault, user, "work_phone")
        tell(uow, user, "user.update", before={"work_phone": before}, after={"work_phone": after})
    return user
