"""ISO 20022 as an institution's wire profile: which message says what, both ways."""

from dataclasses import dataclass
from datetime import datetime

from rongdun.adapters.banks.iso20022 import asking, telling
from rongdun.adapters.banks.iso20022.codes import ACKNOWLEDGED, CARRIES, VERDICTS
from rongdun.adapters.banks.iso20022.parts import application_of, serial, short
from rongdun.adapters.banks.iso20022.schemas import read, written
from rongdun.adapters.banks.wire import Acknowledged
from rongdun.domains.exchange import Instruction, Kind, NotCarried, Reply, StatusRequest

_ACK = "RctAck/Rpt/ReqHdlg"


@dataclass(frozen=True, slots=True)
class Iso20022:
    """Speaks ISO 20022; see :class:`rongdun.adapters.banks.dialects.Dialect`."""

    name: str = "iso20022"
    carries: frozenset[Kind] = CARRIES
    asks_status: bool = True

    def write_instruction(self, told: Instruction) -> bytes:
        """Return a stop as a recall; raises :class:`NotCarried` for anything else, :class:`Malformed` by its name."""
        if told.kind not in self.carries:
            raise NotCarried.by(self.name, [told.kind])
        return asking.recall(told)

    def write_status_request(self, told: StatusRequest) -> bytes:
        """Return the question what became of a stop."""
        return asking.status_request(told)

    def read_asked(self, raw: bytes) -> Instruction | StatusRequest:
        """Return what the centre wants, as an institution reads it; raises :class:`Malformed`."""
        found = read(raw, ("camt.056", "pacs.028"))
        if found.name == "pacs.028":
            return asking.read_status_request(found)
        return asking.read_recall(found)

    def write_reply(self, told: Reply) -> bytes:
        """Return an answer, as an institution sends it: money sent back, or how the recall ended."""
        return telling.resolution(told) if told.returned_fen is None else telling.payment_return(told)

    def read_reply(self, raw: bytes, *, received_at: datetime) -> Reply:  # noqa: ARG002 - messages tell their moment
        """Return what an institution answered; raises :class:`Malformed` naming the element that is wrong."""
        found = read(raw, ("camt.029", "pacs.004"))
        return telling.read_return(found) if found.name == "pacs.004" else telling.read_resolution(found)

    def write_ack(self, ack: Acknowledged) -> bytes:
        """Return what answers a transport."""
        name = serial(short(ack.reference)) or "NONREF"
        handled = {"StsCd": ACKNOWLEDGED.get(ack.code, "NARR"), "Desc": ack.text[:140]}
        report = {"RltdRef": {"Ref": name}, "ReqHdlg": handled}
        return written("admi.007", {"RctAck": {"MsgId": {"MsgId": name}, "Rpt": [report]}})

    def read_ack(self, raw: bytes) -> Acknowledged:
        """Return what a transport was answered; raises :class:`Malformed`."""
        found = read(raw, ("admi.007",))
        code = found.need(f"{_ACK}/StsCd")
        reference = application_of(found.text("RctAck/Rpt/RltdRef/Ref"))
        return Acknowledged(code, found.text(f"{_ACK}/Desc"), reference)

    def verdict(self, code: str) -> str:
        """Return what an acknowledgement means for delivery: ``taken``, ``refused`` or ``again``."""
        return VERDICTS.get(code, "again")
