"""A block of a transaction layout → canonical transactions. Pure.

Order of the questions, the first refusal stands: is the row whole, does it say "no result", whose account, when,
how much, which way, did it succeed, in what currency.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rongdun.analytics.statements import words
from rongdun.analytics.statements.block import Context, Outcome, provenance
from rongdun.analytics.statements.cells import (
    Cells,
    Column,
    Mask,
    choose,
    coalesce,
    coded_array,
    constant,
    constant_coded,
    empty_column,
    encoded,
    mac_array,
    text_array,
)
from rongdun.analytics.statements.columns import AccountColumn, Amounts, accounts, amounts, fen_array, moments
from rongdun.analytics.statements.kernels.compiled import Marks
from rongdun.analytics.statements.kernels.parties import split_parties
from rongdun.analytics.statements.kernels.texts import (
    find_kinds,
    fresh_keys,
    mix_numbers,
    mix_texts,
)
from rongdun.analytics.statements.layout import Binding
from rongdun.analytics.statements.schema import (
    CODES,
    INCOMING,
    OUTGOING,
    TRANSACTION_SCHEMA,
    TRANSACTIONS,
    UNREADABLE,
)
from rongdun.analytics.statements.transaction_block import Transactions

_REPEATING: Final = (
    "owner_name", "owner_id", "cp_name", "cp_id", "cp_bank", "channel", "purpose", "terminal", "device", "place",
    "branch", "merchant_name", "merchant_code",
)  # fmt: skip
_DIFFERENT: Final = ("remark", "ip", "serial", "log_serial")
_EMPTY: Final = 0
_CLASH: Final = 3
"""Codes of a direction beside the words': nothing said; the sign contradicts the word."""


def read_transactions(cells: Cells, binding: Binding, context: Context) -> Outcome:
    """Read one block; the batch holds the rows taken, in order."""
    block = Transactions(cells, binding, context)
    _spread_parties(block)
    _refuse_no_results(block)
    kinds = _named(block, ("channel", "purpose"))
    direction, money = _money(block, kinds)
    _take_sides(block, direction)
    other = _accounts(block)
    _time(block)
    _settle_direction(block, direction, money)
    _words(block, kinds, other)
    block.facts |= {"amount_fen": money.fen, "direction": direction}
    block.drop_refused()
    _spell_facts(block)
    _texts(block)
    _keys(block)
    return _finish(block)


def _spread_parties(block: Transactions) -> None:
    """Split ``账号(姓名)`` cells into the roles they hold."""
    for party, account, name, bank in (
        ("owner_party", "account", "owner_name", "linked_bank"),
        ("cp_party", "cp_account", "cp_name", "cp_bank"),
    ):
        if party not in block.columns:
            continue
        column = block.columns[party]
        parts = [np.empty((2, block.rows), np.int32) for _ in range(3)]
        split_parties(block.cells.data, column.starts, column.ends, *parts)
        for role, part in zip((account, name, bank), parts, strict=True):
            split = Column(part[0], part[1], column.numeric)
            block.columns[role] = coalesce(split, block.get(role)) if role in block.columns else split


def _refuse_no_results(block: Transactions) -> None:
    """Rows by which a bank says that it found nothing have a reason and neither time nor amount."""
    if "feedback" in block.columns:
        nothing = ~block.get("time").filled & ~block.get("amount").filled
        block.refusals.mark(block.get("feedback").filled & nothing, "feedback", "no_result")


def _named(block: Transactions, roles: tuple[str, ...]) -> Marks:
    """Return the kind that the words in these roles name, the first in the order of the lists."""
    named = np.full(block.rows, len(words.kind_names()) - 1, np.int8)
    for role in roles:
        if role in block.columns:
            column = block.columns[role]
            find_kinds(block.cells.data, column.starts, column.ends, *words.kinds(), named)
    return named


