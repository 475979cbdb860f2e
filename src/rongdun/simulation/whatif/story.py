"""What happened in one world under both settings, case by case, as it is kept and shown. Pure data.

Moments are whole seconds of a case's own clock, which begins with the victim's first transfer. What falls into one
second happened in this order: payments, then answers.
"""

from typing import Final, Literal

from pydantic import BaseModel, Field

LAYOUT: Final = 1
"""Version of what is kept; a story of another one is not shown."""

MOST_MOVES: Final = 40_000
"""Payments of a world's story under both settings; a world has some hundreds, rarely thousands."""

VICTIM: Final = -1
"""Stands for an account of the victim where an account is expected."""

OUT: Final = -1
"""Stands for whoever gets money that leaves the rooms' accounts."""

Way = Literal["", "cash", "crypto", "spent", "other"]
"""How money left the rooms' accounts; empty: it stays in them."""


class StoryWords(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class StoryAccount(BaseModel):
    """An account of a case. ``tier`` 0: the case's money never lay there; ``room``: it is a laundering room's."""

    tier: int
    bank: str
    kind: Literal["personal", "corporate", "merchant", "other"]
    room: bool


class StoryMoves(BaseModel):
    """The victim's money on its way, a payment a place in every column; ``payer`` and ``payee`` are accounts."""

    at: list[int] = Field(default_factory=list)
    payer: list[int] = Field(default_factory=list)
    payee: list[int] = Field(default_factory=list)
    fen: list[int] = Field(default_factory=list)
    way: list[Way] = Field(default_factory=list)


class StoryAct(BaseModel):
    """An order: an officer writes it from ``begun`` to ``sent``, it is answered at ``lands``.

    ``trace`` asks the victim's bank where a wrongly told transfer went. ``outcome`` None: the desk had closed before
    the answer came, so it had no effect. ``found_fen`` lay in the account when a stop came in, whosever it was.
    """

    action: Literal["stop", "ask", "trace"]
    account: int
    officer: int
    begun: int
    sent: int
    lands: int
    outcome: Literal["done", "refused", "silent"] | None
    found_fen: int
    why: StoryWords


class StorySums(BaseModel):
    """What the experiment found of the case; the same figures as those of the run, money in fen."""

    lost_fen: int
    stealable_fen: int
    saved_fen: int
    stops: int
    asks: int
    minutes: float
    innocents: int
    innocents_fen: int


class StorySide(BaseModel):
    """A case under one setting. ``hour``: what the clock of the shared busy hour shows when the case's begins."""

    starts_at: str
    hour: int
    reported: int
    end: int
    moves: StoryMoves
    acts: list[StoryAct]
    sums: StorySums


class StoryCase(BaseModel):
    """A case under both settings, its accounts numbered alike; None: reported too late to be judged under one."""

    accounts: list[StoryAccount]
    a: StorySide | None
    b: StorySide | None


class Story(BaseModel):
    """A world's cases in the order of their reports."""

    cases: list[StoryCase]
