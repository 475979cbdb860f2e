"""The second factor by an authenticator: codes of time, RFC 6238, six digits every thirty seconds."""

import hmac
from io import BytesIO
from typing import NamedTuple

import pyotp
import segno

from rongdun.domains.people.model import User
from rongdun.runtime.uow import Uow

PERIOD_S = 30
DRIFT_STEPS = 1
"""A phone's clock may be one step behind or ahead."""

ISSUER = "榕盾 Rongdun"


class Secret(NamedTuple):
    """A fresh secret: in letters, as the address an authenticator reads, and that as a QR code (SVG)."""

    secret: str
    uri: str
    qr_svg: str


def fresh_secret(uow: Uow, user: User) -> Secret:
    """Give ``user`` a new secret, sealed; it counts only once :func:`enable` has seen a code of it."""
    secret = pyotp.random_base32()
    user.totp_secret = uow.vault.seal(secret, _context(user))
    user.totp_since = None
    user.totp_step = 0
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=ISSUER)
    return Secret(secret, uri, _picture(uri))


def accept(uow: Uow, user: User, code: str) -> bool:
    """Tell whether ``code`` is one of now, and spend it: neither it nor an older one works again."""
    if user.totp_secret is None:
        return False
    step = _step_of(uow, uow.vault.open(user.totp_secret, _context(user)), code)
    if step is None or step <= user.totp_step:
        return False
    user.totp_step = step
    return True


def forget(user: User) -> None:
    """Take the authenticator away from ``user``."""
    user.totp_secret = None
    user.totp_since = None
    user.totp_step = 0


def _step_of(uow: Uow, secret: str, code: str) -> int | None:
    codes = pyotp.TOTP(secret, interval=PERIOD_S)
    present = int(uow.now.timestamp()) // PERIOD_S
    given = code.replace(" ", "").encode("utf-8", "surrogateescape")
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    fitting = [step for step in steps if hmac.compare_digest(codes.generate_otp(step).encode(), given)]
    return max(fitting, default=None)


def _context(user: User) -> str:
    return f"users.totp_secret:{user.id}"


def _picture(uri: str) -> str:
    image = BytesIO()
    segno.make(uri, error="m").save(image, kind="svg", xmldecl=False, scale=4, border=2)
    return image.getvalue().decode("utf-8")
