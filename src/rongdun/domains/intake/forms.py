"""The form of a report, read: what is certain is kept, what is not is named field by field with what to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from rongdun.analytics.reading import Moment, read_amount, read_moment
from rongdun.domains.intake.bins import bank_of
from rongdun.domains.intake.content import Content, Evidence, Named, Reporter, TransferTold, VictimTold
from rongdun.domains.intake.schemas_in import NamedIn, ReportIn, TransferIn, VictimIn
from rongdun.kernel.account import luhn_holds, parse_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import DomainError, FieldError, Invalid, Text
from rongdun.kernel.id_number import WrongIdNumber, parse_credit_code, parse_resident
from rongdun.kernel.money import format_yuan
from rongdun.kernel.person_name import normalise_name
from rongdun.kernel.phone import parse_phone

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at in a field that is no fault: ``kind`` is ``read`` (how it was read) or ``doubt``."""

    path: str
    kind: str
    message: Text


@dataclass(slots=True)
class FormRead:
    """A form as it was read."""

    content: Content
    deceived_at: datetime | None = None
    faults: list[FieldError] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)


def read_form(body: ReportIn, *, now: datetime) -> FormRead:
    """Return what a form says; whatever cannot be read stands among the faults, its value left out."""
    read = FormRead(Content())
    reader = _Reader(read, now)
    read.deceived_at = reader.moment(body.deceived_at, "deceived_at")
    read.content = Content(
        story=body.story.strip(),
        reporter=Reporter(
            name=normalise_name(body.reporter.name),
            phone=reader.phone(body.reporter.phone, "reporter.phone"),
            relation=body.reporter.relation,
        ),
        victim=reader.victim(body.victim),
        transfers=[
            reader.transfer(one, f"transfers.{place}")
            for place, one in enumerate(body.transfers)
            if _written(one)
        ],
        named=reader.named(body.named),
        files=[Evidence(sha256=one.sha256, name=one.name) for one in body.files],
    )
    return read


def _written(one: TransferIn) -> bool:
    """Tell whether anything of a row was filled in; the empty last row of the form is none."""
    texts = (one.account, one.name, one.amount, one.time, one.institution, one.serial)
    return any(text.strip() for text in texts)


@dataclass(slots=True)
class _Reader:
    """Reads cells; faults and hints gather in ``read``."""

    read: FormRead
    now: datetime

    def victim(self, told: VictimIn) -> VictimTold:
        number, age = told.id_number.strip(), told.age
        sex: str = told.sex
        if number:
            number = self._identity(number)
            sex, age = self._from_identity(number, sex, age)
        return VictimTold(
            name=normalise_name(told.name),
            id_number=number,
            phone=self.phone(told.phone, "victim.phone"),
            age=age,
            sex=sex,
            occupation=told.occupation,
            address=told.address,
            vulnerabilities=list(told.vulnerabilities),
        )

    def transfer(self, told: TransferIn, path: str) -> TransferTold:
        at = self._moment(told.time, f"{path}.time")
        amount = self._try(lambda: _positive(told.amount), f"{path}.amount", told.amount)
        if amount is not None:
            self._hint(
                f"{path}.amount", "read", Text(f"{format_yuan(amount)} 元", f"{format_yuan(amount)} yuan")
            )
        account = self.account(told.account, f"{path}.account")
        return TransferTold(
            out_institution=told.out_institution.strip(),
            out_account=self.account(told.out_account, f"{path}.out_account"),
            out_name=normalise_name(told.out_name),
            institution=told.institution.strip(),
            account=account,
            name=normalise_name(told.name),
            kind=told.kind,
            amount_fen=amount,
            at=at.at.isoformat() if at else "",
            precision=at.precision if at else "",
            method=told.method,
            serial=told.serial.strip(),
        )

    def named(self, told: Sequence[NamedIn]) -> list[Named]:
        kept = []
        for place, one in enumerate(told):
            value = half_width(one.value)
            if value and one.kind == "phone":
                value = self.phone(value, f"named.{place}.value")
            if value and one.kind == "account":
                value = self.account(value, f"named.{place}.value")
            if value:
                kept.append(Named(kind=one.kind, value=value))
        return kept

    def account(self, text: str, path: str) -> str:
        """Return an account number; one partly masked is kept as it was told, with a doubt."""
        plain = "".join(half_width(text).split())
        if not plain:
            return ""
        if "*" in plain and len(plain) <= 40:
            message = Text(
                "账号有打码，先登记；要止付须补全", "Masked: kept as it is, but no order can be made of it"
            )
            self._hint(path, "doubt", message)
            return plain
        number = self._try(lambda: parse_account(text).message_form, path, text) or ""
        self._account_hints(number, path)
        return number

    def phone(self, text: str, path: str) -> str:
        """Return a telephone number; one that cannot be read is kept as it was told and doubted.

        No order needs it: a number misheard must not hold up a report while money is leaving.
        """
        plain = half_width(text).strip()
        try:
            return parse_phone(plain).number if plain else ""
        except DomainError as error:
            self._hint(path, "doubt", _joined(error))
            return plain

    def moment(self, text: str, path: str) -> datetime | None:
        found = self._moment(text, path)
        return found.at if found else None

    def _moment(self, text: str, path: str) -> Moment | None:
        found = self._try(lambda: read_moment(text, now=self.now), path, text)
        if found is not None:
            shown = found.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
            self._hint(path, "read", Text(shown, shown))
            if found.doubt is not None:
                self._hint(path, "doubt", found.doubt)
        return found

    def _identity(self, text: str) -> str:
        on = self.now.astimezone(SHANGHAI).date()
        try:
            return parse_resident(text, on=on).number
        except WrongIdNumber as error:
            try:
                return parse_credit_code(text)
            except WrongIdNumber:
                self.read.faults.append(FieldError("victim.id_number", error.message))
                return ""

    def _from_identity(self, number: str, sex: str, age: int | None) -> tuple[str, int | None]:
        try:
            told = parse_resident(number)
        except WrongIdNumber:
            return sex, age
        today = self.now.astimezone(SHANGHAI).date()
        born = told.birth_date
        years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        sexes = {"male": Text("男", "male"), "female": Text("女", "female")}
        name = sexes[told.sex.value]
        self._hint("victim.id_number", "read", Text(f"{name.zh}，{years}岁", f"{name.en}, {years}"))
        return told.sex.value, years

    def _account_hints(self, number: str, path: str) -> None:
        if not number:
            return
        bank = bank_of(number)
        if bank:
            self._hint(path, "read", Text(f"卡号段：{bank}", f"By its prefix: {bank}"))
        if luhn_holds(number) is False and bank:
            message = Text(
                "卡号校验位不符，请核对有无输错", "The check digit does not hold: look for a typing error"
            )
            self._hint(path, "doubt", message)

    def _hint(self, path: str, kind: str, message: Text) -> None:
        self.read.hints.append(Hint(path, kind, message))

    def _try(self, read: Callable[[], Value], path: str, text: str) -> Value | None:
        if not text.strip():
            return None
        try:
            return read()
        except DomainError as error:
            self.read.faults.append(FieldError(path, _joined(error)))
            return None


def _positive(text: str) -> int:
    fen = read_amount(text)
    if fen == 0:
        raise NothingTransferred
    return fen


class NothingTransferred(Invalid):
    """An amount of nothing."""

    code = "zero_amount"
    message = Text("金额应大于零", "The amount must be more than zero")
    action = Text("请填写转出的金额", "Write what was transferred")


def _joined(error: DomainError) -> Text:
    return Text(f"{error.message.zh}。{error.action.zh}", f"{error.message.en}. {error.action.en}")
