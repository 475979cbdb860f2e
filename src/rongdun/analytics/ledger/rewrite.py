"""Reading stored files back as rows in order, and writing some of them again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from rongdun.analytics.ledger.delta import DataFile
from rongdun.analytics.ledger.sink import Disk
from rongdun.analytics.ledger.tables import TableSpec
from rongdun.analytics.ledger.write import SizedWriter

Keep: TypeAlias = Callable[[pa.Table], npt.NDArray[np.bool_]]
"""Tells which rows of a part stay."""


def stored_rows(folder: Path, file: DataFile, spec: TableSpec, batch_rows: int) -> Iterator[pa.Table]:
    """Yield a file's rows in order, repeating text as codes; columns that came after its program are null."""
    known = pq.read_schema(folder / file.path).names
    coded = [f.name for f in spec.staged if pa.types.is_dictionary(f.type) and f.name in known]
    parquet = pq.ParquetFile(folder / file.path, read_dictionary=coded)
    later = [field for field in spec.stored if field.name not in known]
    for batch in parquet.iter_batches(batch_rows):
        rows = pa.Table.from_batches([batch])
        for field in later:
            rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
        yield rows.select(spec.staged.names).cast(spec.staged_for_parquet)


def kept(folder: Path, files: list[DataFile], spec: TableSpec, token: str, keep: Keep) -> list[DataFile]:
    """Write each file again with the rows that stay; a file that keeps none comes to nothing."""
    result: list[DataFile] = []
    with Disk() as disk:
        for number, file in enumerate(files):
            writer = SizedWriter(folder, spec, f"{token}-k{number}", disk)
            for rows in stored_rows(folder, file, spec, 1 << 16):
                writer.write(file.month, rows.filter(pa.array(keep(rows))))
            result += writer.close()
    return result
