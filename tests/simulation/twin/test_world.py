"""Prevents a world whose money does not add up, whose truth reaches the desks, or that another run does not repeat."""

from pathlib import Path

import polars as pl
import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.simulation.twin.errors import WorldThere
from rongdun.simulation.twin.world import Order, make_world
from tests.simulation.twin.worlds import params, world


def table(out: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(out / f"{name}.parquet")


def test_money_is_conserved_and_no_account_goes_below_zero() -> None:
    out = world()
    rows, accounts = table(out, "world/transactions"), table(out, "world/accounts")
    balance = dict(accounts.select("account", "opening_fen").iter_rows())
    whole = sum(balance.values())
    shown = ("payer", "payee", "amount_fen", "payer_balance_fen", "payee_balance_fen")
    for payer, payee, fen, payer_after, payee_after in rows.select(shown).iter_rows():
        assert fen > 0 and payer != payee
        balance[payer] -= fen
        balance[payee] += fen
        assert (balance[payer], balance[payee]) == (payer_after, payee_after)
        assert payer_after >= 0
    assert sum(balance.values()) == whole
    assert rows["time"].is_sorted()


def test_banks_files_are_read_whole_and_say_what_happened(tmp_path: Path) -> None:
    out = world()
    report = Ledger(tmp_path).import_paths([out / "files"])
    assert report.complete
    assert sum(file.rejected for file in report.files) == 0
    seen = Ledger(tmp_path).view().scan("transactions").collect()
    rows, accounts = table(out, "world/transactions"), table(out, "world/accounts")
    asked = accounts.filter(pl.col("number").is_in(seen["account"].unique().implode()))
    sides = pl.concat([rows.select(account=side, fen="amount_fen") for side in ("payer", "payee")])
    expected = sides.join(asked, on="account", how="semi")["fen"].sum()
    assert seen.filter("success")["amount_fen"].sum() == expected
    breaks = [one for one in Ledger(tmp_path).balance_breaks() if one.missing_fen]
    assert breaks == []


def test_what_the_desks_get_says_nothing_of_the_truth() -> None:
    out = world()
    visible = b"".join(path.read_bytes() for path in sorted((out / "files").glob("*.csv")))
    text = visible.decode("gb18030") + (out / "seeds.csv").read_text("utf-8")
    for word in ("scam", "mule", "crew", "tier", "trader", "水房", "车手", "feeder"):
        assert word not in text
    # Rooms' accounts bear numbers of the same ranges as everybody's, in no order.
    accounts, mules = table(out, "world/accounts"), table(out, "truth/mules")
    opened = mules.filter(pl.col("style") == "opened for it")
    fresh = sorted(accounts.join(opened, on="account", how="semi")["number"].str.slice(8).to_list())
    cards = accounts.filter(pl.col("kind") == "个人储蓄")
    others = sorted(cards.join(opened, on="account", how="anti")["number"].str.slice(8).to_list())
    assert others[0] < fresh[0] < fresh[-1] < others[-1]


def test_everything_is_visibly_synthetic() -> None:
    out = world()
    accounts, people = table(out, "world/accounts"), table(out, "world/people")
    assert accounts["name"].str.starts_with("演示").all()
    assert accounts["institution"].str.starts_with("演示").all()
    assert accounts["number"].str.contains("^(629999|90000|209900)").all()
    assert accounts["number"].n_unique() == len(accounts)
    assert people["id_number"].str.starts_with("350100").all() and people["id_number"].n_unique() == len(
        people
    )
    assert people["phone"].str.starts_with("100").all()


def test_equal_seeds_make_equal_worlds_and_others_do_not(tmp_path: Path) -> None:
    once, again, other = (tmp_path / name for name in ("once", "again", "other"))
    for out, seed in ((once, 3), (again, 3), (other, 4)):
        make_world(out, Order(60, 3, seed, files="all-mules"), params())
    names = sorted(str(path.relative_to(once)) for path in once.rglob("*") if path.is_file())
    assert names == sorted(str(path.relative_to(again)) for path in again.rglob("*") if path.is_file())
    plain = [
        name for name in names if not name.endswith(".xlsx")
    ]  # a workbook holds the moment it was written
    assert all((once / name).read_bytes() == (again / name).read_bytes() for name in plain)
    assert (once / "world/transactions.parquet").read_bytes() != (
        other / "world/transactions.parquet"
    ).read_bytes()


def test_a_world_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(WorldThere):
        make_world(tmp_path, Order(10, 1, 1), params())


def test_as_many_accounts_are_answered_as_are_asked_for() -> None:
    out = world(files="12")
    held = pl.concat([_accounts(path) for path in (out / "files").glob("*账户信息.csv")])
    assert 0 < held.height <= 12


def _accounts(path: Path) -> pl.DataFrame:
    lines = path.read_bytes().decode("gb18030").splitlines()[1:]
    return pl.DataFrame({"line": lines})


@pytest.mark.parametrize("changes", [
    {"arrivals": {"intensity": 0.0}},
    {"arrivals": {"intensity": 1e6}},
    {"laundering": {"era": "2016", "new_share": 1.0, "second_share": 0.0}},
    {"laundering": {"new_share": 0.0, "second_share": 0.0, "devices_per_crew": 1}},
    {"people": {"second_share": 0.0}, "answers": {"xlsx_share": 1.0}},
])  # fmt: skip
def test_the_smallest_city_and_the_oddest_parameters_make_a_world(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    make_world(tmp_path / "w", Order(10, 2, 1, files="all-mules"), params(**changes))
    rows = pl.read_parquet(tmp_path / "w/world/transactions.parquet")
    assert rows.height > 0 and (rows["payer_balance_fen"] >= 0).all()
