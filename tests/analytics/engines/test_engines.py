"""What an engine says when it cannot answer: what it lacks by name, that it is missing, silent, or blind."""

import socket
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest

from rongdun.analytics.engines.choose import engine_named
from rongdun.analytics.engines.dialect import FEATURES
from rongdun.analytics.engines.duck import DuckEngine
from rongdun.analytics.engines.errors import (
    EngineFailed,
    EngineLacks,
    EngineNotInstalled,
    EngineUnreachable,
    TablesOutOfReach,
)
from rongdun.analytics.engines.queries import query
from rongdun.analytics.engines.tables import write_tables
from tests.analytics.engines.test_same import made_up


class NoRunningSums(DuckEngine):
    """DuckDB as it would be without window functions."""

    name = "旧引擎"

    def run(self, text: str) -> pa.Table:
        if " over (" in text:
            raise RuntimeError("syntax error near OVER")
        return super().run(text)


def test_an_engine_without_running_sums_is_told_by_that_name(tmp_path: Path) -> None:
    with NoRunningSums() as engine:
        engine.open(write_tables(made_up(0).material(), tmp_path / "1", 1).folder)
        nobody = pa.table({"account": pa.array([], pa.int64()), "arrival": pa.array([], pa.int64())})
        with pytest.raises(EngineLacks) as caught:
            engine.ask(query("openings"), touched=nobody)
    assert caught.value.message.zh == "引擎 旧引擎 不支持累计（窗口函数）（查询 openings）"
    assert "running sums" in caught.value.message.en


def test_an_engine_that_knows_all_but_fails_is_told_in_its_own_words() -> None:
    with DuckEngine() as engine, pytest.raises(EngineFailed) as caught:
        engine.ask(query("hop"))
    assert "frontier" in caught.value.extra["log"]


def test_duckdb_and_sail_know_all_that_the_queries_need() -> None:
    pytest.importorskip("pysail")
    for name in ("duckdb", "spark"):
        with engine_named(name) as engine:
            for feature in FEATURES.values():
                assert engine.run(feature.probe).num_rows >= 1


def test_each_query_says_what_it_needs() -> None:
    names = [path.name.removesuffix(".sql") for path in (files("rongdun.analytics") / "sql").iterdir()]
    for name in names:
        if not name.endswith(".md"):
            needs = query(name).needs
            assert needs and set(needs) <= set(FEATURES), name


def test_a_cluster_that_does_not_answer_is_told_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(EngineUnreachable) as caught:
        engine_named("spark", f"sc://127.0.0.1:{port}")
    assert str(port) in caught.value.extra["log"]


def test_a_cluster_that_does_not_see_the_files_is_told_so(tmp_path: Path) -> None:
    pytest.importorskip("pysail")
    with engine_named("spark") as engine, pytest.raises(TablesOutOfReach):
        engine.open(tmp_path / "不在这里")


@pytest.mark.parametrize("module", ["pysail.spark", "pyspark.sql"])
def test_a_missing_library_is_told_with_what_to_install(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pysail")
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(EngineNotInstalled) as caught:
        engine_named("spark")
    assert "rongdun[spark]" in caught.value.action.zh
    assert "rongdun[spark]" in caught.value.action.en
