"""The centre's ledger: where it lies, and which of its rows somebody may see."""

from typing import TYPE_CHECKING

from rongdun.domains.tracing import store
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    import polars as pl

    from rongdun.analytics.ledger.ledger import Ledger
    from rongdun.analytics.ledger.view import View


def open_ledger(settings: Settings) -> "Ledger":
    """Return the one ledger of this installation; it is made by the first import."""
    from rongdun.analytics.ledger.ledger import Ledger

    return Ledger(settings.data_dir / "ledger")


def versions_seen(uow: Uow) -> frozenset[int]:
    """Return the imports, by their versions of the ledger, whose rows the actor may see."""
    return store.versions_in(uow.session, uow.actor.scope)


def rows_of(view: "View", versions: frozenset[int], table: str) -> "pl.LazyFrame":
    """Return a table's rows that the given imports told, each once.

    A row that another unit's import told first is that unit's; when one of ``versions`` told it again, it is here
    too, with the place where this import has it.
    """
    import polars as pl

    from rongdun.analytics.ledger.tables import DUPLICATES

    first = view.scan(table)
    if versions >= set(view.manifest.imports):
        return first
    wanted = pl.col("import_id").is_in(sorted(versions))
    again = view.scan(table + DUPLICATES)
    both = pl.concat([first.filter(wanted), again.filter(wanted)], how="vertical")
    return both.unique(["row_key", "occurrence"], keep="first")
