"""What a command works with: the settings, and a centre on a database that is fit to work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rongdun.runtime.settings import Settings

if TYPE_CHECKING:
    from rongdun.entrypoints.bootstrap import Centre
    from rongdun.runtime.localpg import Dsns


class Work(NamedTuple):
    """A centre, and how its database is reached."""

    settings: Settings
    dsns: "Dsns"
    centre: "Centre"


def read_settings() -> Settings:
    """Return the settings of the environment; only warnings and worse are logged from here on."""
    from rongdun.runtime import logs

    settings = Settings.from_env()
    logs.configure("warning")
    return settings


@contextmanager
def reached(settings: Settings | None = None) -> Iterator[tuple[Settings, "Dsns"]]:
    """Have the database for one command: the one that runs, or one started for the while.

    Raises :class:`rongdun.runtime.installation.SchemaOutdated` when it has to be migrated first.
    """
    from rongdun.runtime import installation
    from rongdun.runtime.localpg import reach

    settings = settings or read_settings()
    with reach(settings) as dsns:
        found = installation.look(dsns.app)
        installation.require_current(found)
        yield replace(settings, demo=found.kind == installation.DEMO), dsns


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Work]:
    """Have a centre for one command, on what :func:`reached` finds."""
    from rongdun.entrypoints.bootstrap import build

    with reached(settings) as (known, dsns):
        centre = build(known, app_dsn=dsns.app)
        try:
            yield Work(known, dsns, centre)
        finally:
            centre.close()
