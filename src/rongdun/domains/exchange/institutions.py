"""Which institutions there are, which one a name on a statement means, and how fast each answers."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from rongdun.domains.exchange import store_institutions as store
from rongdun.domains.exchange.errors import NotCarried
from rongdun.domains.exchange.messages import Kind
from rongdun.domains.exchange.model import Institution
from rongdun.kernel.errors import NotFound, Text
from rongdun.runtime.logs import get_logger
from rongdun.runtime.uow import Uow

_log = get_logger("exchange")

SPEED_DAYS = 30
"""Reply times are reckoned over so many days: long enough for small banks, short enough to follow a change."""

_SPACES = re.compile(r"\s+")


class ReplySpeed(NamedTuple):
    """How fast an institution answered one kind of instruction: from issue to receipt, in seconds."""

    institution: str
    kind: str
    answered: int
    median_s: float
    p90_s: float
    failed: int


def institutions(uow: Uow) -> Sequence[Institution]:
    """Return every institution by code, those not active too."""
    return store.all_institutions(uow.session)


def institution(uow: Uow, code: str) -> Institution | None:
    """Return the institution of a twelve-digit code."""
    return store.find_institution(uow.session, code)


def institution_named(uow: Uow, text: str) -> Institution | None:
    """Return the institution that ``text`` names: its code, name or alias, or a name with a branch behind it.

    Where several names fit, the longest does: 演示榕江农商银行连江支行 is not 演示农商银行.
    """
    return named_in(institutions(uow), text)


def named_in(known: Sequence[Institution], text: str) -> Institution | None:
    """Return which of ``known`` a text names; None when none of their names stands in it."""
    wanted = _SPACES.sub("", text)
    for each in known:
        if wanted == each.code:
            return each
    fitting = [(len(name), each) for each in known for name in _names(each) if name and name in wanted]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _names(each: Institution) -> Sequence[str]:
    return (_SPACES.sub("", each.name), *(_SPACES.sub("", alias) for alias in each.aliases))


def add_institution(uow: Uow, values: Mapping[str, Any]) -> bool:
    """Add an institution unless its code is known; tell whether it was new. ``values`` are its columns."""
    new = store.add_if_new(uow.session, {**values, "created_at": uow.now, "updated_at": uow.now})
    if new:
        row = store.find_institution(uow.session, values["code"])
        assert row is not None
        uow.record(
            "institution.add", row.reference, unit_path=row.unit_path, after={"transport": row.transport}
        )
    return new


def configure(
    uow: Uow, code: str, *, profile: str, carries: Collection[Kind], asks_status: bool, by_form: bool
) -> Institution:
    """Let an institution be spoken to in ``profile``, which has messages for ``carries``.

    Everything else goes by form where ``by_form`` says so; else raises :class:`NotCarried` naming it, and
    :class:`~rongdun.kernel.errors.NotFound` for an unknown institution.
    """
    row = store.find_institution(uow.session, code)
    if row is None:
        raise NotFound
    missing = [kind for kind in Kind if kind not in carries]
    if missing and not by_form and row.transport != "form":
        raise NotCarried.by(profile, missing)
    before = {"profile": row.profile, "otherwise": row.otherwise}
    row.profile, row.asks_status = profile, asks_status
    row.carries = sorted(kind.value for kind in carries) if missing else []
    row.otherwise = "form" if missing else ""
    row.updated_at, row.version = uow.now, row.version + 1
    after = {"profile": row.profile, "otherwise": row.otherwise}
    uow.record("institution.configure", row.reference, unit_path=row.unit_path, before=before, after=after)
    return row


def know_by(uow: Uow, code: str, public_key: str) -> Institution:
    """Let an institution be known by another public key from now on, in base64; raises ``NotFound``."""
    row = store.find_institution(uow.session, code)
    if row is None:
        raise NotFound
    row.public_key, row.updated_at, row.version = public_key, uow.now, row.version + 1
    uow.record("institution.key", row.reference, unit_path=row.unit_path, after={"public_key": public_key})
    return row


def turn_away(uow: Uow, sender: Institution, why: Text) -> None:
    """Note that a message in the name of ``sender`` was turned away at the door; nothing of it is kept."""
    store.count_refusal(uow.session, sender.code, why=why, at=uow.now)
    _log.warning("message_turned_away", institution=sender.code, why=why.en)


def reach_at(uow: Uow, code: str, url: str) -> None:
    """Let an institution be reached at ``url`` from now on; nothing is put on record where it was already."""
    row = store.find_institution(uow.session, code)
    if row is None or row.url == url:
        return
    before = row.url
    row.url, row.updated_at, row.version = url, uow.now, row.version + 1
    uow.record(
        "institution.reach",
        row.reference,
        unit_path=row.unit_path,
        before={"url": before},
        after={"url": url},
    )


def reply_speeds(uow: Uow) -> list[ReplySpeed]:
    """Return how fast each institution answered each kind of instruction over the last :data:`SPEED_DAYS` days.

    Over every unit's instructions: it is a figure about the institution, not about any case.
    """
    since = uow.now - timedelta(days=SPEED_DAYS)
    return [ReplySpeed(*row) for row in store.speeds_since(uow.session, since)]
