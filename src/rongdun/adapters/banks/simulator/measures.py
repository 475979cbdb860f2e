"""What holds an account: stops and freezes of several authorities, those that wait in line, and what results."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from rongdun.adapters.banks.book import Book


@dataclass(slots=True)
class Measure:
    """One measure on an account. ``amount_fen`` None: the whole account. Moments are the book's."""

    application_id: str
    freeze: bool
    authority: str
    amount_fen: int | None
    until: datetime
    queued: bool = False


@dataclass(slots=True)
class Measures:
    """The measures on every account of a book, and the book that obeys them."""

    book: Book
    _on: dict[str, list[Measure]] = field(default_factory=dict)

    def of(self, number: str, at: datetime) -> list[Measure]:
        """Return the measures on an account that have not ended by ``at``, first the oldest."""
        there = [each for each in self._on.get(number, ()) if each.until > at]
        self._on[number] = there
        return there

    def find(self, number: str, application_id: str, at: datetime) -> Measure | None:
        """Return the running measure of an application."""
        return next((each for each in self.of(number, at) if each.application_id == application_id), None)

    def freezer(self, number: str, at: datetime) -> Measure | None:
        """Return the freeze in force, behind which another has to wait."""
        return next((each for each in self.of(number, at) if each.freeze and not each.queued), None)

    def add(self, number: str, measure: Measure, at: datetime) -> int:
        """Add a measure; return the fen held by all that are in force."""
        self.of(number, at).append(measure)
        return self.apply(number, at)

    def remove(self, number: str, application_id: str, at: datetime) -> Iterator[Measure]:
        """End a measure; yield the one that waited behind it and is in force now, if any."""
        left = [each for each in self.of(number, at) if each.application_id != application_id]
        self._on[number] = left
        if not any(each.freeze and not each.queued for each in left):
            following = next((each for each in left if each.queued), None)
            if following is not None:
                following.queued = False
                yield following
        self.apply(number, at)

    def apply(self, number: str, at: datetime) -> int:
        """Let the book obey: everything where one measure holds the whole account, else the largest cap."""
        inforce = [each for each in self.of(number, at) if not each.queued]
        if not inforce:
            self.book.release(number, at)
            return 0
        until = max(each.until for each in inforce)
        caps = [each.amount_fen for each in inforce]
        amount = None if None in caps else max(cap for cap in caps if cap is not None)
        return self.book.hold(number, amount, at, until)
