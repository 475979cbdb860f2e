"""What if (推演): two ways of working played in the same made-up worlds, and what each would have saved."""

from rongdun.simulation.whatif.api import router
from rongdun.simulation.whatif.jobs import JOBS
from rongdun.simulation.whatif.rules import WHATIF

__all__ = ["JOBS", "WHATIF", "router"]
