"""The exchange composed: how instructions leave, and the loops that work off what came in or was laid down."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from rongdun.adapters.banks import (
    BankTransport,
    Orders,
    Places,
    Post,
    Signer,
    collect,
    desk_of,
    load_pair,
    verifier_of,
)
from rongdun.adapters.banks.file_drop import Laid
from rongdun.adapters.banks.signing import CENTRE, KEY_ID, Ed25519Signer, signer_for
from rongdun.domains import exchange
from rongdun.domains.exchange import Institution
from rongdun.entrypoints.bootstrap import Centre
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

INBOX_BATCH: Final = 50
INBOX_EVERY_S: Final = 5.0
FILES_EVERY_S: Final = 5.0


def centre_pair(settings: Settings) -> Ed25519Signer:
    """Return the centre's own key, made on first use."""
    return load_pair(settings.keys, CENTRE, KEY_ID)


def bank_transport(centre: Centre, orders: Orders) -> BankTransport:
    """Return the transport of instructions to institutions."""
    settings = centre.services.settings
    post = Post(certificate=_path(settings.exchange_cert), authority=_path(settings.exchange_ca))
    places = Places(settings.data_dir / "profiles", settings.data_dir / "exchange" / "outgoing")

    @cache
    def sign_for(public_key: str) -> Signer:
        return signer_for(settings.keys, public_key)

    return BankTransport(centre.transact, orders, centre_pair(settings), post, places, sign_for)


def inbox_tick(centre: Centre, orders: Orders) -> Callable[[], float]:
    """Return the loop that uses messages a fault of ours had left."""

    def desk(uow: Uow, code: str) -> exchange.Desk | None:
        sender = exchange.institution(uow, code)
        return None if sender is None else desk_of(uow, sender, orders)

    def tick() -> float:
        with centre.transact() as uow:
            done = exchange.work_off(uow, desk, limit=INBOX_BATCH)
        return 0.5 if done == INBOX_BATCH else INBOX_EVERY_S

    return tick


def files_tick(centre: Centre, orders: Orders) -> Callable[[], float]:
    """Return the loop that takes in what institutions on closed networks laid down."""
    incoming = centre.services.settings.data_dir / "exchange" / "incoming"

    def tick() -> float:
        for folder in sorted(incoming.glob("*/")) if incoming.is_dir() else ():
            _collect(centre, orders, folder)
        return FILES_EVERY_S

    return tick


def _collect(centre: Centre, orders: Orders, folder: Path) -> None:
    with centre.transact() as uow:
        sender = exchange.institution(uow, folder.name)
        now = uow.now
    verifier = verifier_of(sender.public_key) if sender else None
    if sender is not None and verifier is not None:
        collect(folder, verifier, now, lambda laid: _taken(centre, orders, sender, laid))


def _taken(centre: Centre, orders: Orders, sender: Institution, laid: Laid) -> Mapping[str, Any]:
    with centre.transact() as uow:
        if laid.fault is not None:
            exchange.turn_away(uow, sender, laid.fault)
            return {"state": "turned_away", "why": laid.fault.zh}
        desk = desk_of(uow, sender, orders)
        receipt = exchange.take_in(uow, sender, laid.body, proof=laid.proof, desk=desk)
        return {"state": receipt.row.state, "again": receipt.again, "sha256": receipt.row.sha256}


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None
