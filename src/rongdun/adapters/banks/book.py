"""What the bank simulator plays on: the books of every institution of a world, in the world's own time.

The simulated city implements it (``simulation/twin``); tests bring a small one of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rongdun.domains.exchange.messages import AccountFacts, StatementRow


class Book(Protocol):
    """The books of all institutions. Moments are the world's; the world moves on to ``at`` before it answers.

    A call never goes back in time: ``at`` is not before the last one. Payments that were due until then have happened;
    those out of a stopped or frozen account have not.
    """

    def account(self, number: str, at: datetime) -> AccountFacts | None:
        """Return the account with its balance at ``at``, or None where no institution has it."""
        ...

    def institution_of(self, number: str) -> str | None:
        """Return the name of the institution that keeps the account."""
        ...

    def paid_in(self, number: str, amount_fen: int, at: datetime, within_minutes: int) -> bool:
        """Tell whether a transfer of ``amount_fen`` came in within so many minutes of ``at``: the bank's own check."""
        ...

    def rows(self, number: str, start: datetime, end: datetime, at: datetime) -> Sequence[StatementRow]:
        """Return the account's transactions of a period, as far as they have happened by ``at``."""
        ...

    def accounts_of(self, number: str, at: datetime) -> Sequence[AccountFacts]:
        """Return every account at the same institution of whoever holds this one."""
        ...

    def hold(self, number: str, amount_fen: int | None, at: datetime, until: datetime) -> int:
        """Hold the account until ``until`` (None: nothing leaves it; else so much must stay); return the fen held."""
        ...

    def release(self, number: str, at: datetime) -> int:
        """End what :meth:`hold` holds; return the fen that were held."""
        ...
