"""Every engine finds the same accounts, rows, order and openings as the index, and as the definition says."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from rongdun.analytics.engines.duck import DuckEngine
from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.spark import SparkEngine
from rongdun.analytics.tracing.model import Kind
from tests.analytics.engines.same import LATE, City, cities, told
from tests.analytics.tracing.index import plain
from tests.analytics.tracing.index.plain import Holder, Move


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with DuckEngine() as engine:
        yield engine


@pytest.fixture(scope="module")
def sail() -> Iterator[Engine]:
    pytest.importorskip("pysail")
    with SparkEngine() as engine:
        yield engine


@settings(max_examples=40, deadline=None)
@given(city=cities)
def test_duckdb_finds_what_the_index_finds(duck: Engine, city: City) -> None:
    with TemporaryDirectory() as folder:
        index = city.by_index(Path(folder) / "index")
        assert told(city.by_engine(duck, Path(folder) / "tables")) == told(index)


@settings(max_examples=20, deadline=None)
@given(city=cities)
def test_duckdb_finds_what_the_definition_says(duck: Engine, city: City) -> None:
    """The walk in plain Python knows no words for a case and no watched accounts."""
    bare = City(city.holders, city.moves, [], city.starts, city.deadlines, [], city.depth, city.most, {})
    with TemporaryDirectory() as folder:
        found = bare.by_engine(duck, Path(folder) / "tables")
    starts = [(*one, bare.deadlines[one[1]]) for one in bare.starts]
    first = plain.reached(bare.holders, bare.moves, starts, bare.depth, bare.most)
    assert dict(zip(found.touched.account.tolist(), found.touched.first.tolist(), strict=True)) == first
    assert set(found.sub.transfers.row.tolist()) == plain.rows_of(bare.moves, first, LATE)
    for at, place in enumerate(found.place.tolist()):
        if place in first:
            least = plain.least_opening(place, bare.moves, first[place])
            assert found.sub.accounts.opening_fen[at] == least


@pytest.mark.parametrize("number", range(6))
def test_spark_finds_what_duckdb_finds(duck: Engine, sail: Engine, tmp_path: Path, number: int) -> None:
    city = made_up(number)
    index = told(city.by_index(tmp_path / "index"))
    assert index["rows"], "the ledgers are made so that something is found"
    assert told(city.by_engine(duck, tmp_path / "duck")) == index
    assert told(city.by_engine(sail, tmp_path / "sail")) == index


def made_up(number: int) -> City:
    """A ledger of fixed chance, larger than hypothesis makes them: 40 accounts, 400 transfers."""
    chance = random.Random(number)
    people = 40
    kinds = [Kind.PERSONAL] * 8 + [Kind.UTILITY, Kind.CRYPTO]
    who = [
        Holder(chance.random() < 0.85, chance.choice(kinds), chance.randint(0, 5), chance.randint(20, 30))
        for _ in range(people)
    ]
    what = [
        Move(
            chance.randint(-1, people - 1),
            chance.randint(-1, people - 1),
            chance.randint(1, 900),
            chance.randint(1, 30),
            chance.choice([0] * 9 + [4]),
            chance.randint(1, 3),
            chance.random() < 0.05,
        )
        for _ in range(400)
    ]
    levels = [
        (at, chance.randint(1, 30), chance.randint(-50, 900)) for at in range(0, people, 2) for _ in (0, 1)
    ]
    followed = [at for at, one in enumerate(who) if one.observed and one.kind is Kind.PERSONAL]
    starts = [(chance.choice(followed), victim, chance.randint(0, 5)) for victim in range(3)]
    watched = [(at, 1, 30) for at in range(people) if at not in followed][:2]
    return City(who, what, levels, starts, [25, 28, 40], watched, 4, 40, {followed[0]: False, 3: True})
