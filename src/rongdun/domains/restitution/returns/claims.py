"""Claims of a return: told, applied, papers, verified, set aside, paid to another account of the victim."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rongdun.domains.restitution.errors import NoSuchClaim, WrongClaim
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import (
    OTHER,
    Claimant,
    Payee,
    ReturnClaim,
    ReturnOrder,
    seal_fields,
)
from rongdun.domains.restitution.returns.moves import changed, move
from rongdun.domains.restitution.returns.service import claim_row, seen
from rongdun.kernel.account import mask_account, parse_account
from rongdun.kernel.errors import DomainError, FieldError, Text
from rongdun.kernel.id_number import parse_resident
from rongdun.kernel.person_name import normalise_name
from rongdun.kernel.phone import parse_phone
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.uow import Uow

_NAMELESS = Text("请填写姓名", "Enter the name")
_NO_LOSS = Text("损失应大于零", "The loss is more than nothing")
_UNKNOWN = Text("没有这种材料", "There is no such paper")
_WHY = Text("返还至其他账户须写明理由", "Paying to another account needs a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a claim stands after an edit; ``set_aside`` is the reason it takes no part, empty when it does."""

    notified: bool
    applied: bool
    materials: Sequence[str]
    verified: bool
    loss_fen: int
    set_aside: str


def add_claim(uow: Uow, return_id: UUID, *, version: int, person: Claimant, loss_fen: int) -> ReturnOrder:
    """Enter a victim the case does not name yet.

    Raises :class:`WrongClaim` with every field that cannot be read.
    """
    found = seen(uow, return_id, version)
    clean = _read(person, loss_fen)
    claims = store.claims_of(uow.session, uow.actor.scope, found.id)
    uow.session.add(claim_row(uow, found, len(claims), clean, loss_fen))
    uow.session.flush()
    move(uow, found, "edit", after={"claims": len(claims) + 1})
    return found


def set_progress(
    uow: Uow, return_id: UUID, claim_id: UUID, *, version: int, progress: Progress
) -> ReturnOrder:
    """Write how a claim stands: told, applied, papers that came in, loss verified, set aside."""
    found = seen(uow, return_id, version)
    claim = _claim(uow, found, claim_id)
    known = [
        entry.code
        for entry in policies.codes(uow.session, "return.transfer_materials", on=civil_date(uow.now))
    ]
    if not set(progress.materials) <= set(known):
        raise WrongClaim(fields=[FieldError("materials", _UNKNOWN)])
    if progress.loss_fen <= 0:
        raise WrongClaim(fields=[FieldError("loss_fen", _NO_LOSS)])
    claim.notified_at = (claim.notified_at or uow.now) if progress.notified else None
    claim.applied_at = (claim.applied_at or uow.now) if progress.applied else None
    claim.materials = [code for code in known if code in set(progress.materials)]
    claim.loss_fen, claim.set_aside = progress.loss_fen, progress.set_aside.strip()
    claim.verified_at = (claim.verified_at or uow.now) if progress.verified else None
    claim.verified_name = uow.actor.name if progress.verified else ""
    after = {"claim": claim.place + 1, "loss_fen": claim.loss_fen, "verified": progress.verified}
    move(uow, found, "edit", after=after, reason=claim.set_aside)
    return found


def set_account(
    uow: Uow, return_id: UUID, claim_id: UUID, *, version: int, payee: Payee | None, reason: str
) -> ReturnOrder:
    """Pay a claim to another account of the victim, with a reason; None goes back to the original account.

    Allowed until the notice goes to the bank, so also after the bank could not pay.
    """
    found = seen(uow, return_id, version)
    claim = _claim(uow, found, claim_id)
    if payee is not None and not reason.strip():
        raise WrongClaim(fields=[FieldError("reason", _WHY)])
    clean = (
        None
        if payee is None
        else Payee(institution=payee.institution, account=_number(payee.account, "account"))
    )
    claim.other_account = None if clean is None else seal_fields(uow.vault, clean, OTHER.context_of(claim.id))
    claim.other_account_masked = (
        "" if clean is None else f"{clean.institution} {mask_account(clean.account)}".strip()
    )
    claim.other_account_reason = "" if clean is None else reason.strip()
    after: dict[str, object] = {"claim": claim.place + 1, "other_account": clean is not None}
    if found.state == "APPROVED_CITY":
        changed(uow, found, "return.account", after=after, note=reason)
    else:
        move(uow, found, "edit", after=after, reason=reason)
    return found


def _claim(uow: Uow, found: ReturnOrder, claim_id: UUID) -> ReturnClaim:
    for claim in store.claims_of(uow.session, uow.actor.scope, found.id):
        if claim.id == claim_id:
            return claim
    raise NoSuchClaim


def _read(person: Claimant, loss_fen: int) -> Claimant:
    wrong: list[FieldError] = []
    name = normalise_name(person.name)
    if not name:
        wrong.append(FieldError("name", _NAMELESS))
    if loss_fen <= 0:
        wrong.append(FieldError("loss_fen", _NO_LOSS))
    values = {"id_number": person.id_number, "phone": person.phone, "account": person.account}
    readers = {
        "id_number": lambda text: parse_resident(text).number,
        "phone": lambda text: parse_phone(text).number,
        "account": lambda text: parse_account(text).message_form,
    }
    for field, text in values.items():
        try:
            values[field] = readers[field](text) if text else ""
        except DomainError as error:
            wrong.append(FieldError(field, error.message))
    if wrong:
        raise WrongClaim(fields=wrong)
    return Claimant(name=name, address=person.address, institution=person.institution, **values)


def _number(text: str, field: str) -> str:
    try:
        return parse_account(text).message_form
    except DomainError as error:
        raise WrongClaim(fields=[FieldError(field, error.message)]) from error
