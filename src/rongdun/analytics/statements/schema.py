"""Arrow schemas of what a statement becomes: one shape for every bank, payment institution and carrier. Pure.

Money is whole fen (``int64``), moments are UTC with their precision beside them, an empty cell is null. Every
row of every table ends in the same provenance: the file's SHA-256, the sheet ("" in a text file) and the row as
an officer sees it (first line = 1).
"""

from typing import Final

import pyarrow as pa

TRANSACTIONS: Final = "transactions"
ACCOUNTS: Final = "accounts"
PEOPLE: Final = "people"
SUBACCOUNTS: Final = "subaccounts"
MEASURES: Final = "measures"
TASKS: Final = "tasks"
CALLS: Final = "calls"
BALANCES: Final = "balances"
REGISTRATIONS: Final = "registrations"
LOGINS: Final = "logins"
REJECTS: Final = "rejects"

INCOMING: Final = 1
OUTGOING: Final = -1

PLAIN: Final = 0
MASKED: Final = 1
RECOVERED: Final = 2
UNREADABLE: Final = 3
"""Flags of an account number: as written; with masked digits; taken back from scientific notation without loss;
not an account number (the number is null, the text is in ``cp_account_raw``). Only 0 and 2 may be joined on."""

DAY: Final = 0
MINUTE: Final = 1
SECOND: Final = 2
SUBSECOND: Final = 3

CLASSES: Final = ("transfer", "fee", "interest", "cash", "consumption", "refund", "reversal", "other")
"""What a row is; none of them is refused. ``other`` is a row that names neither a kind nor a counterparty."""

_MOMENT: Final = pa.timestamp("us", "UTC")


CODES: Final = pa.dictionary(pa.int32(), pa.string())
"""Text and hashes that repeat, as codes; they read back like text and bytes."""


def _coded(*names: str) -> list[pa.Field]:
    return [pa.field(name, CODES) for name in names]


def _text(*names: str) -> list[pa.Field]:
    return [pa.field(name, pa.string()) for name in names]


def _fen(*names: str) -> list[pa.Field]:
    return [pa.field(name, pa.int64()) for name in names]


def _moments(*names: str) -> list[pa.Field]:
    return [pa.field(name, _MOMENT) for name in names]


