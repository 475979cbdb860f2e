"""What of a report may be shown in clear, with a purpose and on record."""

from uuid import UUID

from rongdun.domains.intake import store
from rongdun.domains.intake.content import Content
from rongdun.domains.intake.service import content_of
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

VICTIM = ("name", "id_number", "phone", "address")
REPORTER = ("name", "phone")
TRANSFER = ("account", "name", "out_account", "out_name")


def _open(uow: Uow, record: str) -> tuple[Content, SubjectRef, str, str] | None:
    report, _, place = record.partition(".")
    try:
        found = store.find_report(uow.session, uow.actor.scope, UUID(report))
    except ValueError:
        return None
    if found is None:
        return None
    return content_of(uow, found), found.reference, found.unit_path, place


def _story(uow: Uow, record: str) -> Revealed | None:
    opened = _open(uow, record)
    return Revealed(opened[0].story, opened[1], opened[2]) if opened else None


def _person(whose: str, field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        opened = _open(uow, record)
        if opened is None:
            return None
        person = getattr(opened[0], whose)
        return Revealed(getattr(person, field) or None, opened[1], opened[2])

    return load


def _placed(which: str, field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        opened = _open(uow, record)
        if opened is None or not opened[3].isdigit():
            return None
        rows = getattr(opened[0], which)
        if int(opened[3]) >= len(rows):
            return None
        return Revealed(getattr(rows[int(opened[3])], field) or None, opened[1], opened[2])

    return load


register_reveal("report", "story", _story, "report.read")
for _field in VICTIM:
    register_reveal("report", f"victim_{_field}", _person("victim", _field), "report.read")
for _field in REPORTER:
    register_reveal("report", f"reporter_{_field}", _person("reporter", _field), "report.read")
for _field in TRANSFER:
    register_reveal("report_transfer", _field, _placed("transfers", _field), "report.read")
register_reveal("report_named", "value", _placed("named", "value"), "report.read")