def _money(block: Transactions, kinds: Marks) -> tuple[Marks, Amounts]:
    """Return directions (0: undecided) and amounts; refuse what cannot be read."""
    if "amount_in" in block.binding.places and "amount_out" in block.binding.places:
        return _two_columns(block)
    told = amounts(block.cells.data, block.get("amount"), block.binding.unit("amount"))
    direction, _ = block.code("direction", words.directions(block.layout.directions), _EMPTY)
    reversed_ = kinds == words.kind_names().index("reversal")
    unsure = (direction == _EMPTY) | (direction == words.NEITHER)
    by_sign = np.where(told.signs < 0, OUTGOING, np.where(told.signs > 0, INCOMING, 0)).astype(np.int8)
    if block.layout.plus and "direction" not in block.columns:
        plus = INCOMING if block.layout.plus == "in" else OUTGOING
        by_sign = np.where(told.signs < 0, -plus, plus).astype(np.int8)
    decided = np.where(unsure, by_sign, direction).astype(np.int8)
    negative = (told.signs < 0) & ~unsure
    taken_back = negative & reversed_ & (direction == INCOMING)
    decided[taken_back] = OUTGOING
    clash = negative & ~taken_back & ((direction == INCOMING) | reversed_)
    decided[clash] = _CLASH
    decided[direction == words.UNKNOWN] = words.UNKNOWN
    return decided, told


def _two_columns(block: Transactions) -> tuple[Marks, Amounts]:
    """Money in and money out stand in columns of their own; one of them is empty or zero."""
    came = amounts(block.cells.data, block.get("amount_in"), block.binding.unit("amount_in"))
    went = amounts(block.cells.data, block.get("amount_out"), block.binding.unit("amount_out"))
    both = (came.fen > 0) & (went.fen > 0)
    direction = np.where(came.fen > 0, INCOMING, np.where(went.fen > 0, OUTGOING, 0)).astype(np.int8)
    direction[(came.fen > 0) & (came.signs < 0)] = _CLASH
    refused = {**went.refused, **came.refused, **dict.fromkeys(np.flatnonzero(both).tolist(), "two_amounts")}
    return direction, Amounts(came.fen + went.fen, came.signs, came.read | went.read, refused)


def _take_sides(block: Transactions, direction: Marks) -> None:
    """Make payer and payee the observed account and the counterparty, by which way the money went."""
    if not {"payer", "payer_card"} & set(block.columns):
        return
    incoming = direction == INCOMING
    for part, observed, other in (
        ("", "account", "cp_account"),
        ("_card", "linked_card", "cp_linked_card"),
        ("_bank", "linked_bank", "cp_bank"),
        ("_name", "owner_name", "cp_name"),
    ):
        payer, payee = block.get("payer" + part), block.get("payee" + part)
        block.columns[observed] = choose(incoming, payee, payer)
        block.columns[other] = choose(incoming, payer, payee)
    for account, card in (("account", "linked_card"), ("cp_account", "cp_linked_card")):
        block.columns[account] = coalesce(block.columns[account], block.columns[card])


def _accounts(block: Transactions) -> AccountColumn:
    """Read the observed account, which a row must have, and return the counterparty's, which it may lack."""
    data, wallet = block.cells.data, block.layout.wallet
    first, second = block.get("account"), block.get("account_alias")
    observed = accounts(data, coalesce(first, second), wallet)
    stated = block.context.stated.get("account")
    if stated and not observed.read.any() and not observed.refused:
        observed = _stated(stated, block.rows)
    role = "account" if "account" in block.binding.places else "account_alias"
    block.refusals.each(observed.refused, role)
    block.refusals.mark(~observed.read, role, "account_missing")
    alias = accounts(data, choose(first.filled, second, empty_column(block.rows)), wallet)
    other_cells = coalesce(block.get("cp_account"), block.get("cp_account2"))
    other = accounts(data, other_cells, wallet)
    unreadable = other.flags == UNREADABLE
    block.note("cp_account", "unreadable_counterparty", unreadable)
    block.made |= {
        "account": observed.numbers,
        "account_mark": observed.marks,
        "account_alias": alias.numbers,
        "cp_account": other.numbers,
        "cp_account_mark": other.marks,
        "cp_account_raw": text_array(data, choose(unreadable, other_cells, empty_column(block.rows))),
    }
    block.facts |= {"account_flag": observed.flags, "cp_account_flag": other.flags}
    return other