def _always(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


PROVENANCE: Final = (
    _always("layout", CODES),
    _always("sheet", CODES),
    _always("row", pa.int64()),
)

TRANSACTION_SCHEMA: Final = pa.schema(
    [
        # 128 bits over what identifies the movement, never over where it was read: the same row has the same key
        # in every file. ``occurrence`` counts equal rows of one file that neither a serial nor a balance tells
        # apart, from 1: two real purchases stay two; with a serial or a balance an equal row is a repetition.
        _always("row_key", pa.binary(16)),
        _always("occurrence", pa.int32()),
        _always("institution", CODES),  # "" where neither the file nor its name says it
        _always("account", CODES),  # main number; the part after "_" is account_mark
        _always("account_flag", pa.int8()),
        *_coded(
            "account_mark", "account_alias", "owner_name", "owner_id"
        ),  # alias: 账号 where account is the 卡号
        *_text("cp_account"),
        _always("cp_account_flag", pa.int8()),  # 0 also where there is none
        *_coded("cp_account_mark"),
        *_text("cp_account_raw"),
        *_coded("cp_name", "cp_id", "cp_bank"),
        _always("direction", pa.int8()),  # +1 in, -1 out
        _always("amount_fen", pa.int64()),  # never negative
        _always("currency", CODES),  # ISO 4217
        *_fen("balance_fen"),
        _always("time", _MOMENT),
        _always("time_precision", pa.int8()),
        *_coded("channel"),
        _always("class", CODES),
        *_coded("purpose"),
        *_text("remark"),
        _always("success", pa.bool_()),
        _always("cash", pa.bool_()),
        *_coded("terminal"),
        *_text("ip"),
        *_coded("mac", "device", "place", "branch", "merchant_name", "merchant_code"),
        *_text("serial", "log_serial"),
        *_coded("linked_card", "cp_linked_card"),
        *PROVENANCE,
    ]
)

_COMPANIONS: Final[dict[str, list[pa.Field]]] = {
    ACCOUNTS: [
        *_text(
            "institution", "account", "account_alias", "owner_name", "owner_id", "owner_id_type", "currency"
        ),
        *_fen("balance_fen", "available_fen"),
        *_text("status", "kind", "branch", "branch_code", "province", "city"),
        *_moments("opened", "closed", "last_transaction"),
        *_text("phone", "phone2", "address", "agent_name", "agent_phone", "agent_id", "legal_person"),
        *_text(
            "legal_person_id", "licence_no", "email", "employer", "linked_account", "customer_no", "remark"
        ),
        *_text("task_serial"),
    ],
    PEOPLE: [
        *_text("institution"),  # who told of the person; null where neither the file nor its name says it
        *_text("name", "id_type", "id_number", "phone", "mobile", "work_phone", "home_phone", "address"),
        *_text(
            "work_address", "employer", "email", "agent_name", "agent_id_type", "agent_id", "legal_person"
        ),
        *_text("legal_person_id", "licence_no"),
        *_moments("born"),
    ],
    SUBACCOUNTS: [
        *_text("institution", "account", "subaccount", "kind", "ordinal", "currency", "status", "owner_name"),
        *_fen("balance_fen", "available_fen"),
        *_text("remark"),
    ],
    MEASURES: [
        *_text(
            "institution", "account", "kind_code", "kind", "authority", "ordinal", "subject_kind", "remark"
        ),
        *_fen("amount_fen"),
        *_moments("begins", "ends"),
        *_text("task_serial"),
    ],
    TASKS: [
        *_text("task_serial", "institution", "subject_kind", "id_number", "account"),
        *_moments("sent", "answered", "stored"),
        *_text("answer", "answer_summary", "answer_details", "stored_status", "request_no", "result"),
    ],
    CALLS: [
        *_text("number", "peer", "kind", "direction_text"),
        pa.field(
            "direction", pa.int8()
        ),  # +1 called (被叫), -1 calling (主叫), null where the file does not say
        *_moments("time"),
        pa.field("seconds", pa.int64()),
        *_text("station", "cell", "longitude", "latitude", "place", "device"),
    ],
    BALANCES: [
        *_text("account", "owner_name"),
        *_moments("time"),
        *_fen("amount_fen"),
        pa.field("direction", pa.int8()),
        *_fen("balance_fen"),
        *_text("kind", "serial", "remark"),
    ],
    REGISTRATIONS: [
        *_text("account", "email", "phone", "name", "id_type", "id_number", "bound_phone", "ip", "cards"),
        *_fen("balance_fen"),
        *_moments("registered"),
        *_text("linked_accounts", "status", "bank", "remark"),
    ],
    LOGINS: [
        *_text("account", "name"),
        *_moments("time"),
        *_text("ip", "place", "device", "kind", "mac", "remark"),
    ],
}

REJECT_SCHEMA: Final = pa.schema(
    [
        _always("file", pa.string()),
        _always("sheet", pa.string()),
        pa.field("row", pa.int64()),  # null where the whole file is refused
        pa.field("column", pa.string()),  # the heading as it stands in the file
        _always("reason", pa.string()),  # a key of reasons.REASONS
        _always(
            "raw", pa.string()
        ),  # the row's cells as a line of CSV; the whole file's text is not repeated
    ]
)

SCHEMAS: Final[dict[str, pa.Schema]] = {
    TRANSACTIONS: TRANSACTION_SCHEMA,
    **{name: pa.schema([*fields, *PROVENANCE]) for name, fields in _COMPANIONS.items()},
    REJECTS: REJECT_SCHEMA,
}
"""Every table a reader may yield, by name."""
