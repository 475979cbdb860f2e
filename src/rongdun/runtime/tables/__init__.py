"""The one contract of every list: page, filter, sort, search and export, done by the server.

A store builds a ``select`` and a :class:`TableSpec` says which of its columns may be asked for; the rest is
here. Nothing a caller sends becomes SQL text: names are looked up, values are bound.
"""

from rongdun.runtime.tables.query import TableQuery, TableQueryDep
from rongdun.runtime.tables.run import Page, all_rows, first_rows, run_table
from rongdun.runtime.tables.spec import Column, TableSpec

__all__ = [
    "Column",
    "Page",
    "TableQuery",
    "TableQueryDep",
    "TableSpec",
    "all_rows",
    "first_rows",
    "run_table",
]
