"""The accounts a desk sees: what its imports tell of each, summed once for a version of the ledger and a scope."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from rongdun.domains.tracing.book import open_ledger, rows_of, versions_seen
from rongdun.domains.tracing.errors import NoSuchAccount
from rongdun.domains.tracing.frames import frame_spec
from rongdun.kernel.errors import Text
from rongdun.runtime.crypto import Vault
from rongdun.runtime.tables import Column
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    import polars as pl

    from rongdun.analytics.ledger.view import View

_CONTEXT = "ledger.account"
_KEPT = 8

ACCOUNTS = frame_spec(
    {
        "institution": Column(None, Text("机构", "Institution"), kind="text"),
        "account": Column(None, Text("账号", "Account"), kind="text"),
        "owner_name": Column(None, Text("户名", "Owner"), kind="text"),
        "status": Column(None, Text("账户状态", "Status"), kind="text"),
        "rows": Column(None, Text("笔数", "Rows"), kind="int"),
        "in_fen": Column(None, Text("转入", "In"), kind="money"),
        "out_fen": Column(None, Text("转出", "Out"), kind="money"),
        "first_at": Column(None, Text("首笔", "First"), kind="time"),
        "last_at": Column(None, Text("末笔", "Last"), kind="time"),
    }
)

SEARCHED = ("account", "owner_name", "institution")


class AccountKey(NamedTuple):
    """What tells two accounts of the ledger apart; ``institution`` is empty where no file names it."""

    institution: str
    account: str


@dataclass(slots=True)
class Accounts:
    """Every account some imports tell of; ``ids`` are found when one is first asked for by its address."""

    table: "pl.DataFrame"
    ids: dict[str, AccountKey] | None = None

    def key_of(self, vault: Vault, wanted: str) -> AccountKey | None:
        """Return which account is meant by an address."""
        if self.ids is None:
            rows = self.table.select("institution", "account").iter_rows()
            self.ids = {account_id(vault, key): key for key in (AccountKey(*row) for row in rows)}
        return self.ids.get(wanted)

    def is_of(self, key: AccountKey) -> "pl.Expr":
        """Return the condition that a row of the ledger is of an account; its file may name no institution."""
        import polars as pl

        nameless = (pl.col("institution") == "") & (pl.col("account") == key.account)
        apart = self.table.filter(nameless).height > 0
        named = pl.col("institution").is_in([key.institution] if apart else [key.institution, ""])
        return (pl.col("account") == key.account) & named


class Seen(NamedTuple):
    """The ledger as the actor sees it: a version, the imports in scope, and every account they tell of."""

    view: "View | None"
    versions: frozenset[int]
    accounts: Accounts


_cache: "OrderedDict[tuple[str, int, frozenset[int]], Accounts]" = OrderedDict()
_lock = Lock()


def account_id(vault: Vault, key: AccountKey) -> str:
    """Return the account's address: the same for the same account, and no way back to its number."""
    return vault.blind("\x1f".join(key), _CONTEXT).hex()[:32]


def account_address(uow: Uow, institution: str, number: str) -> str:
    """Return the address of an account as other desks name it; ``number`` written as messages carry it."""
    return account_id(uow.vault, AccountKey(institution, number))


def seen_by(uow: Uow) -> Seen:
    """Return the accounts that the imports in the actor's scope tell of, by institution and number."""
    versions = versions_seen(uow)
    if not versions:
        return Seen(None, versions, Accounts(_nothing()))
    ledger = open_ledger(uow.settings)
    view = ledger.view()
    name = (str(ledger.directory), view.manifest.version, versions)
    with _lock:
        accounts = _cache.get(name)
    if accounts is None:
        # Summed outside the lock: nobody who asks for another version waits for this one.
        accounts = Accounts(summed(view, versions))
    _keep(name, accounts)
    return Seen(view, versions, accounts)


def _keep(name: tuple[str, int, frozenset[int]], accounts: Accounts) -> None:
    with _lock:
        _cache[name] = accounts
        _cache.move_to_end(name)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)


