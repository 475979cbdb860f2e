"""Prevents that everything is our own invention: legal money of AMLGentex and AMLSim, by path."""

from pathlib import Path

import polars as pl
import pytest

from rongdun.simulation.twin.errors import WrongBackground
from rongdun.simulation.twin.world import Order, make_world
from tests.simulation.twin.worlds import params

QUIET = {"arrivals": {"intensity": 0.0}}


def amlgentex(path: Path) -> Path:
    """A tiny made-up file with AMLGentex' columns: node 12 launders, node 3 pays itself, 0.001 is no fen."""
    rows = {
        "step": [4, 4, 5, 5, 6, 6],
        "type": ["TRANSFER"] * 6,
        "amount": [10.0, 20.5, 30.25, 99.0, 0.001, 5.0],
        "nameOrig": [7, 3, 7, 12, 3, 3],
        "nameDest": [3, 9, 9, 7, 9, 3],
        "bankOrig": ["bank_a"] * 6,
        "bankDest": ["bank_a"] * 6,
        "isSAR": [0, 0, 0, 1, 0, 0],
        "patternID": [1] * 6,
        "modelType": [1] * 6,
    }
    pl.DataFrame(rows).write_parquet(path)
    return path


def test_amlgentex_is_the_legal_background_a_step_a_day(tmp_path: Path) -> None:
    path = amlgentex(tmp_path / "a.parquet")
    make_world(tmp_path / "w", Order(10, 5, 7, background=path), params(**QUIET))
    rows = pl.read_parquet(tmp_path / "w/world/transactions.parquet")
    # Nodes 3, 7, 9 are people 0, 1, 2; what was marked as laundering is not legal money.
    assert sorted(rows.select("payer", "payee", "amount_fen").iter_rows()) == [
        (0, 2, 2050),
        (1, 0, 1000),
        (1, 2, 3025),
    ]
    day = rows["time"].dt.convert_time_zone("Asia/Shanghai").dt.date().cast(pl.String)
    assert sorted(day.to_list()) == ["2025-03-01", "2025-03-01", "2025-03-02"]
    assert rows["class"].cast(pl.String).unique().to_list() == ["background"]


def test_amlsim_is_read_with_the_accounts_it_marks_left_out(tmp_path: Path) -> None:
    rows = {"sourceNodeId": [1, 2, 3], "targetNodeId": [2, 1, 1], "value": [1.5, 2.0, 4.0], "time": [1, 2, 2]}
    pl.DataFrame(rows).write_parquet(tmp_path / "transactions.parquet")
    nodes = {
        "nodeid": [1, 2, 3],
        "isFraud": [0, 0, 1],
        "init_balance": [9.0, 9.0, 9.0],
        "fraudStep": [-1, -1, 2],
    }
    pl.DataFrame(nodes).write_parquet(tmp_path / "nodes.parquet")
    make_world(tmp_path / "w", Order(10, 3, 7, background=tmp_path), params(**QUIET))
    found = pl.read_parquet(tmp_path / "w/world/transactions.parquet")
    assert found["amount_fen"].to_list() == [150, 200]


def test_scams_happen_in_a_foreign_background_too(tmp_path: Path) -> None:
    path = amlgentex(tmp_path / "a.parquet")
    report = make_world(tmp_path / "w", Order(300, 5, 7, background=path), params())
    assert report.scams > 0 and report.files > 0


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(WrongBackground):
        make_world(tmp_path / "w", Order(10, 1, 7, background=tmp_path / "a.parquet"), params())
