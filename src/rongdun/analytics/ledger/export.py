"""All observations of a version in one file, for other programs."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rongdun.analytics.ledger.rewrite import stored_rows
from rongdun.analytics.ledger.runs import merged
from rongdun.analytics.ledger.settle import STEP_ROWS
from rongdun.analytics.ledger.tables import spec_of
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import TRANSACTIONS


def write_export(view: View, out: Path) -> int:
    """Write the observations by month, account and time to ``out``; ``.arrow`` gives Arrow, all else Parquet."""
    spec = spec_of(TRANSACTIONS)
    folder = view.tables.folder(TRANSACTIONS)
    files = view.files(TRANSACTIONS)
    rows = 0
    with _sink(out, spec.stored) as write:
        for month in sorted({file.month for file in files}):
            parts = [stored_rows(folder, f, spec, 1 << 14) for f in files if f.month == month]
            for step in merged(parts, spec, STEP_ROWS):
                write.write_table(step.cast(spec.stored))
                rows += step.num_rows
    return rows


def _sink(out: Path, schema: pa.Schema) -> "pq.ParquetWriter | pa.ipc.RecordBatchFileWriter":
    if out.suffix == ".arrow":
        return pa.ipc.new_file(str(out), schema)
    return pq.ParquetWriter(out, schema, compression="zstd")
