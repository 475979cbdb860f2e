"""Hand-made statement rows and files for the ledger's tests; everything is visibly synthetic."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from rongdun.analytics.statements.reading import Chunk, Counts, FileReading
from rongdun.analytics.statements.schema import REJECTS, SCHEMAS, TRANSACTIONS

NOON = datetime(2024, 5, 6, 4, 0, tzinfo=UTC)
_IDENTITY = ("account", "cp_account", "direction", "amount_fen", "balance_fen", "time", "serial", "purpose")


def row(minute: float = 0, amount: int = 100_00, direction: int = -1, **told: Any) -> dict[str, Any]:
    """One movement of the account 测试1, ``minute`` minutes after noon."""
    values: dict[str, Any] = {
        "occurrence": 1,
        "institution": "测试银行",
        "account": "6222000000000000001",
        "account_flag": 0,
        "cp_account_flag": 0,
        "direction": direction,
        "amount_fen": amount,
        "currency": "CNY",
        "time": NOON + timedelta(minutes=minute),
        "time_precision": 2,
        "class": "transfer",
        "success": True,
        "cash": False,
    } | told
    identity = "|".join(str(values.get(name)) for name in _IDENTITY)
    return {"row_key": hashlib.blake2b(identity.encode(), digest_size=16).digest()} | values


def reading(
    path: str,
    rows: Sequence[dict[str, Any]] = (),
    *,
    rejects: int = 0,
    blank: int = 0,
    table: str = TRANSACTIONS,
    chunk_rows: int = 3,
    refused: str | None = None,
) -> FileReading:
    """A file with these rows from line 2 on, some chunks long, then its rejected rows."""

    def source(self: FileReading) -> Iterable[Chunk]:
        for start in range(0, len(rows), chunk_rows):
            part = [
                {"layout": "hand_made", "sheet": "", "row": line + 2} | values
                for line, values in enumerate(rows[start : start + chunk_rows], start)
            ]
            self.counts.taken += len(part)
            yield Chunk(table, pa.RecordBatch.from_pylist(part, schema=SCHEMAS[table]))
        if rejects:
            yield Chunk(REJECTS, _rejects(path, len(rows), rejects))
        self.layouts.append("hand_made")

    return FileReading(
        path,
        "csv",
        1,
        source,  # type: ignore[arg-type]
        file_hash=hashlib.sha256(path.encode()).digest(),
        encoding="gb18030",
        counts=Counts(rejected=rejects, blank=blank),
        refused=refused,
    )


def _rejects(path: str, after: int, count: int) -> pa.RecordBatch:
    told = [
        {
            "file": path,
            "sheet": "",
            "row": after + 2 + number,
            "column": "交易金额",
            "reason": "amount_unreadable",
            "raw": "一百元,测试",
        }
        for number in range(count)
    ]
    return pa.RecordBatch.from_pylist(told, schema=SCHEMAS[REJECTS])
