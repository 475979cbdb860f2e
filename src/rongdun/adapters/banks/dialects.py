"""The wire profiles an institution may be spoken to in: tables of fields (``profiles/*.toml``), and ISO 20022."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from rongdun.adapters.banks import wire
from rongdun.adapters.banks.iso20022 import Iso20022
from rongdun.adapters.banks.profile import Profile, load_profile
from rongdun.adapters.banks.wire import Acknowledged
from rongdun.domains.exchange import Instruction, Kind, NotCarried, Reply, StatusRequest

ISO_20022 = "iso20022"
"""Name of the profile that is no table."""


class Dialect(Protocol):
    """One way to say instructions and answers in XML. Reading raises ``Malformed`` naming the element."""

    @property
    def name(self) -> str:
        """How institutions are registered for it."""
        ...

    @property
    def carries(self) -> frozenset[Kind]:
        """The instructions it has words for."""
        ...

    @property
    def asks_status(self) -> bool:
        """Whether it can ask what became of an instruction."""
        ...

    def write_instruction(self, told: Instruction) -> bytes:
        """Return an instruction on the wire; raises ``NotCarried``, or ``Malformed`` naming what is missing."""
        ...

    def write_status_request(self, told: StatusRequest) -> bytes:
        """Return the question what became of an instruction; raises ``NotCarried``."""
        ...

    def read_asked(self, raw: bytes) -> Instruction | StatusRequest:
        """Return what the centre wants, as an institution reads it."""
        ...

    def write_reply(self, told: Reply) -> bytes:
        """Return an answer, as an institution sends it."""
        ...

    def read_reply(self, raw: bytes, *, received_at: datetime) -> Reply:
        """Return what an institution answered."""
        ...

    def write_ack(self, ack: Acknowledged) -> bytes:
        """Return what answers a transport."""
        ...

    def read_ack(self, raw: bytes) -> Acknowledged:
        """Return what a transport was answered."""
        ...

    def verdict(self, code: str) -> str:
        """Return what an acknowledgement means for delivery: ``taken``, ``refused`` or ``again``."""
        ...


@dataclass(frozen=True, slots=True)
class Tables:
    """Speaks by a table of fields: the national platform's, or one that a deployment wrote."""

    profile: Profile

    @property
    def name(self) -> str:
        """How institutions are registered for it."""
        return self.profile.name

    @property
    def carries(self) -> frozenset[Kind]:
        """The instructions the table has a message for."""
        return frozenset(self.profile.asks)

    @property
    def asks_status(self) -> bool:
        """Whether it can ask what became of an instruction: the national platform has no such message."""
        return False

    def write_instruction(self, told: Instruction) -> bytes:
        """Return an instruction on the wire; raises ``NotCarried``, or ``Malformed`` naming what is missing."""
        if told.kind not in self.profile.asks:
            raise NotCarried.by(self.name, [told.kind])
        return wire.write_instruction(self.profile, told)

    def write_status_request(self, told: StatusRequest) -> bytes:  # noqa: ARG002 - there are no words for it
        """Raise ``NotCarried``."""
        raise NotCarried.by(self.name, [])

    def read_asked(self, raw: bytes) -> Instruction | StatusRequest:
        """Return what the centre wants, as an institution reads it."""
        return wire.read_instruction(self.profile, raw)

    def write_reply(self, told: Reply) -> bytes:
        """Return an answer, as an institution sends it."""
        return wire.write_reply(self.profile, told)

    def read_reply(self, raw: bytes, *, received_at: datetime) -> Reply:
        """Return what an institution answered."""
        return wire.read_reply(self.profile, raw, received_at=received_at)

    def write_ack(self, ack: Acknowledged) -> bytes:
        """Return what answers a transport."""
        return wire.write_ack(self.profile, ack)

    def read_ack(self, raw: bytes) -> Acknowledged:
        """Return what a transport was answered."""
        return wire.read_ack(self.profile, raw)

    def verdict(self, code: str) -> str:
        """Return what an acknowledgement means for delivery: ``taken``, ``refused`` or ``again``."""
        return self.profile.returns.get(code, "again")


def dialect_named(name: str, corrected: Path | None = None) -> Dialect:
    """Return the wire profile ``name``; a corrected table of a deployment lies in ``corrected``.

    Raises ``ProfileUnusable`` naming what is wrong.
    """
    return Iso20022() if name == ISO_20022 else Tables(load_profile(name, corrected))
