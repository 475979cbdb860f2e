"""Codes of many runs mean what they meant in each of them."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.ledger.wordbook import Wordbook, split_words

TEXTS = st.one_of(st.none(), st.sampled_from(["甲", "乙", "丙", "丁", ""]))
RUNS = st.lists(st.lists(st.tuples(TEXTS, TEXTS), max_size=8), min_size=1, max_size=5)
NAMES = ("one", "two")


def coded(rows: list[tuple[str | None, str | None]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [(), ()]
    arrays = [pa.array(column, pa.string()).dictionary_encode() for column in columns]
    return pa.Table.from_arrays(arrays, NAMES)


@settings(deadline=None)
@given(RUNS, st.data())
def test_rows_of_all_runs_read_as_they_were(
    made: list[list[tuple[str | None, str | None]]], data: st.DataObject
) -> None:
    halves = [split_words(coded(rows)) for rows in made]
    book = Wordbook([words for _, words in halves])
    order = data.draw(st.permutations(range(len(made))))
    joined = pa.concat_tables([halves[number][0] for number in order])
    told = book.spelled(joined, order, [len(made[number]) for number in order])
    expected = [row for number in order for row in made[number]]
    assert [(row["one"], row["two"]) for row in told.to_pylist()] == expected
    for number, (codes, _) in enumerate(halves):
        found = [
            None if code is None else book.word("one", number, code) for code in codes["one"].to_pylist()
        ]
        assert found == [one for one, _ in made[number]]


def test_a_part_carries_no_words_that_it_does_not_use() -> None:
    """They would be written into every file."""
    run = pa.table({"one": pa.array([f"测试{number}" for number in range(100)]).dictionary_encode()})
    codes, words = split_words(run)
    told = Wordbook([words]).spelled(codes.slice(40, 3), [0], [3])
    assert told["one"].chunk(0).dictionary.to_pylist() == ["测试40", "测试41", "测试42"]
