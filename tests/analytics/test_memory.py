"""Memory that was freed is taken again without asking the system for its pages, until it is given back."""

import subprocess
import sys

SCRIPT = """
import resource
from threading import Thread

import numpy as np

from rongdun.analytics.memory import give_back, keep_freed

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    arrays = [np.full(8 << 20, 1, np.uint8) for _ in range(5)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def twice():
    first = faults()
    told.extend([first, faults()])

told = []
keep_freed()
twice()
beside = Thread(target=twice)
beside.start()
beside.join()
give_back()
told.append(faults())
print(*told)
"""


def test_freed_memory_is_kept_in_every_thread_and_given_back_when_told() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    first, again, beside_first, beside_again, after = map(int, done.stdout.split())
    assert again * 10 < first
    assert beside_again * 10 < beside_first
    assert after * 2 > first
