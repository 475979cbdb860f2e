"""A process that plays every institution over a world's books. See ``README.md``."""

from rongdun.adapters.banks.simulator.banks import Banks, Entry
from rongdun.adapters.banks.simulator.faults import Faults
from rongdun.adapters.banks.simulator.manner import Manner, load_manner
from rongdun.adapters.banks.simulator.memory import MemoryBook

__all__ = ["Banks", "Entry", "Faults", "Manner", "MemoryBook", "load_manner"]
