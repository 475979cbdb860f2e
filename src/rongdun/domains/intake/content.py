"""What a report says, as it is kept: read with certainty, every amount in fen, every moment in UTC. Pure."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who reports, and how they stand to the victim (本人, 亲属, 银行 …)."""

    name: str = ""
    phone: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VictimTold:
    """Who was deceived; ``vulnerabilities`` are codes of ``case.vulnerabilities``."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    age: int | None = None
    sex: str = ""
    occupation: str = ""
    address: str = ""
    vulnerabilities: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTold:
    """Money that left the victim: from which account, to which, how much (fen), when (ISO, UTC), how.

    ``account`` may be partly masked where nobody knows it whole: no order can be made of it then. ``precision`` is how
    finely the moment was said.
    """

    out_institution: str = ""
    out_account: str = ""
    out_name: str = ""
    institution: str = ""
    account: str = ""
    name: str = ""
    kind: str = "personal"
    amount_fen: int | None = None
    at: str = ""
    precision: str = ""
    method: str = ""
    serial: str = ""

    @property
    def moment(self) -> datetime | None:
        """When it was made, if that is known."""
        return datetime.fromisoformat(self.at) if self.at else None

    @property
    def whole(self) -> bool:
        """Tell whether the payee's account number is known whole."""
        return bool(self.account) and "*" not in self.account


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A number, link, app or account name of the fraudster; ``kind``: phone, link, app, chat or account."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file uploaded with the report."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything of a report that names somebody."""

    story: str = ""
    reporter: Reporter = field(default_factory=Reporter)
    victim: VictimTold = field(default_factory=VictimTold)
    transfers: list[TransferTold] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    files: list[Evidence] = field(default_factory=list)

    @property
    def loss_fen(self) -> int:
        """What was transferred, in fen."""
        return sum(one.amount_fen or 0 for one in self.transfers)

    @property
    def last_at(self) -> datetime | None:
        """When money left last."""
        return max((one.moment for one in self.transfers if one.moment), default=None)


def to_json(content: Content) -> str:
    """Return the content as JSON."""
    return json.dumps(asdict(content), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Content:
    """Return what :func:`to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    return Content(
        story=data["story"],
        reporter=Reporter(**data["reporter"]),
        victim=VictimTold(**data["victim"]),
        transfers=[TransferTold(**one) for one in data["transfers"]],
        named=[Named(**one) for one in data["named"]],
        files=[Evidence(**one) for one in data["files"]],
    )
