"""What the worker does with what-if runs: plays them, gives up on those that hang."""

from rongdun.runtime.jobs import Job, Work


def _run(work: Work, run_id: str) -> None:
    from rongdun.simulation.whatif.running import run_turn

    run_turn(work, run_id)


def _sweep(work: Work) -> None:
    from rongdun.simulation.whatif.running import sweep

    sweep(work)


RUN = Job("whatif.run_turn", _run)
"""Plays the next worlds of a run; a killed worker's turn is taken over."""

SWEEP = Job("whatif.sweep_runs", _sweep, cron="*/5 * * * *", attempts=1)
"""Every five minutes: runs whose worker fell silent."""

JOBS = (RUN, SWEEP)
