"""A world's books in another clock's time: moments that come in are moved by a shift, moments that go out back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock

from rongdun.domains.exchange.messages import AccountFacts, StatementRow
from rongdun.simulation.twin.live_book import LiveBook


class ShiftedBook:
    """Books of every institution; see ``adapters/banks/book.py``. ``shift`` is the world's moment less ours."""

    def __init__(self, inner: LiveBook, shift: timedelta) -> None:
        self._inner, self.shift, self.lock = inner, shift, RLock()

    def account(self, number: str, at: datetime) -> AccountFacts | None:
        """Return the account with its balance at ``at``, or None where no institution has it."""
        with self.lock:
            found = self._inner.account(number, at + self.shift)
            return None if found is None else self._facts(found)

    def institution_of(self, number: str) -> str | None:
        """Return the name of the institution that keeps the account."""
        return self._inner.institution_of(number)

    def paid_in(self, number: str, amount_fen: int, at: datetime, within_minutes: int) -> bool:
        """Tell whether a transfer of ``amount_fen`` came in within so many minutes of ``at``."""
        with self.lock:
            return self._inner.paid_in(number, amount_fen, at + self.shift, within_minutes)

    def rows(self, number: str, start: datetime, end: datetime, at: datetime) -> Sequence[StatementRow]:
        """Return the account's transactions of a period, as far as they have happened by ``at``."""
        with self.lock:
            shift = self.shift
            found = self._inner.rows(number, start + shift, end + shift, at + shift)
            return [replace(row, time=row.time - shift) for row in found]

    def accounts_of(self, number: str, at: datetime) -> Sequence[AccountFacts]:
        """Return every account at the same institution of whoever holds this one."""
        with self.lock:
            return [self._facts(one) for one in self._inner.accounts_of(number, at + self.shift)]

    def hold(self, number: str, amount_fen: int | None, at: datetime, until: datetime) -> int:
        """Hold the account until ``until`` (None: nothing leaves it; else so much must stay); return the fen held."""
        with self.lock:
            return self._inner.hold(number, amount_fen, at + self.shift, until + self.shift)

    def release(self, number: str, at: datetime) -> int:
        """End what :meth:`hold` holds; return the fen that were held."""
        with self.lock:
            return self._inner.release(number, at + self.shift)

    def _facts(self, found: AccountFacts) -> AccountFacts:
        moved = found.last_moved_at - self.shift if found.last_moved_at else None
        opened = found.opened_at - self.shift if found.opened_at else None
        return replace(found, last_moved_at=moved, opened_at=opened)
