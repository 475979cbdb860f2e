"""The endpoints of authenticators and passkeys, on the router of signing in."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from rongdun.domains.people import factors, passkeys
from rongdun.domains.people.api_auth import OWN_PAGE, VisitorDep, moved, router
from rongdun.domains.people.schemas_auth import (
    CeremonyOptions,
    CodeIn,
    OwnPasswordIn,
    PasskeyLoginIn,
    PasskeyOut,
    PasskeyRegisterIn,
    RecoveryCodesOut,
    SignInOut,
    TotpOut,
)
from rongdun.domains.people.views_auth import passkey_out
from rongdun.domains.people.visitor import ceremony_cookie, give_ceremony, take_ceremony
from rongdun.runtime.web import PUBLIC, SIGNED_IN, UowDep


def ceremony_of(request: Request, uow: UowDep) -> str:
    """Return the id of the ceremony this browser began, or an empty text."""
    return request.cookies.get(ceremony_cookie(uow.settings), "")


CeremonyDep = Annotated[str, Depends(ceremony_of, scope="function")]


@router.post("/totp/begin", permission=SIGNED_IN)
def begin_totp(uow: UowDep) -> TotpOut:
    """绑定验证器 / A fresh secret for an authenticator; it counts once a code of it was seen."""
    return TotpOut(**factors.begin_totp(uow)._asdict())


@router.post("/totp/confirm", permission=SIGNED_IN)
def confirm_totp(uow: UowDep, body: CodeIn) -> RecoveryCodesOut:
    """启用验证器 / Put the authenticator to use; the recovery codes are shown this once."""
    return RecoveryCodesOut(recovery_codes=list(factors.confirm_totp(uow, body.code)))


@router.delete("/totp", permission=SIGNED_IN, status_code=204)
def remove_totp(uow: UowDep, body: OwnPasswordIn) -> None:
    """停用验证器 / Give up the authenticator and its recovery codes."""
    factors.remove_totp(uow, body.password)


@router.get("/passkeys", permission=SIGNED_IN)
def list_passkeys(uow: UowDep) -> list[PasskeyOut]:
    """通行密钥 / One's passkeys."""
    return [passkey_out(row) for row in passkeys.own(uow)]


@router.delete("/passkeys/{passkey_id}", permission=SIGNED_IN, status_code=204)
def remove_passkey(uow: UowDep, passkey_id: UUID) -> None:
    """删除通行密钥 / Give up one of one's passkeys."""
    passkeys.remove(uow, passkey_id)


@router.post("/passkeys/register/begin", permission=SIGNED_IN)
def begin_registration(uow: UowDep, response: Response) -> CeremonyOptions:
    """添加通行密钥 / What the browser asks an authenticator for."""
    begun = passkeys.begin_registration(uow)
    give_ceremony(response, uow.settings, begun.ceremony)
    return begun.options


@router.post("/passkeys/register/finish", permission=SIGNED_IN, status_code=201)
def finish_registration(
    uow: UowDep, response: Response, ceremony: CeremonyDep, body: PasskeyRegisterIn
) -> PasskeyOut:
    """保存通行密钥 / Keep the new passkey."""
    credential = body.credential.model_dump(by_alias=True)
    row = passkeys.finish_registration(uow, ceremony, name=body.name, credential=credential)
    take_ceremony(response, uow.settings)
    return passkey_out(row)


@router.post("/passkeys/login/begin", permission=PUBLIC, dependencies=[OWN_PAGE])
def begin_passkey_login(uow: UowDep, response: Response) -> CeremonyOptions:
    """通行密钥登录 / What the browser asks a passkey to sign."""
    begun = passkeys.begin_login(uow)
    give_ceremony(response, uow.settings, begun.ceremony)
    return begun.options


@router.post("/passkeys/login/finish", permission=PUBLIC, dependencies=[OWN_PAGE])
def finish_passkey_login(
    uow: UowDep, visitor: VisitorDep, response: Response, ceremony: CeremonyDep, body: PasskeyLoginIn
) -> SignInOut:
    """通行密钥登录 / Sign in with what the passkey signed; it stands for both factors."""
    credential = body.credential.model_dump(by_alias=True, exclude_none=True)
    step = passkeys.finish_login(uow, visitor, ceremony, credential=credential)
    take_ceremony(response, uow.settings)
    return moved(uow, response, step)
