"""The endpoints of signing in, of one's sessions, and of one's password.

Whoever is not fully signed in has no CSRF token yet; those calls are held to the centre's own pages instead.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from rongdun.domains.people import oidc, sessions, sign_in
from rongdun.domains.people.oidc import Answer
from rongdun.domains.people.schemas_auth import (
    CodeIn,
    LoginIn,
    MeOut,
    OptionsOut,
    PasswordIn,
    SessionOut,
    SignInOut,
)
from rongdun.domains.people.sessions import Visitor
from rongdun.domains.people.sign_in import Step
from rongdun.domains.people.views_auth import me_out, options_out, sessions_out, step_out
from rongdun.domains.people.visitor import (
    agent_of,
    ceremony_cookie,
    give_ceremony,
    give_token,
    must_be_own_page,
    take_ceremony,
    take_token,
    token_of,
)
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import PUBLIC, SIGNED_IN, Router, UowDep

router = Router(prefix="/api/auth", tags=["auth"])

OWN_PAGE = Depends(must_be_own_page)
"""For calls at the door: no other web site may make a browser send them."""

_Bound = Annotated[str, Query(max_length=2048)]


def visitor_of(request: Request, uow: UowDep) -> Visitor:
    """Return the browser at the door."""
    return Visitor(token_of(request, uow.settings), agent_of(request))


VisitorDep = Annotated[Visitor, Depends(visitor_of, scope="function")]


@router.get("/options", permission=PUBLIC)
def read_options(uow: UowDep) -> OptionsOut:
    """登录方式 / The ways in; a demonstration also lists its accounts."""
    return options_out(uow.settings)


@router.get("/me", permission=SIGNED_IN)
def read_me(uow: UowDep, visitor: VisitorDep) -> MeOut:
    """当前用户 / Who is signed in and what they may do."""
    return me_out(uow, visitor.token)


@router.post("/login", permission=PUBLIC, dependencies=[OWN_PAGE])
def login(uow: UowDep, visitor: VisitorDep, response: Response, body: LoginIn) -> SignInOut:
    """登录 / Sign in with login and password."""
    step = sign_in.sign_in(uow, visitor, login=body.login, password=body.password)
    return moved(uow, response, step)


@router.post("/second-factor", permission=PUBLIC, dependencies=[OWN_PAGE])
def second_factor(uow: UowDep, visitor: VisitorDep, response: Response, body: CodeIn) -> SignInOut:
    """第二重验证 / Complete a sign-in with the authenticator's code or a recovery code."""
    return moved(uow, response, sign_in.second_factor(uow, visitor, code=body.code))


@router.post("/password", permission=PUBLIC, dependencies=[OWN_PAGE])
def change_password(uow: UowDep, visitor: VisitorDep, response: Response, body: PasswordIn) -> SignInOut:
    """修改密码 / Change one's password, freely or because it was handed over; other sessions end."""
    return moved(uow, response, sign_in.change_password(uow, visitor, current=body.current, new=body.new))


@router.post("/logout", permission=PUBLIC, status_code=204, dependencies=[OWN_PAGE])
def logout(uow: UowDep, visitor: VisitorDep, response: Response) -> None:
    """退出 / End this session; whoever has none is answered the same."""
    sessions.sign_out(uow, visitor.token)
    take_token(response, uow.settings)


@router.get("/sessions", permission=SIGNED_IN)
def list_sessions(uow: UowDep, user_id: UUID | None = None) -> list[SessionOut]:
    """登录设备 / The open sessions, one's own or (with ``user.sessions``) those of somebody in scope."""
    return sessions_out(sessions.list_sessions(uow, user_id), uow.actor)


@router.delete("/sessions/{session_id}", permission=SIGNED_IN, status_code=204)
def revoke_session(uow: UowDep, session_id: UUID) -> None:
    """结束登录 / End a session at once."""
    sessions.revoke(uow, session_id)


@router.get("/oidc/start", permission=PUBLIC, status_code=303, response_class=RedirectResponse)
def oidc_start(uow: UowDep) -> RedirectResponse:
    """统一身份认证 / Go to the other system to sign in."""
    departure = oidc.depart(uow)
    answer = RedirectResponse(departure.url, status_code=303)
    if departure.ceremony:
        give_ceremony(answer, uow.settings, departure.ceremony, from_outside=True)
    return answer


@router.get("/oidc/callback", permission=PUBLIC, status_code=303, response_class=RedirectResponse)
def oidc_callback(
    request: Request,
    uow: UowDep,
    visitor: VisitorDep,
    state: _Bound = "",
    code: _Bound = "",
    error: _Bound = "",
) -> RedirectResponse:
    """统一身份认证返回 / Come back from the other system."""
    cookie = request.cookies.get(ceremony_cookie(uow.settings), "")
    arrival = oidc.arrive(uow, visitor, cookie, Answer(state, code, error))
    answer = RedirectResponse(arrival.url, status_code=303)
    take_ceremony(answer, uow.settings)
    if arrival.token:
        give_token(answer, uow.settings, arrival.token)
    return answer


def moved(uow: Uow, response: Response, step: Step) -> SignInOut:
    """Send the browser its new token and say how far the sign-in has come."""
    give_token(response, uow.settings, step.token)
    return step_out(uow, step)
