"""The institutions themselves: what they take in, when they get to it, what they do in the books, what they answer.

No network and no clock: ``accept`` and ``due`` are told the moment. The same application has one effect however often
it comes. Every draw depends on the seed and the application alone.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from rongdun.adapters.banks.book import Book
from rongdun.adapters.banks.simulator import acts
from rongdun.adapters.banks.simulator.acts import Scene
from rongdun.adapters.banks.simulator.manner import Manner, chance_of
from rongdun.adapters.banks.simulator.measures import Measure, Measures
from rongdun.domains.exchange import Instruction, Kind, Outcome, Reply

TAKEN, REPEATED, NOT_OURS = "100000", "200003", "200006"


@dataclass(slots=True)
class Entry:
    """One instruction in an institution's own book of orders; moments are the wire's."""

    institution: str
    instruction: Instruction
    received_at: datetime
    due_at: datetime
    copies: int = 1
    done: int = 0
    outcome: str = ""
    held_fen: int | None = None
    answered_at: datetime | None = None
    answers: int = 0
    confirmed: int = 0
    last: Reply | None = None


@dataclass(slots=True)
class Pace:
    """Two clocks: the wire's and the world's. ``speed`` minutes of the world pass in one of the wire."""

    wire_start: datetime
    world_start: datetime
    speed: float = 1.0

    def world(self, wire: datetime) -> datetime:
        """Return the moment of the world at a moment of the wire."""
        return self.world_start + (wire - self.wire_start) * self.speed

    def wire_span(self, minutes: float) -> timedelta:
        """Return how long so many minutes of the world take on the wire."""
        return timedelta(minutes=minutes) / self.speed


@dataclass(slots=True)
class Banks:
    """Every institution of a world, by code; ``names`` are those the book knows."""

    book: Book
    names: Mapping[str, str]
    manner: Manner
    pace: Pace
    seed: int = 1
    entries: dict[str, Entry] = field(default_factory=dict)
    measures: Measures = field(init=False)
    _queue: list[tuple[datetime, int, str]] = field(default_factory=list)
    _tickets: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.measures = Measures(self.book)

    def accept(self, code: str, instruction: Instruction, now: datetime) -> str:
        """Take an instruction in; return the platform's return code. One that is known has no second effect."""
        if instruction.account.institution != code or code not in self.names:
            return NOT_OURS
        known = self.entries.get(instruction.application_id)
        if known is not None:
            known.copies += 1
            return REPEATED
        minutes = self.manner.latency_minutes(instruction.kind, self.names[code], self._chance(instruction))
        due = now + self.pace.wire_span(minutes)
        self.entries[instruction.application_id] = Entry(code, instruction, now, due)
        self._plan(due, instruction.application_id)
        return TAKEN

    def due(self, now: datetime) -> Iterator[Reply]:
        """Do what is due by ``now``, in order, and yield the answers; a repeated answer comes twice."""
        while self._queue and self._queue[0][0] <= now:
            at, _, application_id = heapq.heappop(self._queue)
            entry = self.entries[application_id]
            for reply in self._worked(entry, at):
                yield reply
                if self._chance(entry.instruction, "repeat").random() < self.manner.repeat_share:
                    yield reply

    def status(self, code: str, application_id: str, now: datetime) -> Reply | None:
        """Return the last answer to an instruction once more, or that it is not done yet; None for an unknown one."""
        entry = self.entries.get(application_id)
        if entry is None or entry.institution != code:
            return None
        return entry.last or Reply(
            application_id=application_id,
            kind=entry.instruction.kind,
            institution=code,
            message_id=f"{code}{application_id}S{now:%Y%m%d%H%M%S}",
            outcome=Outcome.TIMEOUT,
            answered_at=now,
            text="正在办理",
        )

    def give_back(self, application_id: str, now: datetime) -> Reply | None:
        """Send what a stop holds back to the payer's institution; None where nothing is held. Its hold stays."""
        entry = self.entries.get(application_id)
        if entry is None or entry.last is None or not entry.held_fen:
            return None
        returned, entry.held_fen = entry.held_fen, 0
        message_id = f"{entry.institution}{application_id}R"
        return replace(
            entry.last, message_id=message_id, answered_at=now, text="", held_fen=None, returned_fen=returned
        )

    def next_due(self) -> datetime | None:
        """Return when something is due next."""
        return self._queue[0][0] if self._queue else None

    def lines(self, code: str, start: datetime, end: datetime) -> Sequence[Entry]:
        """Return an institution's own book of orders received from ``start`` until ``end``."""
        return [
            entry
            for entry in self.entries.values()
            if entry.institution == code and start <= entry.received_at < end
        ]

    def _worked(self, entry: Entry, at: datetime) -> Iterator[Reply]:
        instruction, world = entry.instruction, self.pace.world(at)
        if entry.outcome:
            yield from self._watched(entry, at, world)
            return
        fate = self._fate(instruction)
        scene = Scene(self.book, self.measures, self.names[entry.institution], self.manner, world)
        if fate is None:
            self._foreign(instruction, world)
            reply, following = acts.act(scene, instruction)
            entry.done += 1
        else:
            reply, following = acts.Told(fate), []
        yield self._answer(entry, reply, at)
        self._plan_watch(entry, at)
        for measure in following:
            yield from self._moved_up(measure, at)

    def _answer(self, entry: Entry, told: acts.Told, at: datetime) -> Reply:
        entry.outcome, entry.answered_at = told.outcome.value, at
        entry.held_fen = told.held_fen
        entry.answers += 1
        instruction = entry.instruction
        entry.last = Reply(
            application_id=instruction.application_id,
            kind=instruction.kind,
            institution=entry.institution,
            message_id=f"{entry.institution}{instruction.application_id}{entry.answers:02d}",
            outcome=told.outcome,
            answered_at=at,
            code=acts.CODES.get(told.outcome, ""),
            text=told.text,
            balance_fen=told.balance_fen,
            available_fen=told.available_fen,
            held_fen=told.held_fen,
            start=at if told.measured else None,
            end=instruction.end if told.measured else None,
            former=told.former,
            accounts=told.accounts,
            rows=told.rows,
            clerk="演示·柜员",
        )
        return entry.last

    def _fate(self, instruction: Instruction) -> Outcome | None:
        """Return what goes wrong at the institution by itself, if anything does."""
        chance, manner = self._chance(instruction, "fate"), self.manner
        draw = chance.random()
        if draw < manner.timeout_share:
            return Outcome.TIMEOUT
        draw -= manner.timeout_share
        if instruction.kind is Kind.STOP and draw < manner.mismatch_share:
            return Outcome.MISMATCH
        draw -= manner.mismatch_share
        first = instruction.kind in (Kind.STOP, Kind.FREEZE) or not instruction.original_id
        return Outcome.NOT_FOUND if first and 0 <= draw < manner.not_found_share else None

    def _foreign(self, instruction: Instruction, world: datetime) -> None:
        """Let another authority have frozen the account before, where the dice say so."""
        number = instruction.account.number
        if instruction.kind is not Kind.FREEZE or self.measures.freezer(number, world):
            return
        if self._chance(instruction, "foreign").random() < self.manner.foreign_share:
            until = world + timedelta(days=30 * self.manner.foreign_months)
            if self.book.account(number, world) is not None:
                earlier = Measure(f"foreign-{number}", True, "演示省外公安机关", None, until)
                self.measures.add(number, earlier, world)

    def _moved_up(self, measure: Measure, at: datetime) -> Iterator[Reply]:
        """Tell whose freeze waited that it is in force now."""
        entry = self.entries.get(measure.application_id)
        if entry is not None:
            scene = Scene(
                self.book, self.measures, self.names[entry.institution], self.manner, self.pace.world(at)
            )
            yield self._answer(entry, acts.frozen(scene, entry.instruction, measure), at)

    def _plan_watch(self, entry: Entry, at: datetime) -> None:
        if entry.instruction.kind is Kind.QUERY_DYNAMIC and entry.outcome == Outcome.DONE:
            self._plan(at + self.pace.wire_span(self.manner.watch_minutes), entry.instruction.application_id)

    def _watched(self, entry: Entry, at: datetime, world: datetime) -> Iterator[Reply]:
        """Report what moved on a watched account since the last report."""
        instruction = entry.instruction
        ended = any(
            each.instruction.original_id == instruction.application_id and each.done
            for each in self.entries.values()
            if each.instruction.kind is Kind.END_DYNAMIC
        )
        if ended or (instruction.end is not None and at >= instruction.end):
            return
        since = self.pace.world(entry.answered_at or at)
        scene = Scene(self.book, self.measures, self.names[entry.institution], self.manner, world)
        told = acts.watched(scene, instruction, since)
        if told.rows:
            yield self._answer(entry, told, at)
        self._plan_watch(entry, at)

    def _plan(self, at: datetime, application_id: str) -> None:
        heapq.heappush(self._queue, (at, next(self._tickets), application_id))

    def _chance(self, instruction: Instruction, what: str = "") -> Random:
        return chance_of(self.seed, f"{instruction.application_id}{what}")
