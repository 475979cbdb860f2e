"""What a report names, as blind indexes: how the same person, account or number is found without being read."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.intake.content import Content
from rongdun.domains.intake.model import ENTITY, Report, ReportEntity
from rongdun.runtime.crypto import Vault


class Entity(NamedTuple):
    """Something a report names: what kind, which value, and in which field of the form it stands."""

    kind: str
    value: str
    path: str


def entities_of(content: Content) -> Iterator[Entity]:
    """Yield what a report names, each with its field; values too vague to mean one thing are left out."""
    victim = content.victim
    if victim.id_number:
        yield Entity("person", victim.id_number, "victim.id_number")
    if victim.phone:
        yield Entity("phone", victim.phone, "victim.phone")
    for place, one in enumerate(content.transfers):
        if one.whole:
            yield Entity("account", one.account, f"transfers.{place}.account")
    for place, named in enumerate(content.named):
        if "*" not in named.value:
            value = named.value if named.kind in ("phone", "account") else named.value.lower().rstrip("/")
            yield Entity(named.kind, value, f"named.{place}.value")


def key_of(vault: Vault, kind: str, value: str) -> bytes:
    """Return the blind index of something a report names."""
    return vault.blind(f"{kind}\x1f{value}", ENTITY)


def rows_of(vault: Vault, report: Report, content: Content) -> list[ReportEntity]:
    """Return the rows by which a report is found."""
    keys = {(one.kind, key_of(vault, one.kind, one.value)) for one in entities_of(content)}
    return [_row(report, report.id, kind, key) for kind, key in sorted(keys)]


def _row(report: Report, report_id: UUID, kind: str, key: bytes) -> ReportEntity:
    return ReportEntity(
        report_id=report_id,
        kind=kind,
        key=key,
        unit_path=report.unit_path,
        handling_path=report.handling_path,
    )
