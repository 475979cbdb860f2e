"""What the worker does with traces: computes them, gives up on those that hang."""

from rongdun.runtime.jobs import Job, Work


def _run(work: Work, trace_id: str, round: int) -> None:
    from rongdun.domains.tracing.traces.computing import run_trace

    run_trace(work, trace_id, round)


def _sweep(work: Work) -> None:
    from rongdun.domains.tracing.traces.computing import sweep

    sweep(work)


RUN = Job("tracing.run_trace", _run)
"""Computes a round of a trace by every rule; a killed worker's is taken over."""

SWEEP = Job("tracing.sweep_traces", _sweep, cron="*/5 * * * *", attempts=1)
"""Every five minutes: traces whose worker fell silent."""

JOBS = (RUN, SWEEP)
