"""The centre's own PostgreSQL, for a machine that has none configured; see docs/decisions/0001."""

from rongdun.runtime.localpg.binaries import Binaries, installed
from rongdun.runtime.localpg.dsns import Dsns, databases
from rongdun.runtime.localpg.external import check_external
from rongdun.runtime.localpg.progress import Report
from rongdun.runtime.localpg.server import LocalServer, reach, start

__all__ = [
    "Binaries",
    "Dsns",
    "LocalServer",
    "Report",
    "check_external",
    "databases",
    "installed",
    "reach",
    "start",
]
