"""What a call of a drill is: who rings, what they say, what they paid; and where the stage is asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

NEXT: Final = "/drill/next"
CURRENT: Final = "/drill/current"
"""Paths of the stage's own door."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a caller can name it from the bank's message on the phone."""

    institution: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """One transfer of a call; ``time`` is the centre's."""

    payer: Account
    payee: Account
    amount_fen: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A call: who rings, what they say, what they paid."""

    scam: int
    name: str
    phone: str
    id_number: str
    female: bool
    age: int
    type_code: str
    type_name: str
    story: str
    time: datetime
    transfers: Sequence[Told]
