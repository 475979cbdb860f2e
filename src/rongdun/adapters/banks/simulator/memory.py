"""Books small enough to write by hand: accounts, payments that are due, and holds that are obeyed."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rongdun.domains.exchange import AccountFacts, StatementRow


@dataclass(frozen=True, slots=True)
class Payment:
    """Money meant to move from one account to another; an empty number is the world outside."""

    at: datetime
    payer: str
    payee: str
    amount_fen: int


@dataclass(slots=True)
class _Held:
    amount_fen: int | None
    until: datetime


@dataclass(slots=True)
class MemoryBook:
    """Books of a few accounts; see ``adapters/banks/book.py``."""

    _facts: dict[str, AccountFacts] = field(default_factory=dict)
    _institution: dict[str, str] = field(default_factory=dict)
    _due: list[Payment] = field(default_factory=list)
    _rows: dict[str, list[StatementRow]] = field(default_factory=dict)
    _held: dict[str, _Held] = field(default_factory=dict)
    _booked: int = 0

    def open(
        self, institution: str, number: str, name: str, balance_fen: int = 0, *, state: str = "正常"
    ) -> None:
        """Open an account."""
        self._facts[number] = AccountFacts(number=number, name=name, balance_fen=balance_fen, state=state)
        self._institution[number] = institution
        self._rows[number] = []

    def meant(self, at: datetime, payer: str, payee: str, amount_fen: int) -> None:
        """Let a payment be due; those of an earlier moment must be told before the book moves past it."""
        insort(self._due, Payment(at, payer, payee, amount_fen), key=lambda payment: payment.at)

    def account(self, number: str, at: datetime) -> AccountFacts | None:
        """Return the account with its balance at ``at``, or None where no institution has it."""
        self._move_on(at)
        facts = self._facts.get(number)
        if facts is None:
            return None
        balance = facts.balance_fen or 0
        return replace(facts, available_fen=balance - self._kept(number, at))

    def institution_of(self, number: str) -> str | None:
        """Return the name of the institution that keeps the account."""
        return self._institution.get(number)

    def paid_in(self, number: str, amount_fen: int, at: datetime, within_minutes: int) -> bool:
        """Tell whether a transfer of ``amount_fen`` came in within so many minutes of ``at``."""
        reach = timedelta(minutes=within_minutes)
        return any(
            row.incoming and row.amount_fen == amount_fen and abs(row.time - at) <= reach
            for row in self._rows.get(number, ())
        )

    def rows(self, number: str, start: datetime, end: datetime, at: datetime) -> Sequence[StatementRow]:
        """Return the account's transactions of a period, as far as they have happened by ``at``."""
        self._move_on(at)
        return [row for row in self._rows[number] if start <= row.time <= end]

    def accounts_of(self, number: str, at: datetime) -> Sequence[AccountFacts]:
        """Return every account at the same institution under the same name."""
        self._move_on(at)
        name, where = self._facts[number].name, self._institution[number]
        return [
            facts
            for facts in self._facts.values()
            if facts.name == name and self._institution[facts.number] == where
        ]

    def hold(self, number: str, amount_fen: int | None, at: datetime, until: datetime) -> int:
        """Hold the account until ``until`` (None: nothing leaves it; else so much must stay); return the fen held."""
        self._move_on(at)
        self._held[number] = _Held(amount_fen, until)
        return self._kept(number, at)

    def release(self, number: str, at: datetime) -> int:
        """End what :meth:`hold` holds; return the fen that were held."""
        self._move_on(at)
        held = self._kept(number, at)
        self._held.pop(number, None)
        return held

    def _kept(self, number: str, at: datetime) -> int:
        held = self._held.get(number)
        if held is None or held.until <= at:
            return 0
        balance = self._facts[number].balance_fen or 0
        return balance if held.amount_fen is None else min(balance, held.amount_fen)

    def _move_on(self, at: datetime) -> None:
        due = bisect_right(self._due, at, key=lambda payment: payment.at)
        happening, self._due = self._due[:due], self._due[due:]
        for payment in happening:
            self._pay(payment)

    def _pay(self, payment: Payment) -> None:
        free = self._free(payment)
        if free < payment.amount_fen:
            return
        for number, incoming in ((payment.payer, False), (payment.payee, True)):
            if number in self._facts:
                self._book(number, payment, incoming=incoming)

    def _free(self, payment: Payment) -> int:
        if payment.payer not in self._facts:
            return payment.amount_fen
        held = self._held.get(payment.payer)
        if held is not None and held.until > payment.at and held.amount_fen is None:
            return 0
        return (self._facts[payment.payer].balance_fen or 0) - self._kept(payment.payer, payment.at)

    def _book(self, number: str, payment: Payment, *, incoming: bool) -> None:
        facts = self._facts[number]
        balance = (facts.balance_fen or 0) + (payment.amount_fen if incoming else -payment.amount_fen)
        self._facts[number] = replace(facts, balance_fen=balance, last_moved_at=payment.at)
        self._booked += 1
        other = self._facts.get(payment.payer if incoming else payment.payee)
        self._rows[number].append(
            StatementRow(
                time=payment.at,
                incoming=incoming,
                amount_fen=payment.amount_fen,
                balance_fen=balance,
                serial=f"M{self._booked:08d}",
                counterparty_name=other.name if other else "",
                counterparty_number=other.number if other else "",
                counterparty_bank=self._institution.get(other.number, "") if other else "",
            )
        )
