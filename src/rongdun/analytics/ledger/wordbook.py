"""One list of words for all runs of a table: repeating text is looked up once, not again at every step of merging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


def split_words(rows: pa.Table) -> tuple[pa.Table, dict[str, pa.Array]]:
    """Return rows, each column in one piece, with codes as plain numbers, and the words the codes stand for."""
    words, columns = {}, []
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        if pa.types.is_dictionary(column.type):
            words[name] = array.dictionary
            array = array.indices
        columns.append(array)
    return pa.Table.from_arrays(columns, rows.schema.names), words


@dataclass(frozen=True, slots=True)
class _Column:
    """One column's words, and for each run's codes the place of its word among them; runs follow each other."""

    words: pa.Array
    places: Int32s
    starts: Int64s
    as_they_are: bool

    def code(self, run: int, code: int) -> int:
        return int(self.places[self.starts[run] + code])

    def spelled(self, codes: pa.Array, run_of_row: Int64s) -> pa.Array:
        if codes.null_count == len(codes):
            return pa.DictionaryArray.from_arrays(pa.nulls(len(codes), pa.int32()), self.words[:0])
        if not self.as_they_are:
            codes = self._translated(codes, run_of_row)
        return _fitting(codes, self.words)

    def _translated(self, codes: pa.Array, run_of_row: Int64s) -> pa.Array:
        nulls = codes.is_null().to_numpy(zero_copy_only=False) if codes.null_count else None
        plain = codes.fill_null(0) if codes.null_count else codes
        return pa.array(self.places[self.starts[run_of_row] + plain.to_numpy()], mask=nulls)


def _fitting(codes: pa.Array, words: pa.Array) -> pa.Array:
    """Join codes and words; of a list longer than the rows only what they use: it is written with them."""
    if len(words) > len(codes):
        used, places = np.unique(codes.drop_null().to_numpy(), return_inverse=True)
        fresh = np.zeros(len(codes), np.int32)
        filled = codes.is_valid().to_numpy(zero_copy_only=False)
        fresh[filled] = places
        words = words.take(pa.array(used))
        codes = pa.array(fresh, mask=~filled) if codes.null_count else pa.array(fresh)
    return pa.DictionaryArray.from_arrays(codes, words, safe=False)


class Wordbook:
    """The words of all runs of a table."""

    def __init__(self, of_runs: Sequence[Mapping[str, pa.Array]]) -> None:
        """``of_runs``: each run's words by column, in the order of the runs."""
        self._columns = {name: _column([words[name] for words in of_runs]) for name in of_runs[0]}

    def word(self, column: str, run: int, code: int) -> str:
        """Return what a run's code stands for."""
        one = self._columns[column]
        return str(one.words[one.code(run, code)].as_py())

    def spelled(self, rows: pa.Table, runs: Sequence[int], counts: Sequence[int]) -> pa.Table:
        """Return rows of several runs, ``counts`` of each of ``runs``, with their codes as codes of these words."""
        run_of_row = np.repeat(np.array(runs, np.int64), counts)
        arrays = [_one_piece(column) for column in rows.columns]
        for place, name in enumerate(rows.schema.names):
            if name in self._columns:
                arrays[place] = self._columns[name].spelled(arrays[place], run_of_row)
        return pa.Table.from_arrays(arrays, rows.schema.names)


def _one_piece(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _column(lists: Sequence[pa.Array]) -> _Column:
    chunks = [
        pa.DictionaryArray.from_arrays(pa.array(np.arange(len(words), dtype=np.int32)), words)
        for words in lists
    ]
    one = pa.chunked_array(chunks, pa.dictionary(pa.int32(), lists[0].type)).unify_dictionaries()
    longest = max(one.chunks, key=lambda chunk: len(chunk.dictionary))
    places = np.concatenate([chunk.indices.to_numpy() for chunk in one.chunks])
    starts = np.zeros(len(lists), np.int64)
    np.cumsum([len(words) for words in lists[:-1]], out=starts[1:])
    own = np.arange(len(places)) - np.repeat(starts, [len(words) for words in lists])
    as_they_are = bool((places == own).all())
    behind_the_last = np.zeros(
        1, np.int32
    )  # a null stands as code 0, which a run without words does not have
    return _Column(longest.dictionary, np.concatenate([places, behind_the_last]), starts, as_they_are)
