"""Looking rules up by date, quickly and never from a stale copy.

Every change of ``policy_rules`` gives the table ``policy_generation`` a number that was never used before, in the
same transaction. A process keeps the rules it read together with the number it read *first*; each transaction
asks for the number once, at its first look-up, and reads the rules again when it differs. So no process answers
from before a committed change, and within one transaction the rules stand still.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from rongdun.kernel.deadline import Term
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import NoRuleInForce, PolicyRule, ValueUnit, WrongKindOfValue
from rongdun.runtime.policies.table import PolicyRow, rule_of

_GENERATION = text("select generation from policy_generation")
_OF_SESSION = "rongdun.policy_book"


class StoredRule(NamedTuple):
    """A rule and the id of the row it stands in."""

    id: UUID
    rule: PolicyRule


class CodeEntry(NamedTuple):
    """One entry of a code list; ``more`` holds what the list says besides (a colour, a bound, an answer)."""

    code: str
    name: Text
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """Every rule of one generation of the table, by key."""

    generation: int
    rules: Mapping[str, tuple[StoredRule, ...]]

    def stored(self, key: str, on: date) -> StoredRule:
        """Return the row of ``key`` in force on the day ``on``; :class:`NoRuleInForce` names key and date."""
        for stored in self.rules.get(key, ()):
            if stored.rule.applies(on):
                return stored
        raise NoRuleInForce.on(key, on)

    def lookup(self, key: str, on: date) -> PolicyRule:
        """Return the rule of ``key`` in force on the day ``on``."""
        return self.stored(key, on).rule


_books: "WeakKeyDictionary[Any, PolicyBook]" = WeakKeyDictionary()


def policy_book(session: Session) -> PolicyBook:
    """Return the rules as this transaction sees them."""
    transaction = session.get_transaction() or session.begin()
    known = session.info.get(_OF_SESSION)
    if known is None or known[0] is not transaction:
        known = session.info[_OF_SESSION] = (transaction, _current_book(session))
    book: PolicyBook = known[1]
    return book


def forget(session: Session) -> None:
    """Let this transaction see the rules it has just changed itself."""
    session.info.pop(_OF_SESSION, None)


def lookup(session: Session, key: str, *, on: date) -> PolicyRule:
    """Return the rule of ``key`` in force on the day ``on``; :class:`NoRuleInForce` names key and date."""
    return policy_book(session).lookup(key, on)


def stored_rule(session: Session, key: str, *, on: date) -> StoredRule:
    """Return the rule in force with the id of its row, for records that keep it (deadlines)."""
    return policy_book(session).stored(key, on)


def term(session: Session, key: str, *, on: date, rolls: bool = False) -> Term:
    """Return the length of time ``key`` stands for on the day ``on``; see :class:`Term` for ``rolls``."""
    return lookup(session, key, on=on).term(rolls=rolls)


def integer(session: Session, key: str, *, on: date) -> int:
    """Return a count or a whole percentage."""
    rule = lookup(session, key, on=on)
    value = rule.number()
    if rule.unit is ValueUnit.FEN or not isinstance(value, int):
        raise WrongKindOfValue.of(rule, Text("整数", "a whole number"))
    return value


def money(session: Session, key: str, *, on: date) -> int:
    """Return an amount in fen."""
    rule = lookup(session, key, on=on)
    if rule.unit is not ValueUnit.FEN:
        raise WrongKindOfValue.of(rule, Text("金额", "an amount of money"))
    return int(rule.number())


def flag(session: Session, key: str, *, on: date) -> bool:
    """Return yes or no."""
    return lookup(session, key, on=on).flag()


def text_value(session: Session, key: str, *, on: date) -> str:
    """Return a rule that is a word, such as the version ``JOINT-2024`` or the level ``city``."""
    rule = lookup(session, key, on=on)
    if rule.unit is not ValueUnit.TEXT:
        raise WrongKindOfValue.of(rule, Text("文字", "a text"))
    return str(rule.value)


def lengths(session: Session, key: str, *, on: date) -> tuple[tuple[int, ...], ValueUnit]:
    """Return a list of lengths of time (reminders before an end) and their unit."""
    rule = lookup(session, key, on=on)
    return rule.amounts(), rule.unit


def codes(session: Session, key: str, *, on: date) -> tuple[CodeEntry, ...]:
    """Return the entries of a code list, in its order."""
    rule = lookup(session, key, on=on)
    rule.codes()
    entries: Any = rule.value
    return tuple(_entry(dict(entry)) for entry in entries)


def _entry(fields: dict[str, Any]) -> CodeEntry:
    name = Text(fields.pop("zh"), fields.pop("en"))
    return CodeEntry(fields.pop("code"), name, fields)


def _current_book(session: Session) -> PolicyBook:
    generation: int = session.execute(_GENERATION).scalar_one()
    engine = session.get_bind().engine
    known = _books.get(engine)
    if known is None or known.generation != generation:
        known = _books[engine] = PolicyBook(generation, _read(session))
    return known


def _read(session: Session) -> dict[str, tuple[StoredRule, ...]]:
    rows = session.scalars(select(PolicyRow).order_by(PolicyRow.key, PolicyRow.effective_from.desc()))
    found: dict[str, tuple[StoredRule, ...]] = {}
    for row in rows:
        found[row.key] = (*found.get(row.key, ()), StoredRule(row.id, rule_of(row)))
    return found
