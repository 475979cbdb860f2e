"""What a request says about who sends it: its address, its browser, its cookies, the site it comes from."""

from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import Request, Response

from rongdun.domains.people.errors_auth import CrossSite
from rongdun.kernel.errors import Invalid, Text
from rongdun.runtime.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CEREMONY_S = 300
"""Seconds a passkey or another system may take to answer."""

_Network = IPv4Network | IPv6Network
_AGENT_LENGTH = 300


def address_of(request: Request, settings: Settings) -> str:
    """Return the address the request comes from.

    ``X-Forwarded-For`` is believed only hop by hop, from the right, as far as ``trusted_proxies`` wrote it.
    """
    peer = request.client.host if request.client else ""
    proxies = trusted_networks(settings.trusted_proxies)
    address = peer
    for hop in reversed(_forwarded(request)):
        if not _among(address, proxies) or not _is_address(hop):
            break
        address = hop
    return address


@cache
def trusted_networks(proxies: str) -> tuple[_Network, ...]:
    """Read ``RONGDUN_TRUSTED_PROXIES``: addresses and networks, separated by commas."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in proxies.split(",") if part.strip())
    except ValueError as error:
        raise Invalid(
            Text(
                f"环境变量 RONGDUN_TRUSTED_PROXIES 不是地址列表：{error}",
                f"RONGDUN_TRUSTED_PROXIES is not a list of addresses: {error}",
            )
        ) from error


def agent_of(request: Request) -> str:
    """Return what the browser calls itself, at most 300 printable characters."""
    said = request.headers.get("user-agent", "")
    return "".join(letter for letter in said if letter.isprintable())[:_AGENT_LENGTH]


def must_be_own_page(request: Request) -> None:
    """Raise :class:`CrossSite` when the browser says that another site sends this request.

    Where nobody is signed in there is no token to ask for; browsers add ``Sec-Fetch-Site``, older ones
    ``Origin``. A program that sends neither carries nobody's cookies.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise CrossSite
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise CrossSite


def session_cookie(settings: Settings) -> str:
    """Return the session cookie's name; over TLS the prefix binds it to this very host."""
    return "__Host-rongdun" if settings.secure_cookies else "rongdun"


def ceremony_cookie(settings: Settings) -> str:
    """Return the name of the cookie that ties a ceremony to the browser in which it began."""
    return "__Host-rongdun-ceremony" if settings.secure_cookies else "rongdun-ceremony"


def token_of(request: Request, settings: Settings) -> str:
    """Return the session token the browser sent, or an empty text."""
    return request.cookies.get(session_cookie(settings), "")


def give_token(response: Response, settings: Settings, token: str) -> None:
    """Send the session's token to the browser; it forgets it when it closes."""
    _set_cookie(response, settings, session_cookie(settings), token)


def take_token(response: Response, settings: Settings) -> None:
    """Let the browser forget its session."""
    _set_cookie(response, settings, session_cookie(settings), "", seconds=0)


def give_ceremony(response: Response, settings: Settings, secret: str, *, from_outside: bool = False) -> None:
    """Tie a ceremony to this browser. ``from_outside``: its answer arrives by a link of another site."""
    same_site = "lax" if from_outside else "strict"
    name = ceremony_cookie(settings)
    _set_cookie(response, settings, name, secret, seconds=CEREMONY_S, same_site=same_site)


def take_ceremony(response: Response, settings: Settings) -> None:
    """Let the browser forget its ceremony."""
    _set_cookie(response, settings, ceremony_cookie(settings), "", seconds=0)


def _set_cookie(
    response: Response,
    settings: Settings,
    name: str,
    value: str,
    *,
    seconds: int | None = None,
    same_site: str = "strict",
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax" if same_site == "lax" else "strict",
    )


def _forwarded(request: Request) -> Sequence[str]:
    lines = request.headers.getlist("x-forwarded-for")
    return [hop.strip() for line in lines for hop in line.split(",")]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _among(address: str, networks: Sequence[_Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)
