"""How an institution is spoken to and known: its wire profile, and the key that signs what it sends."""

from rongdun.adapters.banks.dialects import dialect_named
from rongdun.adapters.banks.signing import verifier_of
from rongdun.domains import exchange
from rongdun.domains.exchange import Institution
from rongdun.kernel.errors import Invalid, Text
from rongdun.runtime.uow import Uow


class NotAKey(Invalid):
    """What was given is no public key that signatures can be checked by."""

    code = "not_a_key"
    message = Text("不是可用的公钥", "This is no usable public key")
    action = Text(
        "请填写 Base64：Ed25519 为 32 字节，SM2 为 64 字节", "Give base64: 32 bytes for Ed25519, 64 for SM2"
    )


def speak_to(uow: Uow, code: str, profile: str, *, by_form: bool) -> Institution:
    """Let the institution ``code`` be spoken to in ``profile`` from now on.

    ``by_form``: instructions the profile has no message for are answered by its liaison at the desk for partners.
    Without it such a profile is refused with :class:`~rongdun.domains.exchange.NotCarried`, which names them. Raises
    ``ProfileUnusable`` for a profile that there is not, and ``NotFound`` for an unknown institution.
    """
    dialect = dialect_named(profile, uow.settings.data_dir / "profiles")
    return exchange.configure(
        uow, code, profile=profile, carries=dialect.carries, asks_status=dialect.asks_status, by_form=by_form
    )


def know_by(uow: Uow, code: str, public_key: str) -> str:
    """Let the institution ``code`` be known by ``public_key`` (base64) from now on; return its algorithm.

    What it sends is checked by that key, and it is answered in the same algorithm. Raises :class:`NotAKey`, and
    ``NotFound`` for an unknown institution.
    """
    verifier = verifier_of(public_key)
    if verifier is None:
        raise NotAKey()
    exchange.know_by(uow, code, public_key)
    return verifier.algorithm
