"""What the reports' endpoints are sent."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Short = Annotated[str, StringConstraints(max_length=100, pattern=_PLAIN)]
Line = Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)]
Code = Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z0-9_]*$")]
Story = Annotated[str, StringConstraints(max_length=20_000, pattern=_LINES)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=_PLAIN)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReporterIn(_In):
    """Who reports."""

    name: Short = ""
    phone: Short = ""
    relation: Short = ""


class VictimIn(_In):
    """Who was deceived."""

    name: Short = ""
    id_number: Short = ""
    phone: Short = ""
    age: Annotated[int | None, Field(ge=0, le=130)] = None
    sex: Literal["", "male", "female"] = ""
    occupation: Short = ""
    address: Line = ""
    vulnerabilities: Annotated[list[Code], Field(max_length=20)] = []


class TransferIn(_In):
    """A transfer as it is told: amounts as 49800 or 4.98万, times as 今天下午两点半."""

    out_institution: Short = ""
    out_account: Short = ""
    out_name: Short = ""
    institution: Short = ""
    account: Short = ""
    name: Short = ""
    kind: Literal["personal", "corporate"] = "personal"
    amount: Short = ""
    time: Short = ""
    method: Code = ""
    serial: Short = ""


class NamedIn(_In):
    """A number, link, app or account of the fraudster."""

    kind: Literal["phone", "link", "app", "chat", "account"]
    value: Line


class FileIn(_In):
    """A file uploaded before."""

    sha256: Hash
    name: Short


class ReportIn(_In):
    """The form of a report; empty where nothing is known yet."""

    source: Code
    received_at: datetime | None = None
    classification: Code = ""
    fraud_type: Code = ""
    channels: Annotated[list[Code], Field(max_length=20)] = []
    deceived_at: Short = ""
    story: Story = ""
    reporter: ReporterIn = ReporterIn()
    victim: VictimIn = VictimIn()
    transfers: Annotated[list[TransferIn], Field(max_length=200)] = []
    named: Annotated[list[NamedIn], Field(max_length=200)] = []
    files: Annotated[list[FileIn], Field(max_length=100)] = []
    on_call: bool = False
    more_expected: bool = False
    screen_shared: bool = False
    hardship: bool = False


class NewReportIn(ReportIn):
    """A report to be taken; ``stops``: whether orders are drafted with it, and urgent ones sent at once."""

    stops: Literal["none", "draft", "send"] = "none"


class EditReportIn(ReportIn):
    """A report changed on the version one has seen."""

    version: Version


class CheckIn(ReportIn):
    """A form that is being typed; ``report_id``: the report it belongs to, which is no hit of its own."""

    report_id: UUID | None = None


class ExtractIn(_In):
    """A narrative that was pasted."""

    text: Story


class MoveIn(_In):
    """A step of the report's life; what it needs besides the reason goes with it."""

    action: Literal["classify", "reclassify", "enter", "refer", "close"]
    version: Version
    reason: Reason = ""
    classification: Code = ""
    fraud_type: Code = ""
    duplicate_of: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    referred_to: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class AcceptIn(_In):
    """Accepting a report as a case, handled by ``unit_id`` (by default the actor's own unit)."""

    version: Version
    unit_id: UUID | None = None
    jurisdiction: Code = "first_acceptor"


class StopsIn(_In):
    """Drafting stops from a report; ``send``: urgent ones go out at once."""

    version: Version
    send: bool = False
