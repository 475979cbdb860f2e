"""One account of a trace as the API shows it: marks, notes, decisions, and the other traces that touch it."""

from rongdun.domains.tracing.accounts import AccountKey, seen_by
from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.findings import choices_of
from rongdun.domains.tracing.traces.model import NOTE, Trace, TraceNote
from rongdun.domains.tracing.traces.results import account_at
from rongdun.domains.tracing.traces.schemas import MarkOut, NoteOut, OtherOut, TraceAccountOut
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow


def account_out(uow: Uow, found: Trace, account: str) -> TraceAccountOut:
    """Return what the desk knows of an account of the trace."""
    one = account_at(uow, found, account)
    key = AccountKey(one.institution, one.number)
    choice = next((each for each in choices_of(uow, found) if (each.institution, each.number) == key), None)
    session, scope = uow.session, uow.actor.scope
    return TraceAccountOut(
        id=account,
        marks=[
            MarkOut(mark=row.mark, maker_name=row.maker_name, made_at=row.made_at)
            for row in store.marks_of(session, scope, found.id)
            if row.account == account
        ],
        notes=[
            note_out(uow, row) for row in store.notes_of(session, scope, found.id) if row.account == account
        ],
        others=[
            OtherOut(id=one.id, number=one.number, title=one.title, unit_name=one.unit_name, in_fen=fen)
            for one, fen in store.others_at(session, scope, found.id, account)
        ],
        hub=choice.hub if choice else None,
        delta_minutes=choice.delta_minutes if choice else None,
        page=seen_by(uow).accounts.key_of(uow.vault, account) is not None,
    )


def note_out(uow: Uow, row: TraceNote) -> NoteOut:
    """Return a note, opened."""
    text = uow.vault.open(row.text, NOTE.context_of(row.id))
    return NoteOut(text=text, maker_name=row.maker_name, made_at=row.made_at)


def subject_of(found: Trace, account: str) -> SubjectRef:
    """Return an account of a trace as audit entries name it."""
    return SubjectRef("trace_account", f"{found.id}.{account}", found.number)
