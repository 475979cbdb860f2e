"""What the worker does with imports: reads, undoes, gives up on those that hang; compacts the ledger, clears it up."""

from rongdun.runtime.jobs import Job, Work


def _read(work: Work, import_id: str, round: int) -> None:
    from rongdun.domains.tracing.reading import read_import

    read_import(work, import_id, round)


def _undo(work: Work, import_id: str) -> None:
    from rongdun.domains.tracing.undoing import undo_import

    undo_import(work, import_id)


def _sweep(work: Work) -> None:
    from rongdun.domains.tracing.undoing import sweep

    sweep(work)


def _compact(work: Work) -> None:
    from rongdun.domains.tracing.undoing import compact

    compact(work)


def _vacuum(work: Work) -> None:
    from rongdun.domains.tracing.undoing import vacuum

    vacuum(work)


READ = Job("tracing.read_import", _read)
"""Reads a round of an import; a killed worker's is taken over."""

UNDO = Job("tracing.undo_import", _undo)

SWEEP = Job("tracing.sweep_imports", _sweep, cron="*/5 * * * *", attempts=1)
"""Every five minutes: imports whose reader fell silent."""

COMPACT = Job("tracing.compact_ledger", _compact, cron="10 18 * * *")
"""Every night at 02:10 in Shanghai."""

VACUUM = Job("tracing.vacuum_ledger", _vacuum, cron="50 18 * * *")
"""Every night at 02:50 in Shanghai, after the compaction: files that only versions past their term need."""

JOBS = (READ, UNDO, SWEEP, COMPACT, VACUUM)
