"""Orders drafted from advice: who, how much, when; in the national profile, to be checked and signed by officers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import numpy as np

from rongdun.adapters.banks.profile import load_profile
from rongdun.adapters.banks.wire import write_instruction
from rongdun.analytics.tracing.advice.model import Action, Suggestion
from rongdun.analytics.tracing.model import NOBODY, Attribution, Rule, Seed
from rongdun.analytics.tracing.model import Kind as AccountKind
from rongdun.analytics.tracing.trace import Trace
from rongdun.domains.exchange import Instruction, Kind, Officer, Party
from rongdun.entrypoints.case_codes import NO_CODE, TO_FILL, code_of
from rongdun.kernel.clock import SHANGHAI

_KINDS: Final = {Action.STOP: Kind.STOP, Action.ASK: Kind.QUERY_TRANSACTIONS}
_WORDS: Final = {Kind.STOP: ("止付", "stop"), Kind.QUERY_TRANSACTIONS: ("查询流水", "query")}
_CORPORATE: Final = (AccountKind.CORPORATE, AccountKind.MERCHANT, AccountKind.PLATFORM, AccountKind.UTILITY)
_PROFILE: Final = "national"
_STOP_HOURS: Final = 48
_BEFORE: Final = timedelta(minutes=30)
_ODD: Final = re.compile(r"[^0-9A-Za-z_-]+")
_ID: Final = 32


@dataclass(frozen=True, slots=True)
class Draft:
    """One order that is not sent: its instruction, the file it is written to, and its content.

    What officers have to fill in before it can be sent stands there as ``TO_FILL`` and ``NO_CODE``.
    """

    instruction: Instruction
    file: str
    xml: bytes

    def as_json(self) -> dict[str, Any]:
        """Return the order as it is listed: money in fen, moments in China's civil time."""
        told = self.instruction
        moment = told.transfer_time
        return {
            "kind": told.kind.value,
            "institution": told.account.institution_name,
            "account": told.account.number,
            "name": told.account.name,
            "amount_fen": told.amount_fen,
            "transfer_time": moment.isoformat() if moment else None,
            "file": self.file,
        }


@dataclass(frozen=True, slots=True)
class _Brought:
    """The transfer an order names: which row of the sub-ledger brought most of the victims' money to the account."""

    payer: int
    amount_fen: int
    time: int


def drafts(
    advice: Sequence[Suggestion], trace: Trace, found: Mapping[Rule, Attribution], seeds: Sequence[Seed]
) -> list[Draft]:
    """Return a draft for every stop and question advised, in the order of advice."""
    accounts = trace.subledger.accounts
    places = {key: at for at, key in enumerate(zip(accounts.institution, accounts.number, strict=True))}
    out: list[Draft] = []
    for one in advice:
        if one.action in _KINDS:
            place = places[one.institution, one.number]
            told = _instruction(_KINDS[one.action], place, one, trace, found, seeds)
            out.append(_draft(len(out) + 1, told))
    return out


def _draft(number: int, told: Instruction) -> Draft:
    word = _WORDS[told.kind][1]
    account = _ODD.sub("", told.account.number)[:32] or "account"
    return Draft(
        told, f"orders/{number:03d}-{word}-{account}.xml", write_instruction(load_profile(_PROFILE), told)
    )


def _instruction(
    kind: Kind,
    place: int,
    one: Suggestion,
    trace: Trace,
    found: Mapping[Rule, Attribution],
    seeds: Sequence[Seed],
) -> Instruction:
    brought, now = _brought(place, trace, found), trace.asked.as_of
    made = _moment(now)
    stop = kind is Kind.STOP
    start = made if stop else _moment(_unseen_since(place, brought.time, trace)) - _BEFORE
    return Instruction(
        application_id=_number(kind, one, now, seeds),
        kind=kind,
        account=_party(place, trace),
        unit_code=NO_CODE,
        unit_name=TO_FILL,
        operator=Officer(name=TO_FILL),
        investigator=Officer(name=TO_FILL),
        made_at=made,
        reason="电信网络诈骗涉案资金" + ("紧急止付" if stop else "流向查询"),
        payer=_party(brought.payer, trace) if brought.payer != NOBODY else None,
        amount_fen=brought.amount_fen,
        transfer_time=_moment(brought.time),
        start=start,
        end=made + timedelta(hours=_STOP_HOURS) if stop else made,
    )


def _brought(place: int, trace: Trace, found: Mapping[Rule, Attribution]) -> _Brought:
    """Return the transfer that brought most, by the rule asked for, else by any; the latest of equal ones."""
    moved = trace.subledger.transfers
    for rule in (trace.asked.rule, *found):
        shares = found[rule].shares
        here = np.flatnonzero(moved.payee[shares.transfer] == place)
        if len(here):
            sums = np.bincount(shares.transfer[here], shares.fen[here])
            row = int(np.flatnonzero(sums == sums.max())[-1])
            return _Brought(int(moved.payer[row]), int(moved.amount_fen[row]), int(moved.time[row]))
    raise AssertionError("advice names accounts that victims' money reached")


def _unseen_since(place: int, came: int, trace: Trace) -> int:
    """Return from when on a statement is wanted: since our own ends, else since the money came."""
    until = int(trace.subledger.accounts.observed_until[place])
    return min(until, trace.asked.as_of) if until else came


def _party(place: int, trace: Trace) -> Party:
    accounts = trace.subledger.accounts
    kind = AccountKind(int(accounts.kind[place]))
    name = accounts.institution[place]
    return Party(
        institution=code_of(name),
        institution_name=name,
        number=accounts.number[place],
        name=accounts.name[place],
        kind="corporate" if kind in _CORPORATE else "personal",
    )


def _number(kind: Kind, one: Suggestion, now: int, seeds: Sequence[Seed]) -> str:
    """Return the order's number: made of its content, so that drafting the same order twice never sends two."""
    told = repr((kind.value, one.institution, one.number, now, sorted(map(repr, seeds))))
    return sha256(told.encode()).hexdigest()[:_ID]


def _moment(micros: int) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).astimezone(SHANGHAI)
