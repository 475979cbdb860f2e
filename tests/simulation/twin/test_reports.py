"""Prevents reports that know too much: they are late, incomplete, noisy, and some are of nothing."""

from datetime import timedelta

import polars as pl

from tests.simulation.twin.worlds import world

OUT = {"people": 1500, "days": 10}


def reports() -> pl.DataFrame:
    return pl.read_parquet(world(**OUT) / "world/reports.parquet")


def told_truth() -> pl.DataFrame:
    out = world(**OUT)
    links = pl.read_parquet(out / "truth/reports.parquet")
    scams = pl.read_parquet(out / "truth/scams.parquet").with_columns(pl.col("scam").cast(pl.Int64))
    return reports().join(links, on="report").join(scams, on="scam", how="left")


def test_nobody_reports_what_is_still_to_come() -> None:
    told = told_truth()
    assert (told["paid_time"] <= told["time"]).all()
    real = told.filter(pl.col("scam") >= 0)
    assert real.height > 20 and (real["planned_end"] < real["time"]).all()


def test_a_report_without_a_loss_names_no_real_account() -> None:
    told, accounts = told_truth(), pl.read_parquet(world(**OUT) / "world/accounts.parquet")
    empty = told.filter(pl.col("scam") < 0)
    assert empty.height > 0
    named = empty["account"].drop_nulls()
    assert set(named.to_list()).isdisjoint(accounts["number"].to_list())


def test_who_handed_over_cash_names_no_account() -> None:
    bag = told_truth().filter(pl.col("exit") == "delivered")
    assert bag.height > 0
    assert bag["account"].null_count() == bag.height and set(bag["payment"].to_list()) == {"现金交付"}


def test_some_numbers_are_masked_or_wrong_and_most_are_right() -> None:
    told = told_truth().filter(pl.col("account").is_not_null() & (pl.col("scam") >= 0))
    known = pl.read_parquet(world(**OUT) / "world/accounts.parquet")["number"]
    right = told["account"].is_in(known.implode()).mean()
    assert isinstance(right, float) and 0.85 < right < 1


def test_seeds_are_what_a_trace_takes(tmp_path: object) -> None:
    out = world(**OUT)
    seeds = pl.read_csv(out / "seeds.csv", infer_schema=False)
    assert seeds.columns == ["victim", "institution", "account", "amount", "time"]
    assert seeds.height > 10
    assert seeds["amount"].str.contains(r"^\d+\.\d\d$").all()
    assert not seeds["account"].str.contains("*", literal=True).any()
    moments = seeds["time"].str.to_datetime("%Y-%m-%d %H:%M:%S")
    span = moments.max(), moments.min()
    assert isinstance(span[0], type(span[1])) and span[0] - span[1] < timedelta(days=10)  # type: ignore[operator]
    duplicates = pl.read_parquet(out / "truth/reports.parquet").filter("duplicate").height
    assert duplicates > 0
    assert seeds.height == seeds.unique().height