def _stated(number: str, rows: int) -> AccountColumn:
    read = np.ones(rows, np.bool_)
    return AccountColumn(
        constant(number, rows), pa.nulls(rows, pa.string()), np.zeros(rows, np.int8), read, {}
    )


def _time(block: Transactions) -> None:
    """Read when: one column, or a day and a clock in two."""
    role = "time" if "time" in block.binding.places else "date"
    clock = block.columns.get("clock")
    told = moments(block.cells.data, block.get(role), clock)
    block.refusals.each(told.refused, role)
    block.refusals.mark(~told.read, role, "time_missing")
    block.facts |= {"time": told.micros, "time_precision": told.precisions}


def _settle_direction(block: Transactions, direction: Marks, money: Amounts) -> None:
    """Refuse rows without a sure amount or a sure direction."""
    role = "amount" if "amount" in block.binding.places else "amount_in"
    refusals = block.refusals
    refusals.each(money.refused, role)
    refusals.mark(~money.read, role, "amount_missing")
    refusals.mark(direction == words.UNKNOWN, "direction", "unknown_direction")
    refusals.mark(direction == _CLASH, role, "sign_against_direction")
    refusals.mark(direction == _EMPTY, "direction", "direction_missing")


def _words(block: Transactions, kinds: Marks, other: AccountColumn) -> None:
    """Read success, currency, cash; settle the class."""
    success, _ = block.code("success", words.answers("success"), 1)
    block.refusals.mark(success == words.UNKNOWN, "success", "unknown_success")
    if "success" in block.columns:
        block.note("success", "success_assumed", ~block.get("success").filled)
    block.facts["success"] = success == 1
    _currency(block)
    cash, _ = block.code("cash", words.answers("cash"), 0)
    block.note("cash", "unknown_cash", cash == words.UNKNOWN)
    _classes(block, kinds, cash == 1, other)


def _classes(block: Transactions, kinds: Marks, cash: Mask, other: AccountColumn) -> None:
    """Name each row's class; a fee or interest of free text counts only where there is no counterparty."""
    names = words.kind_names()
    doubtful = ((kinds == names.index("fee")) | (kinds == names.index("interest"))) & other.read
    settled = np.where(doubtful, _named(block, ("channel",)), kinds) if doubtful.any() else kinds
    weak = settled >= names.index("consumption")
    settled = np.where(weak & cash, names.index("cash"), settled)
    party = other.read | block.get("cp_name").filled
    settled = np.where((settled == len(names) - 1) & party, names.index("transfer"), settled)
    block.facts["class"] = settled.astype(np.int8)
    block.facts["cash"] = cash | (settled == names.index("cash"))


def _currency(block: Transactions) -> None:
    table, names = words.currencies()
    if "currency" not in block.columns:
        block.facts["currency"] = np.full(block.rows, names.index(block.layout.currency), np.int8)
        return
    code, strange = block.code("currency", table, names.index(block.layout.currency))
    if strange:
        block.refusals.mark(code == words.UNKNOWN, "currency", "unknown_currency")
        code = np.where(code == words.UNKNOWN, 0, code).astype(np.int8)
    block.facts["currency"] = code


def _spell_facts(block: Transactions) -> None:
    """Turn what was judged of each row into columns."""
    facts = block.facts
    block.made |= {
        name: pa.array(facts[name])
        for name in ("account_flag", "cp_account_flag", "time_precision", "amount_fen", "direction")
    }
    block.made |= {name: _bools(facts[name]) for name in ("success", "cash")}
    block.made["time"] = pa.array(facts["time"]).cast(pa.timestamp("us", "UTC"))
    block.made["class"] = _spelled(facts["class"], words.kind_names())
    block.made["currency"] = _spelled(facts["currency"], words.currencies()[1])


