"""The transport of channel ``bank``: an order's instruction in its institution's form, signed, posted or laid down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from threading import Lock
from uuid import UUID

from rongdun.adapters.banks import file_drop
from rongdun.adapters.banks.breaker import Breaker
from rongdun.adapters.banks.dialects import Dialect, dialect_named
from rongdun.adapters.banks.orders import Orders
from rongdun.adapters.banks.post import Answer, NoAnswer, Post
from rongdun.adapters.banks.signing import Signer, signed_headers
from rongdun.domains import exchange
from rongdun.domains.exchange import Instruction, Malformed, StatusRequest
from rongdun.kernel.clock import monotonic
from rongdun.kernel.errors import DomainError
from rongdun.runtime.outbox import NotDelivered, Outgoing, Refused
from rongdun.runtime.uow import Transact, Uow

CHANNEL = "bank"
"""Channel of instructions to institutions."""

KEEP_S = 10.0
"""How long, in seconds, an institution's address and key are remembered."""

FORM = "form"
"""Transport of institutions without an interface: their liaison sees the order at the desk for partners."""

_LATER = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Partner:
    """What is needed of an institution to reach it."""

    code: str
    transport: str
    url: str
    profile: str
    active: bool
    carries: tuple[str, ...]
    otherwise: str
    public_key: str

    def way(self, kind: str) -> str:
        """Return how an instruction of ``kind`` reaches it: what its profile has no message for goes another way."""
        return self.transport if not self.carries or kind in self.carries else self.otherwise


@dataclass(frozen=True, slots=True)
class Places:
    """Where files go: corrected profiles, and what is laid down for closed networks."""

    profiles: Path
    outgoing: Path


@dataclass(frozen=True, slots=True)
class Ready:
    """A message as it leaves: to whom and which way, its bytes, when it was made, and the name of its file."""

    partner: Partner
    way: str
    dialect: Dialect
    body: bytes
    name: str
    made_at: datetime


