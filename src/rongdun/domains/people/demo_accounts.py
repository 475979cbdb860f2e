"""The accounts a demonstration offers on its sign-in page; whoever composes the centre says where they come from."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rongdun.kernel.errors import Text
from rongdun.runtime.settings import Settings


class OfferedAccount(NamedTuple):
    """An account anybody may use, with its password: never one of real work."""

    login: str
    password: str
    name: str
    role: str
    unit: Text


Provider = Callable[[], Sequence[OfferedAccount]]

_providers: list[Provider] = []


def offer_accounts(provider: Provider) -> None:
    """Let ``provider`` say which accounts a demonstration offers; the one named last counts."""
    _providers[:] = [provider]


def offered_accounts(settings: Settings) -> Sequence[OfferedAccount]:
    """Return the accounts on offer: none unless this is a demonstration."""
    return _providers[0]() if settings.demo and _providers else ()
