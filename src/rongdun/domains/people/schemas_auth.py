"""Shapes of the endpoints of signing in; ``web/src/api/types/auth.ts`` says the same."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from rongdun.domains.people.schemas import Number, UnitRef, Version, Words


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("含有不可见字符 / holds unprintable characters")
    return text


Login = Annotated[str, Field(min_length=1, max_length=100)]
Password = Annotated[str, Field(min_length=1, max_length=1024)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
KeyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), AfterValidator(_plain)
]
Encoded = Annotated[str, Field(max_length=16_384, pattern=r"^[A-Za-z0-9_-]*$")]
"""Bytes as base64url without padding."""

State = Literal["signed_in", "second_factor_needed", "password_change_needed"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LoginIn(_In):
    """Login and password; the login in any case."""

    login: Login
    password: Password


class CodeIn(_In):
    """A code of an authenticator, or a recovery code; spaces and dashes do not matter."""

    code: Code


class PasswordIn(_In):
    """The present password and the one to come."""

    current: Password
    new: Password


class OwnPasswordIn(_In):
    """One's password, asked for again."""

    password: Password


class Assertion(BaseModel):
    """What an authenticator signed (AuthenticatorAssertionResponse)."""

    client_data_json: Encoded = Field(alias="clientDataJSON")
    authenticator_data: Encoded = Field(alias="authenticatorData")
    signature: Encoded
    user_handle: Encoded | None = Field(default=None, alias="userHandle")


class Attestation(BaseModel):
    """What an authenticator made (AuthenticatorAttestationResponse)."""

    client_data_json: Encoded = Field(alias="clientDataJSON")
    attestation_object: Encoded = Field(alias="attestationObject")


class AssertionCredential(BaseModel):
    """An answer of ``navigator.credentials.get``."""

    id: Encoded
    raw_id: Encoded = Field(alias="rawId")
    type: Literal["public-key"]
    response: Assertion


class AttestationCredential(BaseModel):
    """An answer of ``navigator.credentials.create``."""

    id: Encoded
    raw_id: Encoded = Field(alias="rawId")
    type: Literal["public-key"]
    response: Attestation


class PasskeyLoginIn(_In):
    """The passkey's answer to the sign-in's question."""

    credential: AssertionCredential


class PasskeyRegisterIn(_In):
    """The new passkey, under a name its owner will recognise."""

    name: KeyName
    credential: AttestationCredential


class MyUser(BaseModel):
    """Oneself."""

    id: UUID
    login: str
    name: str
    unit: UnitRef | None


class OwnNumbersOut(BaseModel):
    """One's own numbers of the service, masked; ``not_on_orders``: those instructions to banks go without."""

    police_number: str | None
    work_phone: str | None
    not_on_orders: list[str]
    version: int


class WorkPhoneIn(_In):
    """One's own work phone, on the version one has seen; an empty one removes it."""

    version: Version
    work_phone: Number


class SecondFactor(BaseModel):
    """What one can sign in with besides a password."""

    totp: bool
    passkeys: int


class MeOut(BaseModel):
    """Who is signed in, what they may do, and the token their pages send with every change.

    ``desk`` is where they land: the desk of the first of their roles in the table of roles.
    """

    user: MyUser
    roles: list[str]
    permissions: list[str]
    desk: str
    csrf: str
    demo: bool
    second_factor: SecondFactor
    session_expires_at: datetime


class SignInOut(BaseModel):
    """How far a sign-in has come; ``me`` once it is complete."""

    state: State
    me: MeOut | None


class DemoAccountOut(BaseModel):
    """An account of the demonstration."""

    login: str
    password: str
    name: str
    role: str
    role_name: Words
    unit: Words


class OidcOut(BaseModel):
    """Whether one can sign in through another system, and what it is called."""

    enabled: bool
    label: str


class OptionsOut(BaseModel):
    """The ways in; accounts only in a demonstration."""

    demo: bool
    demo_accounts: list[DemoAccountOut]
    oidc: OidcOut
    passkeys: bool


class SessionOut(BaseModel):
    """An open session; ``current`` is the one that asks."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ip: str
    user_agent: str
    current: bool


class TotpOut(BaseModel):
    """A fresh secret: in letters, as an address, and as a picture for the authenticator's camera."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodesOut(BaseModel):
    """Codes for a lost authenticator, shown this once."""

    recovery_codes: list[str]


class PasskeyOut(BaseModel):
    """A passkey."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


CeremonyOptions = dict[str, JsonValue]
"""Options of WebAuthn as JSON, bytes as base64url: PublicKeyCredentialCreationOptionsJSON and its sister."""
