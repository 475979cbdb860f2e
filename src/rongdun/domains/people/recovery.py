"""Recovery codes: shown once, kept as hashes, each good for one sign-in without the authenticator."""

import hashlib
import secrets
from collections.abc import Sequence

from rongdun.domains.people import store_factors
from rongdun.domains.people.model import RecoveryCode, User
from rongdun.kernel.ids import new_id
from rongdun.runtime.uow import Uow

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike; sixteen of them are 79 bits, too many to be guessed from a hash."""

_LENGTH, _GROUP = 16, 4


def renew(uow: Uow, user: User, *, count: int) -> Sequence[str]:
    """Replace the recovery codes of ``user`` by ``count`` new ones and return them, for the one time they are shown."""
    store_factors.delete_codes(uow.session, user.id)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(count)]
    uow.session.add_all(
        RecoveryCode(id=new_id(), user_id=user.id, code_hash=_hash(code), created_at=uow.now)
        for code in codes
    )
    return ["-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP)) for code in codes]


def spend(uow: Uow, user: User, code: str) -> bool:
    """Tell whether ``code`` is an unused recovery code of ``user``, and use it up."""
    found = store_factors.unused_code(uow.session, user.id, _hash(code))
    if found is None:
        return False
    found.used_at = uow.now
    uow.session.flush()
    left = store_factors.count_unused_codes(uow.session, user.id)
    uow.record("auth.recovery_code_used", user.reference, unit_path=user.unit_path, after={"left": left})
    return True


def _hash(code: str) -> bytes:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogateescape")).digest()
