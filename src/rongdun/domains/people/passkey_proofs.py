"""What browsers and devices are asked, and whether what they answer holds (WebAuthn level 2). No row is read here."""

import ipaddress
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rongdun.domains.people.errors_auth import PasskeysUnavailable
from rongdun.runtime.settings import Settings

NAME = "榕盾 Rongdun"
_TIMEOUT_MS = 120_000
_BAD_ANSWER = (WebAuthnException, ValueError, KeyError, TypeError, IndexError)
"""What the library raises for answers that do not hold, and for bytes that are none."""

_VERIFIED = UserVerificationRequirement.REQUIRED
"""The device has asked its owner for a PIN or a finger: that is the second factor."""

Options = dict[str, Any]
Credential = Mapping[str, Any]


class Party(NamedTuple):
    """Under which name browsers know this centre."""

    id: str
    origin: str


class Owner(NamedTuple):
    """Whom a new passkey is for, and the credentials they have already."""

    handle: bytes
    login: str
    name: str
    credentials: Iterable[bytes]


class NewKey(NamedTuple):
    """What a device made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


class KnownKey(NamedTuple):
    """What is kept of a passkey, as a proof is checked against it."""

    handle: bytes
    public_key: bytes
    sign_count: int


def available(settings: Settings) -> bool:
    """Tell whether browsers offer passkeys at the centre's address: a name, over TLS or on this machine."""
    address = urlsplit(settings.public_url)
    return address.hostname == "localhost" or (address.scheme == "https" and not _is_number(address.hostname))


def party_of(settings: Settings) -> Party:
    """Return how browsers know this centre; :class:`PasskeysUnavailable` where they offer no passkeys."""
    if not available(settings):
        raise PasskeysUnavailable
    address = urlsplit(settings.public_url)
    return Party(address.hostname or "", f"{address.scheme}://{address.netloc}")


def creation_options(party: Party, owner: Owner, challenge: bytes) -> Options:
    """Return what a browser is to ask a device for: a key that knows its owner, and verifies them."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=NAME,
        user_id=owner.handle,
        user_name=owner.login,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in owner.credentials],
    )
    return _plain(options)


def request_options(party: Party, challenge: bytes) -> Options:
    """Return what a browser is to ask any device that holds a passkey of this centre."""
    options = generate_authentication_options(
        rp_id=party.id, challenge=challenge, timeout=_TIMEOUT_MS, user_verification=_VERIFIED
    )
    return _plain(options)


def new_key(party: Party, challenge: bytes, credential: Credential) -> NewKey | None:
    """Return the key a device made, or None when its answer does not hold."""
    try:
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _BAD_ANSWER:
        return None
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def proven_count(party: Party, challenge: bytes, key: KnownKey, credential: Credential) -> int | None:
    """Return how often the device has signed by now, or None when its proof does not hold.

    A count that does not grow is that of a copy of the device, and proves nothing.
    """
    handle = credential["response"].get("userHandle")
    if handle is not None and bytes_of(handle) != key.handle:
        return None
    try:
        found = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _BAD_ANSWER:
        return None
    return found.new_sign_count


def bytes_of(text: str) -> bytes:
    """Return the bytes of base64url text; of any other text, none."""
    try:
        return base64url_to_bytes(text)
    except ValueError:
        return b""


def _plain(options: Any) -> Options:
    found: Options = json.loads(options_to_json(options))
    return found


def _is_number(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return not host
    return True
