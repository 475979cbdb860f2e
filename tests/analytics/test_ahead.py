"""Memory asked for ahead: the loop says the same, and the processor is really asked."""

from typing import Any

import numba
import numpy as np
import pytest

from rongdun.analytics.ahead import fetch

COUNT = 100


def summed(values: Any, order: Any, column: Any) -> Any:
    total = np.int64(0)
    for at in range(len(order)):
        if at + 8 < len(order):
            fetch(values, order[at + 8])
        total += column(values, order[at])
    return total


TABLE = np.arange(3 * COUNT, dtype=np.int64).reshape(COUNT, 3)
RECORDS = np.array([(n, n % 2) for n in range(COUNT)], [("fen", np.int64), ("odd", np.bool_)])


@pytest.mark.parametrize(
    ("values", "column", "expected"),
    [
        (np.arange(COUNT), lambda of, at: of[at], sum(range(COUNT))),
        (TABLE, lambda of, at: of[at, 0], sum(range(0, 3 * COUNT, 3))),
        (RECORDS, lambda of, at: of[at].fen, sum(range(COUNT))),
    ],
    ids=["one column", "table", "records"],
)
def test_a_loop_that_asks_ahead_sums_the_same(values: Any, column: Any, expected: int) -> None:
    order = np.random.default_rng(7).permutation(COUNT)
    loop: Any = numba.njit(summed)
    assert loop(values, order, numba.njit(column)) == expected
    (written,) = loop.inspect_llvm().values()
    assert "call void @llvm.prefetch" in written
