"""What an institution does with one instruction when it gets to it; the four items are checked before a stop."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rongdun.adapters.banks.book import Book
from rongdun.adapters.banks.simulator.manner import Manner
from rongdun.adapters.banks.simulator.measures import Measure, Measures
from rongdun.domains.exchange import AccountFacts, FormerFreeze, Instruction, Kind, Outcome, StatementRow

CODES: Mapping[Outcome, str] = {Outcome.TIMEOUT: "200002", Outcome.NOT_FOUND: "200010"}
"""Return codes that go with an outcome."""

STOP = timedelta(hours=48)
"""How long a stop holds where the instruction does not say."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an instruction meets the books: those, what holds accounts, whose turn it is, and the world's moment."""

    book: Book
    measures: Measures
    institution: str
    manner: Manner
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What an institution says after acting."""

    outcome: Outcome
    text: str = ""
    balance_fen: int | None = None
    available_fen: int | None = None
    held_fen: int | None = None
    former: FormerFreeze | None = None
    accounts: Sequence[AccountFacts] = ()
    rows: Sequence[StatementRow] = ()
    measured: bool = False


Result = tuple[Told, Iterable[Measure]]


def act(scene: Scene, instruction: Instruction) -> Result:
    """Carry an instruction out; return what to say, and the freezes that moved up in line by it."""
    number = instruction.account.number
    facts = scene.book.account(number, scene.at)
    if facts is None or scene.book.institution_of(number) != scene.institution:
        return Told(Outcome.NOT_FOUND, "账户不存在"), ()
    if facts.state == "销户":
        return Told(Outcome.CLOSED, "账户已销户"), ()
    return _ACTS[instruction.kind](scene, instruction, facts)


def _stop(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    wrong = _mismatch(scene, instruction, facts)
    if wrong:
        return Told(Outcome.MISMATCH, wrong), ()
    balance = facts.balance_fen or 0
    stop = Measure(
        instruction.application_id, False, instruction.unit_name, None, scene.at + _span(instruction)
    )
    scene.measures.add(facts.number, stop, scene.at)
    outcome = Outcome.DONE if balance >= (instruction.amount_fen or 1) else Outcome.PARTIAL
    return Told(outcome, balance_fen=balance, held_fen=balance, measured=True), ()


def _mismatch(scene: Scene, instruction: Instruction, facts: AccountFacts) -> str:
    if instruction.account.name and instruction.account.name != facts.name:
        return "户名不符"
    if instruction.amount_fen is None or instruction.transfer_time is None:
        return ""
    known = scene.book.paid_in(
        facts.number, instruction.amount_fen, instruction.transfer_time, scene.manner.match_minutes
    )
    return "" if known else "转入金额或时间不符"


def _extend(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    measure = scene.measures.find(facts.number, instruction.original_id, scene.at)
    if measure is None:
        return Told(Outcome.REFUSED, "原措施不存在或已到期"), ()
    measure.until = scene.at + _span(instruction)
    held = scene.measures.apply(facts.number, scene.at)
    return _told_of_hold(facts, held, freeze=measure.freeze), ()


def _lift(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    measure = scene.measures.find(facts.number, instruction.original_id, scene.at)
    if measure is None:
        return Told(Outcome.REFUSED, "原措施不存在或已到期"), ()
    if instruction.kind is Kind.LIFT_FREEZE and instruction.amount_fen:
        measure.amount_fen = instruction.amount_fen
        held = scene.measures.apply(facts.number, scene.at)
        return _told_of_hold(facts, held, freeze=True), ()
    following = list(scene.measures.remove(facts.number, measure.application_id, scene.at))
    told = _told_of_hold(facts, 0, freeze=measure.freeze)
    return told, following


def _freeze(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    if instruction.account.name and instruction.account.name != facts.name:
        return Told(Outcome.MISMATCH, "户名不符"), ()
    earlier = scene.measures.freezer(facts.number, scene.at)
    until = scene.at + _span(instruction)
    own = Measure(
        instruction.application_id,
        True,
        instruction.unit_name,
        instruction.amount_fen,
        until,
        earlier is not None,
    )
    scene.measures.add(facts.number, own, scene.at)
    if earlier is not None:
        former = FormerFreeze(
            authority=earlier.authority,
            frozen_fen=earlier.amount_fen if earlier.amount_fen is not None else facts.balance_fen,
            until=earlier.until,
        )
        return Told(Outcome.QUEUED, "轮候冻结", balance_fen=facts.balance_fen, held_fen=0, former=former), ()
    return frozen(scene, instruction, own), ()


def frozen(scene: Scene, instruction: Instruction, measure: Measure) -> Told:
    """Return what is said of a freeze that is in force."""
    facts = scene.book.account(instruction.account.number, scene.at)
    balance = (facts.balance_fen or 0) if facts else 0
    held = balance if measure.amount_fen is None else min(balance, measure.amount_fen)
    enough = held >= (measure.amount_fen or 1)
    return Told(
        Outcome.DONE if enough else Outcome.PARTIAL,
        balance_fen=balance,
        available_fen=balance - held,
        held_fen=held,
        measured=True,
    )


def _told_of_hold(facts: AccountFacts, held: int, *, freeze: bool) -> Told:
    if not freeze:
        return Told(Outcome.DONE, measured=True)
    balance = facts.balance_fen or 0
    held = min(held, balance)
    return Told(Outcome.DONE, balance_fen=balance, available_fen=balance - held, held_fen=held, measured=True)


def _transactions(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    start = instruction.start or scene.at - timedelta(days=30)
    rows = scene.book.rows(facts.number, start, min(instruction.end or scene.at, scene.at), scene.at)
    told = Told(
        Outcome.DONE,
        balance_fen=facts.balance_fen,
        accounts=(facts,),
        rows=tuple(rows)[-scene.manner.most_rows :],
    )
    return told, ()


def _holder(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    return Told(Outcome.DONE, accounts=(facts,)), ()


def _accounts(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    return Told(Outcome.DONE, accounts=tuple(scene.book.accounts_of(facts.number, scene.at))), ()


def _watch(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    return Told(Outcome.DONE, "动态查询已生效", balance_fen=facts.balance_fen, accounts=(facts,)), ()


def watched(scene: Scene, instruction: Instruction, since: datetime) -> Told:
    """Return what is said of a watched account: what moved since the last report."""
    rows = scene.book.rows(instruction.account.number, since, scene.at, scene.at)
    facts = scene.book.account(instruction.account.number, scene.at)
    return Told(Outcome.DONE, balance_fen=facts.balance_fen if facts else None, rows=tuple(rows))


def _end_watch(scene: Scene, instruction: Instruction, facts: AccountFacts) -> Result:
    return Told(Outcome.DONE, "动态查询已解除"), ()


def _span(instruction: Instruction) -> timedelta:
    """Return for how long a measure is to hold: the length that the instruction states, from when it lands."""
    if instruction.start is None or instruction.end is None:
        return STOP
    return max(instruction.end - instruction.start, timedelta())


_ACTS: Mapping[Kind, Callable[[Scene, Instruction, AccountFacts], Result]] = {
    Kind.STOP: _stop,
    Kind.EXTEND_STOP: _extend,
    Kind.LIFT_STOP: _lift,
    Kind.FREEZE: _freeze,
    Kind.RENEW_FREEZE: _extend,
    Kind.LIFT_FREEZE: _lift,
    Kind.QUERY_TRANSACTIONS: _transactions,
    Kind.QUERY_HOLDER: _holder,
    Kind.QUERY_ACCOUNTS: _accounts,
    Kind.QUERY_DYNAMIC: _watch,
    Kind.END_DYNAMIC: _end_watch,
}