def _texts(block: Transactions) -> None:
    """Copy what is kept as it stands; note what is dropped."""
    data = block.cells.data
    block.made |= {role: coded_array(data, block.get(role)) for role in _REPEATING}
    block.made |= {role: text_array(data, block.get(role)) for role in _DIFFERENT}
    for role in ("linked_card", "cp_linked_card"):
        kept = text_array(data, block.get(role))
        cards = accounts(data, block.get(role), wallet=False) if kept.null_count < block.rows else None
        block.made[role] = pc.coalesce(cards.numbers, kept) if cards else kept
    stated = block.context.stated.get("owner_name")
    if stated and block.made["owner_name"].null_count == block.rows:
        block.made["owner_name"] = constant_coded(stated, block.rows)
    block.made["institution"] = constant_coded(
        block.layout.institution or block.context.institution, block.rows
    )
    block.made["mac"], strange = mac_array(data, block.get("mac"))
    block.note("mac", "bad_mac", strange)
    balance = amounts(
        data, block.get("balance"), block.binding.unit("balance") if "balance" in block.columns else 2
    )
    block.note("balance", "bad_balance", len(balance.refused))
    block.made["balance_fen"] = fen_array(balance)


def _keys(block: Transactions) -> None:
    """Hash what identifies a movement. Where it was read, and columns that only some requests give, stay out."""
    keys = fresh_keys(block.rows)
    for name in ("account", "account_mark", "cp_account", "serial", "log_serial", "currency"):
        column = block.made[name]
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if column.null_count == block.rows:
            mix_texts(_frozen(None, np.uint8), _frozen(bytes(4 * block.rows + 4), np.int32), keys)
        else:
            _, offsets, data = column.buffers()
            mix_texts(_frozen(data, np.uint8), _frozen(offsets, np.int32), keys)
    mix_numbers(block.facts["time"], keys)
    mix_numbers(block.facts["amount_fen"], keys)
    mix_numbers(pc.fill_null(block.made["balance_fen"], -(2**62)).to_numpy(), keys)
    mix_numbers(block.facts["direction"].astype(np.int64) * 2 + block.facts["success"], keys)
    block.made["row_key"] = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), block.rows, [None, pa.py_buffer(keys)]
    )


def _frozen(buffer: pa.Buffer | bytes | None, kind: type) -> np.ndarray[Any, Any]:
    """View a buffer as an array that is always read-only, so that one compiled loop serves all."""
    view: np.ndarray[Any, Any] = np.frombuffer(buffer if buffer is not None else b"", kind)
    view.flags.writeable = False
    return view


def _spelled(codes: np.ndarray[Any, Any], names: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), list(names))


def _bools(mask: Mask) -> pa.Array:
    return pa.Array.from_buffers(
        pa.bool_(), len(mask), [None, pa.py_buffer(np.packbits(mask, bitorder="little"))]
    )


def _fitted(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return encoded(array) if kind == CODES and array.type != CODES else array


def _finish(block: Transactions) -> Outcome:
    block.made |= provenance(block.lines, block.binding, block.context)
    block.made["occurrence"] = pa.array(np.ones(block.rows, np.int32))
    columns = [_fitted(block.made[field.name], field.type) for field in TRANSACTION_SCHEMA]
    batch = pa.RecordBatch.from_arrays(columns, schema=TRANSACTION_SCHEMA)
    balance_known = block.made["balance_fen"].is_valid().to_numpy(zero_copy_only=False)
    asked = ~(block.get("serial").filled | block.get("log_serial").filled | balance_known)
    return Outcome(
        TRANSACTIONS,
        batch,
        block.refusals.batch(block.context),
        block.refusals.blank,
        block.notes,
        asked if asked.any() else None,
    )
