"""Files: kept by content, judged by content.

Domains keep rows that name a hash; the bytes lie in the :class:`FileStore` of the deployment.
"""

from rongdun.runtime.files.errors import DiskFull, EmptyFile, FileLost, UnacceptedFile
from rongdun.runtime.files.sniff import safe_name, sniff
from rongdun.runtime.files.store import Damage, FileStore, Incoming, StoredFile

__all__ = [
    "Damage",
    "DiskFull",
    "EmptyFile",
    "FileLost",
    "FileStore",
    "Incoming",
    "StoredFile",
    "UnacceptedFile",
    "safe_name",
    "sniff",
]
