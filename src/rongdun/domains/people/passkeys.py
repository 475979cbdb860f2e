"""Passkeys (WebAuthn level 2): a device proves itself and has verified its owner, so one stands for both factors."""

import ipaddress
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import bytes_to_base64url, generate_challenge
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from rongdun.domains.people import ceremonies, guard, sessions, sign_in, store_auth, store_factors
from rongdun.domains.people.access_rules import access_rules
from rongdun.domains.people.errors_auth import (
    FactorState,
    PasskeyNotAdded,
    PasskeyRefused,
    PasskeysUnavailable,
)
from rongdun.domains.people.model import Ceremony, Passkey, User
from rongdun.domains.people.sessions import Visitor
from rongdun.domains.people.sign_in import Step
from rongdun.kernel.errors import NotFound, Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

RP_NAME = "榕盾 Rongdun"
MOST = 20
_TIMEOUT_MS = 120_000
_BAD_ANSWER = (WebAuthnException, ValueError, KeyError, TypeError, IndexError)
"""What the library raises for answers that do not hold, and for bytes that are none."""

_TOO_MANY = Text("通行密钥数量已达上限", "You have as many passkeys as an account may hold")
_REMOVE_ONE = Text("请先删除不用的通行密钥", "Remove one you no longer use first")


class Begun(NamedTuple):
    """What the browser is to ask its authenticator, and the id of the ceremony for its cookie."""

    options: dict[str, Any]
    ceremony: str


class Party(NamedTuple):
    """Under which name browsers know this centre."""

    id: str
    origin: str


def available(settings: Settings) -> bool:
    """Tell whether browsers offer passkeys at the centre's address: a name, over TLS or on this machine."""
    address = urlsplit(settings.public_url)
    return address.hostname == "localhost" or (address.scheme == "https" and not _is_number(address.hostname))


def begin_registration(uow: Uow) -> Begun:
    """Ask the actor's browser for a new passkey; :class:`PasskeysUnavailable`, :class:`FactorState`."""
    party, user = _party(uow.settings), _oneself(uow)
    known = store_factors.passkeys_of(uow.session, user.id)
    if len(known) >= MOST:
        raise FactorState(_TOO_MANY, action=_REMOVE_ONE)
    challenge = generate_challenge()
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=RP_NAME,
        user_id=user.id.bytes,
        user_name=user.login,
        user_display_name=user.name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=row.credential_id) for row in known],
    )
    guard.see_all(uow)
    secret = bytes_to_base64url(challenge)
    return Begun(_plain(options), ceremonies.begin(uow, ceremonies.REGISTER, secret, user_id=user.id))


def finish_registration(uow: Uow, cookie: str, *, name: str, credential: Mapping[str, Any]) -> Passkey:
    """Keep the new passkey under ``name``; :class:`PasskeyNotAdded` when the answer does not hold or is late."""
    party, user = _party(uow.settings), _oneself(uow)
    guard.see_all(uow)
    ceremony = ceremonies.take(uow, ceremonies.REGISTER, cookie)
    if ceremony is None or ceremony.user_id != user.id:
        raise PasskeyNotAdded
    found = _registered(party, ceremony, credential)
    if found is None or store_factors.is_known_credential(uow.session, found.credential_id):
        raise PasskeyNotAdded
    row = Passkey(
        id=new_id(),
        user_id=user.id,
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        name=name,
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.record("auth.passkey_added", _subject(row), unit_path=user.unit_path)
    return row


def begin_login(uow: Uow) -> Begun:
    """Ask the browser at the door for a passkey of this centre, whoever's it is."""
    party = _party(uow.settings)
    guard.see_all(uow)
    guard.must_not_be_blocked(uow, access_rules(uow))
    challenge = generate_challenge()
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    secret = bytes_to_base64url(challenge)
    return Begun(_plain(options), ceremonies.begin(uow, ceremonies.LOGIN, secret))


def finish_login(uow: Uow, visitor: Visitor, cookie: str, *, credential: Mapping[str, Any]) -> Step:
    """Let the owner of the passkey in; raises :class:`PasskeyRefused`, :class:`AccountDisabled`.

    A lock after wrong passwords does not stand in the way: a signature cannot be guessed, and whoever guesses
    passwords must not shut officers out.
    """
    party = _party(uow.settings)
    guard.see_all(uow)
    guard.must_not_be_blocked(uow, access_rules(uow))
    ceremony = ceremonies.take(uow, ceremonies.LOGIN, cookie)
    found = store_factors.lock_passkey(uow.session, _bytes(credential.get("rawId")))
    if ceremony is None or found is None:
        raise _refused(uow, None)
    passkey, user = found
    proof = _proof(party, ceremony, passkey, credential)
    if proof is None:
        raise _refused(uow, passkey, user)
    sign_in.must_be_enabled(uow, user)
    passkey.sign_count = proof.new_sign_count
    passkey.last_used_at = uow.now
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


def _registered(
    party: Party, ceremony: Ceremony, credential: Mapping[str, Any]
) -> VerifiedRegistration | None:
    try:
        return verify_registration_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(ceremony.secret),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _BAD_ANSWER:
        return None


def _proof(
    party: Party, ceremony: Ceremony, passkey: Passkey, credential: Mapping[str, Any]
) -> VerifiedAuthentication | None:
    """Return what the device proved; a counter that does not grow is a copy of the device, and proves nothing."""
    handle = credential["response"].get("userHandle")
    if handle is not None and _bytes(handle) != passkey.user_id.bytes:
        return None
    try:
        return verify_authentication_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(ceremony.secret),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _BAD_ANSWER:
        return None


def _refused(uow: Uow, passkey: Passkey | None, user: User | None = None) -> PasskeyRefused:
    guard.note_attempt(uow)
    subject = _subject(passkey) if passkey else SubjectRef("passkey", "unknown")
    uow.record("auth.passkey_refused", subject, unit_path=user.unit_path if user else "")
    return PasskeyRefused()


def _party(settings: Settings) -> Party:
    if not available(settings):
        raise PasskeysUnavailable
    address = urlsplit(settings.public_url)
    return Party(address.hostname or "", f"{address.scheme}://{address.netloc}")


def _oneself(uow: Uow) -> User:
    assert uow.actor.user_id is not None, "only somebody signed in gets here"
    return store_auth.lock_user(uow.session, uow.actor.user_id)


def _subject(row: Passkey) -> SubjectRef:
    return SubjectRef("passkey", str(row.id), row.name)


def _plain(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def _bytes(text: Any) -> bytes:
    try:
        return base64url_to_bytes(str(text))
    except ValueError:
        return b""


def _is_number(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return not host
    return True
