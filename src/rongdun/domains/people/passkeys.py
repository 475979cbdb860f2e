"""Passkeys: a device proves itself and has verified its owner, so one stands for both factors."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from webauthn.helpers import bytes_to_base64url, generate_challenge

from rongdun.domains.people import ceremonies, guard, sessions, sign_in, store_auth, store_factors
from rongdun.domains.people import passkey_proofs as proofs
from rongdun.domains.people.access_rules import access_rules
from rongdun.domains.people.errors_auth import FactorState, PasskeyNotAdded, PasskeyRefused
from rongdun.domains.people.model import Ceremony, Passkey, User
from rongdun.domains.people.passkey_proofs import Credential, KnownKey, Options, Owner, bytes_of, party_of
from rongdun.domains.people.sessions import Visitor
from rongdun.domains.people.sign_in import Step
from rongdun.kernel.errors import NotFound, Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow

MOST = 20
_TOO_MANY = Text("通行密钥数量已达上限", "You have as many passkeys as an account may hold")
_REMOVE_ONE = Text("请先删除不用的通行密钥", "Remove one you no longer use first")


class Begun(NamedTuple):
    """What the browser is to ask its authenticator, and the id of the ceremony for its cookie."""

    options: Options
    ceremony: str


def begin_registration(uow: Uow) -> Begun:
    """Ask the actor's browser for a new passkey; :class:`PasskeysUnavailable`, :class:`FactorState`."""
    party, user = party_of(uow.settings), _oneself(uow)
    known = store_factors.passkeys_of(uow.session, user.id)
    if len(known) >= MOST:
        raise FactorState(_TOO_MANY, action=_REMOVE_ONE)
    challenge = generate_challenge()
    owner = Owner(user.id.bytes, user.login, user.name, [row.credential_id for row in known])
    guard.see_all(uow)
    ceremony = ceremonies.begin(uow, ceremonies.REGISTER, bytes_to_base64url(challenge), user_id=user.id)
    return Begun(proofs.creation_options(party, owner, challenge), ceremony)


def finish_registration(uow: Uow, cookie: str, *, name: str, credential: Credential) -> Passkey:
    """Keep the new passkey under ``name``; :class:`PasskeyNotAdded` when the answer does not hold or is late."""
    party, user = party_of(uow.settings), _oneself(uow)
    guard.see_all(uow)
    ceremony = ceremonies.take(uow, ceremonies.REGISTER, cookie)
    if ceremony is None or ceremony.user_id != user.id:
        raise PasskeyNotAdded
    made = proofs.new_key(party, bytes_of(ceremony.secret), credential)
    if made is None or store_factors.is_known_credential(uow.session, made.credential_id):
        raise PasskeyNotAdded
    row = Passkey(id=new_id(), user_id=user.id, name=name, created_at=uow.now, **made._asdict())
    uow.session.add(row)
    uow.record("auth.passkey_added", _subject(row), unit_path=user.unit_path)
    return row


def begin_login(uow: Uow) -> Begun:
    """Ask the browser at the door for a passkey of this centre, whoever's it is."""
    party = party_of(uow.settings)
    guard.see_all(uow)
    guard.must_not_be_blocked(uow, access_rules(uow))
    challenge = generate_challenge()
    ceremony = ceremonies.begin(uow, ceremonies.LOGIN, bytes_to_base64url(challenge))
    return Begun(proofs.request_options(party, challenge), ceremony)


def finish_login(uow: Uow, visitor: Visitor, cookie: str, *, credential: Credential) -> Step:
    """Let the owner of the passkey in; raises :class:`PasskeyRefused`, :class:`AccountDisabled`.

    A lock after wrong passwords does not stand in the way: a signature cannot be guessed, and whoever guesses
    passwords must not shut officers out.
    """
    guard.see_all(uow)
    guard.must_not_be_blocked(uow, access_rules(uow))
    ceremony = ceremonies.take(uow, ceremonies.LOGIN, cookie)
    user = _proven_owner(uow, ceremony, credential)
    sign_in.must_be_enabled(uow, user)
    row, _ = sessions.open_session(uow, user, visitor, stage=store_auth.SECOND_FACTOR)
    return sign_in.let_in(uow, user, row, by="passkey", owes_password=False)


def own(uow: Uow) -> Sequence[Passkey]:
    """Return the actor's passkeys, the oldest first."""
    assert uow.actor.user_id is not None, "only somebody signed in gets here"
    return store_factors.passkeys_of(uow.session, uow.actor.user_id)


def remove(uow: Uow, passkey_id: UUID) -> None:
    """Give up one of the actor's passkeys; :class:`NotFound` when it is not theirs."""
    assert uow.actor.user_id is not None, "only somebody signed in gets here"
    row = store_factors.find_passkey(uow.session, uow.actor.user_id, passkey_id)
    if row is None:
        raise NotFound
    uow.session.delete(row)
    uow.record("auth.passkey_removed", _subject(row))


def _proven_owner(uow: Uow, ceremony: Ceremony | None, credential: Credential) -> User:
    """Return whose passkey has answered the ceremony, and note how often it has signed."""
    party = party_of(uow.settings)
    found = store_factors.lock_passkey(uow.session, bytes_of(str(credential["rawId"])))
    if ceremony is None or found is None:
        raise _refused(uow, None)
    passkey, user = found
    known = KnownKey(user.id.bytes, passkey.public_key, passkey.sign_count)
    count = proofs.proven_count(party, bytes_of(ceremony.secret), known, credential)
    if count is None:
        raise _refused(uow, passkey, user)
    passkey.sign_count = count
    passkey.last_used_at = uow.now
    return user


def _refused(uow: Uow, passkey: Passkey | None, user: User | None = None) -> PasskeyRefused:
    guard.note_attempt(uow)
    subject = _subject(passkey) if passkey else SubjectRef("passkey", "unknown")
    uow.record("auth.passkey_refused", subject, unit_path=user.unit_path if user else "")
    return PasskeyRefused()


def _oneself(uow: Uow) -> User:
    assert uow.actor.user_id is not None, "only somebody signed in gets here"
    return store_auth.lock_user(uow.session, uow.actor.user_id)


def _subject(row: Passkey) -> SubjectRef:
    return SubjectRef("passkey", str(row.id), row.name)
