"""Which permission lets a screen hear of a topic: read from one table, ``data/topics.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from rongdun.kernel.scope import Actor
from rongdun.runtime.web import SIGNED_IN

SESSION_ENDED = "session.ended"
"""Published when a session is revoked or signs out; its subject is the session. Ends that session's streams."""

EVERYWHERE = ""
"""The unit path of what concerns every unit, e.g. an outage: only the permission then decides."""


@cache
def topics() -> Mapping[str, str]:
    """Return the table: first word of a topic → permission."""
    source = resources.files("rongdun").joinpath("data", "topics.toml")
    table: dict[str, str] = tomllib.loads(source.read_text("utf-8"))["topics"]
    return table


def permission_of(topic: str) -> str:
    """Return the permission that opens ``topic``; :class:`ValueError` when the table does not know it."""
    root = topic.partition(".")[0]
    if root not in topics():
        raise ValueError(f"data/topics.toml does not say who may hear of {topic!r}")
    return topics()[root]


def may_hear(actor: Actor, *, topic: str, unit_path: str) -> bool:
    """Tell whether ``actor`` may know that something of ``topic`` changed in the unit at ``unit_path``.

    Nobody hears of a topic this release does not know: another release may be signalling.
    """
    permission = topics().get(topic.partition(".")[0])
    permitted = permission == SIGNED_IN or (permission is not None and actor.may(permission))
    return permitted and (unit_path == EVERYWHERE or actor.scope.covers(unit_path))
