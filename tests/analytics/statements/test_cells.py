"""Columns of cells as Arrow arrays."""

import numpy as np

from rongdun.analytics.statements.cells import cells_of_rows, coded_array, mac_array

WORDS = ["转账", "", "消费", "转账", ""]


def test_repeating_words_are_told_once_and_empty_cells_are_null() -> None:
    cells = cells_of_rows([[word] for word in WORDS], range(len(WORDS)))
    told = coded_array(cells.data, cells.column(0))
    assert told.to_pylist() == ["转账", None, "消费", "转账", None]
    assert told.dictionary.to_pylist() == ["转账", "消费"]


def test_no_code_lies_outside_the_words_not_even_a_nulls() -> None:
    """Arrow joins dictionaries by looking up every code, a null's too: one outside reads memory that is not ours."""
    cells = cells_of_rows([[word] for word in WORDS], range(len(WORDS)))
    told = coded_array(cells.data, cells.column(0))
    codes = np.frombuffer(told.indices.buffers()[1], np.int32)[: len(told)]
    assert codes.min() >= 0
    assert codes.max() < len(told.dictionary)


def test_one_address_spelled_in_two_ways_is_one_word_and_each_row_that_holds_none_is_counted() -> None:
    spelled = ["00-1a-2b-3c-4d-5e", "", "001A2B3C4D5E", "未知", "未知", "00:1a:2b:3c:4d:5f"]
    cells = cells_of_rows([[cell] for cell in spelled], range(len(spelled)))
    told, strange = mac_array(cells.data, cells.column(0))
    one, other = "00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5F"
    assert told.to_pylist() == [one, None, one, None, None, other]
    assert told.dictionary.to_pylist() == [one, other]
    assert strange == 2
    codes = np.frombuffer(told.indices.buffers()[1], np.int32)[: len(told)]
    assert 0 <= codes.min() <= codes.max() < 2
