"""Columns → amounts, moments and account numbers: the kernels first, the exact rule for what they leave. Pure."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rongdun.analytics.statements.cells import Column, Mask, cell_text, strings
from rongdun.analytics.statements.exact import (
    Moment,
    Number,
    Refused,
    exact_account,
    exact_amount,
    exact_clocked,
    exact_moment,
)
from rongdun.analytics.statements.kernels.compiled import Bytes, Marks, Numbers
from rongdun.analytics.statements.kernels.numbers import (
    ASK,
    EMPTY,
    OK,
    add_clocks,
    read_amounts,
    read_moments,
    write_accounts,
)
from rongdun.analytics.statements.kernels.texts import filled_bytes
from rongdun.analytics.statements.schema import UNREADABLE

_SAFE_DIGITS = 15
"""A spreadsheet's number holds no more digits than these."""


class Amounts(NamedTuple):
    """Fen (never negative), written signs, which cells were read, and why others were refused (row → reason)."""

    fen: Numbers
    signs: Marks
    read: Mask
    refused: dict[int, str]


class Moments(NamedTuple):
    """Microseconds since 1970 UTC, precisions, which cells were read, and why others were refused."""

    micros: Numbers
    precisions: Marks
    read: Mask
    refused: dict[int, str]


class AccountColumn(NamedTuple):
    """Numbers (null where there is none), sub-account marks, flags, which were read, and why others were refused."""

    numbers: pa.Array
    marks: pa.Array
    flags: Marks
    read: Mask
    refused: dict[int, str]


def amounts(data: Bytes, column: Column, power: int) -> Amounts:
    """Read amounts whose unit is ``10**power`` fen."""
    rows = len(column.starts)
    fen, signs, states = np.empty(rows, np.int64), np.empty(rows, np.int8), np.empty(rows, np.int8)
    asks = read_amounts(data, column.starts, column.ends, power, fen, signs, states)
    refused: dict[int, str] = {}
    if asks:
        known: dict[tuple[str, bool], tuple[int, int] | str] = {}
        for row in np.flatnonzero(states == ASK).tolist():
            key = cell_text(data, column, row), column.numeric is not None and bool(column.numeric[row])
            if key not in known:
                known[key] = _try_amount(key[0], power, key[1])
            told = known[key]
            if isinstance(told, str):
                refused[row] = told
            else:
                fen[row], signs[row] = told
                states[row] = OK
    return Amounts(fen, signs, states == OK, refused)


def _try_amount(text: str, power: int, numeric: bool) -> tuple[int, int] | str:
    try:
        return exact_amount(text, power, numeric)
    except Refused as refusal:
        return refusal.reason


def moments(data: Bytes, column: Column, clock: Column | None = None) -> Moments:
    """Read moments; ``clock`` is the column of clocks where days stand alone."""
    rows = len(column.starts)
    micros, precisions, states = np.empty(rows, np.int64), np.empty(rows, np.int8), np.empty(rows, np.int8)
    asks = read_moments(data, column.starts, column.ends, micros, precisions, states)
    refused: dict[int, str] = {}
    if asks:
        _ask_moments(data, column, micros, precisions, states, refused)
    if clock is not None and add_clocks(data, clock.starts, clock.ends, micros, precisions, states):
        _ask_clocks(data, column, clock, micros, precisions, states, refused)
    return Moments(micros, precisions, states == OK, refused)


def _ask_moments(
    data: Bytes, column: Column, micros: Numbers, precisions: Marks, states: Marks, refused: dict[int, str]
) -> None:
    known: dict[str, Moment | str] = {}
    for row in np.flatnonzero(states == ASK).tolist():
        text = cell_text(data, column, row)
        if text not in known:
            known[text] = _try_moment(text)
        told = known[text]
        states[row] = EMPTY if isinstance(told, str) else OK
        if isinstance(told, str):
            refused[row] = told
        else:
            micros[row], precisions[row] = told


def _ask_clocks(
    data: Bytes,
    column: Column,
    clock: Column,
    micros: Numbers,
    precisions: Marks,
    states: Marks,
    refused: dict[int, str],
) -> None:
    for row in np.flatnonzero(states == ASK).tolist():
        try:
            told = exact_clocked(cell_text(data, column, row), cell_text(data, clock, row))
        except Refused as refusal:
            refused[row] = refusal.reason
            continue
        micros[row], precisions[row] = told
        states[row] = OK


def _try_moment(text: str) -> Moment | str:
    try:
        return exact_moment(text)
    except Refused as refusal:
        return refusal.reason


def accounts(data: Bytes, column: Column, wallet: bool) -> AccountColumn:
    """Read account numbers; the part after ``_`` goes to ``marks``."""
    rows = len(column.starts)
    out = np.empty(int(filled_bytes(column.starts, column.ends)), np.uint8)
    offsets, states = np.empty(rows + 1, np.int32), np.empty(rows, np.int8)
    write_accounts(data, column.starts, column.ends, out, offsets, states)
    if column.numeric is not None:
        states[column.numeric & (column.ends - column.starts > _SAFE_DIGITS)] = ASK
    flags, refused = np.zeros(rows, np.int8), dict[int, str]()
    valid = np.packbits(states == OK, bitorder="little")
    numbers = strings(rows, offsets, out, valid, int((states != OK).sum()))
    asked = np.flatnonzero(states == ASK)
    if len(asked) == 0:
        return AccountColumn(numbers, pa.nulls(rows, pa.string()), flags, states == OK, refused)
    told = _ask_accounts(data, column, wallet, asked, refused)
    for row, number in zip(asked.tolist(), told, strict=True):
        flags[row] = UNREADABLE if number is None else number.flag
        states[row] = EMPTY if number is None else OK
    mask = np.zeros(rows, np.bool_)
    mask[asked] = True
    return AccountColumn(
        _patched(numbers, mask, [number and number.number for number in told]),
        _patched(pa.nulls(rows, pa.string()), mask, [number and (number.mark or None) for number in told]),
        flags,
        states == OK,
        refused,
    )


def _ask_accounts(
    data: Bytes, column: Column, wallet: bool, asked: Numbers, refused: dict[int, str]
) -> list[Number | None]:
    known: dict[tuple[str, bool], Number | str] = {}
    told: list[Number | None] = []
    for row in asked.tolist():
        key = cell_text(data, column, row), column.numeric is not None and bool(column.numeric[row])
        if key not in known:
            known[key] = _try_account(key[0], wallet, key[1])
        answer = known[key]
        if isinstance(answer, str):
            refused[row] = answer
        told.append(None if isinstance(answer, str) else answer)
    return told


def _try_account(text: str, wallet: bool, numeric: bool) -> Number | str:
    try:
        return exact_account(text, wallet=wallet, numeric=numeric)
    except Refused as refusal:
        return refusal.reason


def _patched(array: pa.Array, mask: Mask, values: list[str | None]) -> pa.Array:
    return pc.replace_with_mask(array, pa.array(mask), pa.array(values, pa.string()))


def moment_array(told: Moments) -> pa.Array:
    """Return moments as Arrow timestamps in UTC, null where none was read."""
    return _nullable(told.micros, told.read, pa.timestamp("us", "UTC"))


def fen_array(told: Amounts, signed: bool = True) -> pa.Array:
    """Return amounts as Arrow integers, null where none was read; ``signed``: a written minus counts."""
    values = np.where(told.signs < 0, -told.fen, told.fen) if signed else told.fen
    return _nullable(values, told.read, pa.int64())


def _nullable(values: Numbers, read: Mask, kind: pa.DataType) -> pa.Array:
    valid = pa.py_buffer(np.packbits(read, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])