def find_account(uow: Uow, wanted: str) -> tuple[Seen, dict[str, Any]]:
    """Return the row of the account at an address; :class:`NoSuchAccount` outside the scope."""
    seen = seen_by(uow)
    key = seen.accounts.key_of(uow.vault, wanted)
    if key is None:
        raise NoSuchAccount()
    import polars as pl

    same = (pl.col("institution") == key.institution) & (pl.col("account") == key.account)
    return seen, seen.accounts.table.filter(same).row(0, named=True)


def summed(view: "View", versions: frozenset[int]) -> "pl.DataFrame":
    """Return every account the given imports tell of, by institution and number: what they and account lists say."""
    import polars as pl

    told = _at_named(_told_by(view, versions)).group_by("institution", "account", maintain_order=True)
    summed = told.agg(
        pl.col("rows", "in_fen", "out_fen").sum(),
        pl.col("owner_name", "owner_id").drop_nulls().first(),
        pl.col("first_at").min(),
        pl.col("last_at").max(),
    ).lazy()
    stated = _stated(view, versions, summed)
    both = summed.join(stated, on=["institution", "account"], how="full", coalesce=True)
    filled = both.with_columns(
        pl.coalesce("owner_name", "stated_name").alias("owner_name"),
        pl.coalesce("owner_id", "stated_id").alias("owner_id"),
        pl.col("rows", "in_fen", "out_fen").fill_null(0),
    )
    return filled.drop("stated_name", "stated_id").sort("institution", "account").collect(engine="streaming")


def _told_by(view: "View", versions: frozenset[int]) -> "pl.DataFrame":
    """Return the sums of what the given imports told, each row once: those of another's import too, told again."""
    import polars as pl

    from rongdun.analytics.ledger.sums import account_sums, sums_of_rows
    from rongdun.analytics.ledger.tables import DUPLICATES

    sums = account_sums(view)
    if versions >= set(view.manifest.imports):
        return sums
    wanted, key = pl.col("import_id").is_in(sorted(versions)), ["row_key", "occurrence"]
    again = view.scan(f"transactions{DUPLICATES}").filter(wanted).unique(key, keep="first")
    own = view.scan("transactions").filter(wanted).select(key)
    return pl.concat([sums.filter(wanted), sums_of_rows(again.join(own, on=key, how="anti"))])


def _at_named(sums: "pl.DataFrame") -> "pl.DataFrame":
    """Give what a file without an institution told to the one institution that has an account of that number."""
    import polars as pl

    named = sums.filter(pl.col("institution") != "").group_by("account")
    only = named.agg(pl.col("institution").unique().alias("named")).filter(pl.col("named").list.len() == 1)
    known = only.select("account", pl.col("named").list.first())
    unnamed = pl.col("institution") == ""
    at = pl.when(unnamed).then(pl.coalesce("named", "institution")).otherwise("institution")
    return sums.join(known, on="account", how="left", maintain_order="left").with_columns(institution=at)


def _stated(view: "View", versions: frozenset[int], told: "pl.LazyFrame") -> "pl.LazyFrame":
    """Return what account lists (账户信息) say of each account; of two lists the later import's.

    A list that does not name the bank speaks of the account of that number that statements tell of.
    """
    import polars as pl

    rows = rows_of(view, versions, "accounts").filter(pl.col("account").is_not_null())
    known = told.select("account", pl.col("institution").alias("told_by"))
    of_known = rows.join(known, on="account", how="left")
    named = of_known.with_columns(pl.coalesce("institution", "told_by", pl.lit("")).alias("institution"))
    named = named.sort("import_id")
    last = {name: pl.col(name).drop_nulls().last() for name in ("status", "opened", "closed", "balance_fen")}
    return named.group_by("institution", "account").agg(
        pl.col("owner_name").drop_nulls().last().alias("stated_name"),
        pl.col("owner_id").drop_nulls().last().alias("stated_id"),
        **last,
    )


def _nothing() -> "pl.DataFrame":
    import polars as pl

    moment = pl.Datetime("us", "UTC")
    text = dict.fromkeys(("institution", "account", "owner_name", "owner_id", "status"), pl.String())
    money = dict.fromkeys(("rows", "in_fen", "out_fen", "balance_fen"), pl.Int64())
    times = dict.fromkeys(("first_at", "last_at", "opened", "closed"), moment)
    return pl.DataFrame(schema={**text, **money, **times})
