"""Every background job of the product; a domain that has some lists them in its ``jobs.py``."""

from rongdun.domains import desk, oversight, people, restitution, tracing
from rongdun.runtime.jobs import Job

JOBS: tuple[Job, ...] = (
    *oversight.JOBS,
    *desk.JOBS,
    *people.JOBS,
    *tracing.JOBS,
    *restitution.JOBS,
)
