"""Accepting a case from a form: what was written is read with certainty or refused field by field."""

from collections.abc import Callable
from typing import TypeVar

from rongdun.domains.cases.errors import UnknownFraudType
from rongdun.domains.cases.model import Case
from rongdun.domains.cases.persons import Person, Victim
from rongdun.domains.cases.schemas import CaseCheckIn, CaseIn, VictimCheckIn
from rongdun.domains.cases.service import CaseDraft, open_case
from rongdun.domains.cases.views import fraud_types
from rongdun.kernel.account import parse_account
from rongdun.kernel.errors import DomainError, FieldError, Invalid
from rongdun.kernel.id_number import parse_resident
from rongdun.kernel.money import parse_fen
from rongdun.kernel.person_name import normalise_name
from rongdun.kernel.phone import parse_phone
from rongdun.runtime.uow import Uow

Value = TypeVar("Value")


def accept(uow: Uow, body: CaseIn) -> Case:
    """Accept a case for the actor's own unit; :class:`Invalid` names every field that is wrong."""
    faults: list[FieldError] = []
    if body.fraud_type not in fraud_types(uow):
        faults.append(FieldError("fraud_type", UnknownFraudType.message))
    victims = [_victim(one, f"victims.{place}", faults) for place, one in enumerate(body.victims)]
    if faults:
        raise Invalid(fields=faults)
    return open_case(uow, _draft(uow, body, victims))


def check(body: CaseCheckIn) -> tuple[list[FieldError], list[int | None]]:
    """Return what is wrong in the fields typed so far, and each loss in fen, None where it cannot be read."""
    faults: list[FieldError] = []
    losses: list[int | None] = []
    for place, one in enumerate(body.victims):
        _person(one, f"victims.{place}", faults)
        losses.append(_loss(one, f"victims.{place}", faults) if one.loss else None)
    return faults, losses


def _draft(uow: Uow, body: CaseIn, victims: list[Victim]) -> CaseDraft:
    assert uow.actor.user_id is not None, "the endpoint asked for somebody who is signed in"
    return CaseDraft(
        unit_path=uow.actor.unit_path,
        unit_name=uow.actor.unit_name,
        fraud_type=body.fraud_type,
        story=body.story,
        victims=victims,
        source=body.source,
        handlers=[(uow.actor.user_id, uow.actor.name)],
    )


def _victim(one: VictimCheckIn, path: str, faults: list[FieldError]) -> Victim:
    person = _person(one, path, faults)
    return Victim(person=person, loss_fen=_loss(one, path, faults) or 0)


def _loss(one: VictimCheckIn, path: str, faults: list[FieldError]) -> int | None:
    return _try(lambda: parse_fen(one.loss), f"{path}.loss", faults)


def _person(one: VictimCheckIn, path: str, faults: list[FieldError]) -> Person:
    return Person(
        name=normalise_name(one.name),
        id_number=_read(
            lambda: parse_resident(one.id_number).number, one.id_number, f"{path}.id_number", faults
        ),
        phone=_read(lambda: parse_phone(one.phone).number, one.phone, f"{path}.phone", faults),
        institution=one.institution,
        account=_read(
            lambda: parse_account(one.account).message_form, one.account, f"{path}.account", faults
        ),
    )


def _read(read: Callable[[], str], text: str, path: str, faults: list[FieldError]) -> str:
    return (_try(read, path, faults) or "") if text else ""


def _try(read: Callable[[], Value], path: str, faults: list[FieldError]) -> Value | None:
    try:
        return read()
    except DomainError as error:
        faults.append(FieldError(path, error.message))
        return None
