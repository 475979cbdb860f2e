"""What the sign-in pages show of rows."""

from collections.abc import Iterable

from rongdun.domains.people import store_auth
from rongdun.domains.people.demo_accounts import OfferedAccount, offered_accounts
from rongdun.domains.people.model import Passkey, SignInSession
from rongdun.domains.people.oidc import enabled
from rongdun.domains.people.passkey_proofs import available
from rongdun.domains.people.schemas import UnitRef
from rongdun.domains.people.schemas_auth import (
    DemoAccountOut,
    MeOut,
    MyUser,
    OidcOut,
    OptionsOut,
    PasskeyOut,
    SecondFactor,
    SessionOut,
    SignInOut,
    State,
)
from rongdun.domains.people.sign_in import Step
from rongdun.domains.people.store_auth import FULL, PASSWORD_CHANGE, SECOND_FACTOR
from rongdun.domains.people.tokens import csrf_of
from rongdun.domains.people.views import words
from rongdun.kernel.scope import Actor
from rongdun.runtime.authz import roles
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

_STATES: dict[str, State] = {
    FULL: "signed_in",
    SECOND_FACTOR: "second_factor_needed",
    PASSWORD_CHANGE: "password_change_needed",
}


def step_out(uow: Uow, step: Step) -> SignInOut:
    """Return how far a sign-in has come."""
    return SignInOut(state=_STATES[step.stage], me=me_out(uow, step.token) if step.stage == FULL else None)


def me_out(uow: Uow, token: str) -> MeOut:
    """Return the actor as their own pages know them; ``token`` is their session's."""
    actor = uow.actor
    assert actor.user_id is not None, "only somebody signed in gets here"
    assert actor.session_id is not None, "who is signed in has a session"
    factors = store_auth.factors_of(uow.session, actor.session_id)
    return MeOut(
        user=MyUser(id=actor.user_id, login=actor.login, name=actor.name, unit=_unit(actor)),
        roles=sorted(actor.roles),
        permissions=sorted(actor.permissions),
        desk=next((role.desk for role in roles() if role.key in actor.roles), ""),
        csrf=csrf_of(token),
        demo=uow.settings.demo,
        second_factor=SecondFactor(totp=factors.totp_since is not None, passkeys=factors.passkeys),
        session_expires_at=factors.expires_at,
    )


def options_out(settings: Settings) -> OptionsOut:
    """Return the ways in."""
    return OptionsOut(
        demo=settings.demo,
        demo_accounts=[_account(account) for account in offered_accounts(settings)],
        oidc=OidcOut(enabled=enabled(settings), label=settings.oidc_label),
        passkeys=available(settings),
    )


def session_out(row: SignInSession, actor: Actor) -> SessionOut:
    """Return an open session as its owner, or an administrator, sees it."""
    return SessionOut(
        id=row.id,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        ip=row.ip,
        user_agent=row.user_agent,
        current=row.id == actor.session_id,
    )


def sessions_out(rows: Iterable[SignInSession], actor: Actor) -> list[SessionOut]:
    """Return open sessions."""
    return [session_out(row, actor) for row in rows]


def passkey_out(row: Passkey) -> PasskeyOut:
    """Return a passkey as its owner sees it."""
    return PasskeyOut(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at)


def _unit(actor: Actor) -> UnitRef | None:
    if actor.unit_id is None:
        return None
    return UnitRef(id=actor.unit_id, name=actor.unit_name, path=actor.unit_path)


def _account(account: OfferedAccount) -> DemoAccountOut:
    role = next(role for role in roles() if role.key == account.role)
    return DemoAccountOut(
        login=account.login,
        password=account.password,
        name=account.name,
        role=account.role,
        role_name=words(role.name),
        unit=words(account.unit),
    )
