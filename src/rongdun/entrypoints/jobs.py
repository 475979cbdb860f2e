"""Every background job of the product; a domain that has some lists them in its ``jobs.py``."""

from rongdun.adapters import banks
from rongdun.domains import desk, oversight, people, restitution, stop_payment, tracing
from rongdun.runtime.jobs import Job
from rongdun.simulation import whatif

JOBS: tuple[Job, ...] = (
    *oversight.JOBS,
    *desk.JOBS,
    *people.JOBS,
    *tracing.JOBS,
    *stop_payment.JOBS,
    *restitution.JOBS,
    *banks.JOBS,
    *whatif.JOBS,
)
