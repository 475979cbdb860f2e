"""Choosing the wire profile an institution is spoken to in: what it has no message for goes by form, or is refused."""

from rongdun.adapters.banks.dialects import dialect_named
from rongdun.domains import exchange
from rongdun.domains.exchange import Institution
from rongdun.runtime.uow import Uow


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
