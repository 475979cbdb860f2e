"""Prevents a city nobody lives in: wages, rent and shops, and innocents who look fast."""

from datetime import date

import numpy as np
import polars as pl

from rongdun.simulation.twin.city import Kind, build_city
from rongdun.simulation.twin.everyday import Everyday
from rongdun.simulation.twin.flows import Mode, Use
from rongdun.simulation.twin.params import load_params
from rongdun.simulation.twin.world import start_of
from tests.simulation.twin.worlds import world


def test_wages_come_on_paydays_from_employers_alone() -> None:
    params = load_params()
    city = build_city(2000, params, 7)
    everyday = Everyday(city, params, 7, start_of(params))
    employers = city.span(Kind.EMPLOYER)
    paid = 0
    for number in range(31):
        flows = everyday.day(number)
        wages = flows.use == Use.SALARY
        paid += int(wages.sum())
        assert wages.any() == (date(2025, 3, 1 + number).day in params.everyday.paydays)
        assert ((flows.payer[wages] >= employers.start) & (flows.payer[wages] < employers.end)).all()
    # Everybody who has wages is paid once in a month.
    assert abs(paid / 2000 - params.everyday.salary_share) < 0.1


def test_a_day_is_the_same_whatever_was_made_before_it() -> None:
    params = load_params()
    city = build_city(300, params, 7)
    one, two = (Everyday(city, params, 7, start_of(params)) for _ in range(2))
    one.day(0)
    assert (one.day(3).value == two.day(3).value).all()


def test_some_shops_pass_on_all_they_take_within_hours() -> None:
    params = load_params()
    city = build_city(5000, params, 7)
    sweeps = Everyday(city, params, 7, start_of(params)).day(0)
    fast = sweeps.mode == Mode.SWEEP
    assert fast.any()
    assert set(np.unique(sweeps.use[fast]).tolist()) == {int(Use.WITHDRAWAL)}


def test_people_sleep_and_rooms_do_not() -> None:
    out = world(people=1500, days=10)
    rows = pl.read_parquet(out / "world/transactions.parquet").with_columns(
        hour=pl.col("time").dt.convert_time_zone("Asia/Shanghai").dt.hour()
    )
    moved = pl.read_parquet(out / "truth/parts.parquet")["transaction"].unique()
    by_room = rows["transaction"].is_in(moved.implode())
    night = pl.col("hour") < 6
    asleep, awake = (rows.filter(which).select(night.mean()).item() for which in (~by_room, by_room))
    assert awake > 3 * asleep
