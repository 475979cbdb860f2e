"""Transfers of victims as an officer writes them, read with certainty or refused cell by cell. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from rongdun.domains.tracing.traces.errors import NoSeeds, WrongSeeds
from rongdun.kernel.account import parse_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import DomainError, FieldError, Invalid, Text
from rongdun.kernel.money import parse_fen
from rongdun.kernel.person_name import normalise_name

Value = TypeVar("Value")

_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?秒?分?"
)
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})\s*(\d{2})(\d{2})(\d{2})?")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class WrongTime(Invalid):
    """A moment cannot be read with certainty."""

    code = "wrong_time"
    message = Text("时间无法识别", "The time cannot be read")
    action = Text("请写成“2026-03-01 12:30:00”", "Write it as 2026-03-01 12:30:00")


@dataclass(frozen=True, slots=True)
class Written:
    """A victim's transfer as it was typed or pasted."""

    victim: str
    institution: str
    account: str
    amount: str
    time: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A victim's transfer as it is followed: fen, and the moment in UTC, ISO 8601."""

    victim: str
    institution: str
    account: str
    amount_fen: int
    time: str

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.time)


def read_seeds(written: Sequence[Written], *, now: datetime) -> list[Seed]:
    """Return the transfers; :class:`NoSeeds`, or :class:`WrongSeeds` with every cell that is wrong."""
    if not written:
        raise NoSeeds()
    faults: list[FieldError] = []
    seeds = [_read(one, f"seeds.{place}", faults, now) for place, one in enumerate(written)]
    if faults:
        raise WrongSeeds(fields=faults)
    return seeds


def read_moment(text: str, *, now: datetime) -> datetime:
    """Return the moment ``text`` names in the centre's civil time; :class:`WrongTime` when it is not certain.

    Reads ``2026-03-01 12:30[:00]``, ``2026/3/1 12:30``, ``2026年3月1日12时30分``, ``20260301123000``.
    """
    plain = half_width(text)
    found = _TIME.fullmatch(plain) or _PLAIN.fullmatch(plain)
    if found is None:
        raise WrongTime()
    try:
        moment = datetime(*(int(part or 0) for part in found.groups()), tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]
    except ValueError as error:
        raise WrongTime() from error
    if moment > now:
        raise WrongTime(Text("时间在将来", "The time lies in the future"))
    if moment < _EARLIEST:
        raise WrongTime(Text("时间过早", "The time lies too far back"))
    return moment.astimezone(UTC)


def as_data(seeds: Sequence[Seed]) -> list[dict[str, Any]]:
    """Return the transfers as JSON holds them."""
    return [asdict(one) for one in seeds]


def from_data(data: Sequence[dict[str, Any]]) -> list[Seed]:
    """Return what :func:`as_data` made."""
    return [Seed(**one) for one in data]


def field_of(read: Callable[[], Value], path: str, faults: list[FieldError]) -> Value | None:
    """Return what ``read`` reads; a refusal is added to ``faults`` under ``path``."""
    try:
        return read()
    except DomainError as error:
        faults.append(FieldError(path, _joined(error)))
        return None


def _read(one: Written, path: str, faults: list[FieldError], now: datetime) -> Seed:
    victim = normalise_name(one.victim)
    if not victim:
        faults.append(FieldError(f"{path}.victim", Text("请填写受害人", "Name the victim")))
    account = field_of(lambda: parse_account(one.account).message_form, f"{path}.account", faults)
    fen = field_of(lambda: _amount(one.amount), f"{path}.amount", faults)
    moment = field_of(lambda: read_moment(one.time, now=now), f"{path}.time", faults)
    return Seed(
        victim=victim,
        institution=half_width(one.institution),
        account=account or "",
        amount_fen=fen or 0,
        time=moment.isoformat() if moment else "",
    )


def _amount(text: str) -> int:
    fen = parse_fen(text)
    if fen == 0:
        raise Invalid(Text("金额应大于零", "The amount must be more than zero"))
    return fen


def _joined(error: DomainError) -> Text:
    if error.action == Invalid.action:
        return error.message
    return Text(f"{error.message.zh}。{error.action.zh}", f"{error.message.en}. {error.action.en}")