@dataclass(slots=True)
class BankTransport:
    """Carries instructions; see :class:`rongdun.runtime.outbox.Transport`. Safe to share between threads.

    ``sign_for`` gives the signer for an institution of a public key; without it ``signer`` signs for all.
    """

    transact: Transact
    orders: Orders
    signer: Signer
    post: Post
    places: Places
    sign_for: Callable[[str], Signer] | None = None
    breaker: Breaker = field(default_factory=Breaker)
    _known: dict[str, tuple[float, Partner]] = field(default_factory=dict)
    _ready: dict[UUID, Ready | Refused] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def prepare(self, messages: Sequence[Outgoing]) -> None:
        """Look everything up that ``messages`` need, in one transaction, for the deliveries that follow."""
        with self.transact() as uow:
            self._ready |= self._all_made(uow, messages)

    def deliver(self, message: Outgoing) -> str:
        """Carry the instruction over; return ``<institution's code>/<its reference>``."""
        ready = self._ready.pop(message.id, None)
        if ready is None:
            with self.transact() as uow:
                ready = self._all_made(uow, [message])[message.id]
        if isinstance(ready, Refused):
            raise ready
        return f"{ready.partner.code}/{self._carried(ready)}"

    def _all_made(self, uow: Uow, messages: Sequence[Outgoing]) -> dict[UUID, Ready | Refused]:
        """Return what leaves for each message, or why it never will; the instructions are asked for together."""
        names = {message.id: str(message.payload["instruction"]) for message in messages}
        told = self.orders.instructions_for(uow, list(names.values()))
        dialect = cache(partial(dialect_named, corrected=self.places.profiles))
        made: dict[UUID, Ready | Refused] = {}
        for message in messages:
            try:
                made[message.id] = self._made(uow, message, told.get(names[message.id]), dialect)
            except Refused as error:
                made[message.id] = error
        return made

    def _made(
        self,
        uow: Uow,
        message: Outgoing,
        instruction: Instruction | None,
        dialect_of: Callable[[str], Dialect],
    ) -> Ready:
        if instruction is None:
            raise Refused("no such instruction")
        try:
            partner = self._partner(uow, instruction.account.institution)
            dialect = dialect_of(partner.profile)
            if message.kind == exchange.STATUS:
                return self._asked(uow, message, partner, dialect, instruction)
            way = partner.way(instruction.kind)
            body = b"" if way == FORM else dialect.write_instruction(instruction)
        except DomainError as error:
            raise Refused(error.message.en) from error
        return Ready(partner, way, dialect, body, instruction.application_id, uow.now)

    def _asked(
        self, uow: Uow, message: Outgoing, partner: Partner, dialect: Dialect, about: Instruction
    ) -> Ready:
        """Return the question what became of an instruction; its name is the message's, the same each time."""
        told = StatusRequest(
            application_id=about.application_id,
            institution=partner.code,
            message_id=message.id.hex,
            made_at=uow.now,
        )
        return Ready(
            partner, partner.transport, dialect, dialect.write_status_request(told), told.message_id, uow.now
        )

    def _carried(self, ready: Ready) -> str:
        partner = ready.partner
        if not partner.active:
            raise Refused(f"institution {partner.code} is not active")
        if ready.way == FORM:
            return FORM
        if ready.way == "file_drop":
            folder = self.places.outgoing / partner.code
            return file_drop.lay_down(folder, ready.name, ready.body, self._signer(partner), ready.made_at)
        return self._posted(ready)

    def _partner(self, uow: Uow, code: str) -> Partner:
        with self._lock:
            seen_at, partner = self._known.get(code, (0.0, None))
        if partner is not None and monotonic() - seen_at < KEEP_S:
            return partner
        row = exchange.institution(uow, code)
        if row is None:
            raise Refused(f"no institution {code}")
        partner = Partner(
            row.code,
            row.transport,
            row.url,
            row.profile,
            row.active,
            tuple(row.carries),
            row.otherwise,
            row.public_key,
        )
        with self._lock:
            self._known[code] = (monotonic(), partner)
        return partner

    def _signer(self, partner: Partner) -> Signer:
        if self.sign_for is None:
            return self.signer
        try:
            return self.sign_for(partner.public_key)
        except DomainError as error:
            raise NotDelivered(error.message.en) from error

    def _posted(self, ready: Ready) -> str:
        code = ready.partner.code
        rest = self.breaker.rest_s(code)
        if rest:
            raise NotDelivered(f"institution {code} does not answer", after=timedelta(seconds=rest))
        try:
            answer = self._send(ready)
        except NoAnswer as error:
            self.breaker.failed(code)
            raise NotDelivered(str(error)) from error
        if answer.status >= 500:
            self.breaker.failed(code)
        else:
            self.breaker.answered(code)
        return _reference(ready.dialect, answer)

    def _send(self, ready: Ready) -> Answer:
        url = ready.partner.url
        path = "/" + url.split("://", 1)[-1].partition("/")[2]
        headers = signed_headers(self._signer(ready.partner), "POST", path, ready.body, ready.made_at)
        return self.post.send(url, ready.body, {"Content-Type": "application/xml", **headers})


def _reference(dialect: Dialect, answer: Answer) -> str:
    """Return the reference in an answer that takes the message; else say by which error it is not taken."""
    try:
        ack = dialect.read_ack(answer.body)
    except Malformed:
        raise _unreadable(answer) from None
    verdict = dialect.verdict(ack.code)
    if verdict == "taken" and answer.status < 300:
        return ack.reference
    if verdict == "refused":
        raise Refused(f"{ack.code} {ack.text}".strip())
    raise NotDelivered(f"{ack.code} {ack.text}".strip(), after=_after(answer))


def _unreadable(answer: Answer) -> NotDelivered | Refused:
    words = f"HTTP {answer.status} with an answer that cannot be read"
    if 400 <= answer.status < 500 and answer.status not in _LATER:
        return Refused(words)
    return NotDelivered(words, after=_after(answer))


def _after(answer: Answer) -> timedelta | None:
    return timedelta(seconds=answer.retry_after_s) if answer.retry_after_s else None
