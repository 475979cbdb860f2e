"""What a trace found by one rule, as a trace keeps it: accounts and transfers by place, shares by victim. Pure.

Money is whole fen, moments are microseconds since 1970 UTC (0: none). ``NOBODY`` stands for no account.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """An account that was touched. ``observed``: its own statement is in the ledger.

    ``kind``: what kind of account the ledger takes it for, in lower case; results of before do not say.
    """

    institution: str
    number: str
    name: str
    observed: bool
    opening: str
    observed_until: int
    hub: bool
    kind: str = "unknown"


@dataclass(frozen=True, slots=True)
class ToldHolding:
    """One victim's money in one account: ``in = out + left``; ``end`` in lower case as the result names it."""

    account: int
    victim: int
    tier: int
    in_fen: int
    out_fen: int
    left_fen: int
    end: str
    first_in: int
    last_out: int
    dwell_s: int
    confidence: str


@dataclass(frozen=True, slots=True)
class ToldTransfer:
    """A transfer that carried victims' money. ``books``: payer, payee, both or none (an assumed arrival).

    ``ends`` says for each share where it went no further, ``end`` the first of them that says anything.
    """

    payer: int
    payee: int
    time: int
    amount_fen: int
    end: str
    books: str
    hand: bool
    shares: list[tuple[int, int]]
    ends: list[str]


@dataclass(frozen=True, slots=True)
class ToldTotals:
    """``seeds = left + ended + frontier + limit`` for every rule except poison."""

    seeds_fen: int
    left_fen: int
    ended_fen: int
    frontier_fen: int
    limit_fen: int


@dataclass(frozen=True, slots=True)
class ToldStop:
    """An account at which money was not followed because the policy says so."""

    account: int
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """The whole of what one rule says."""

    rule: str
    as_of: int
    victims: list[str]
    totals: ToldTotals
    accounts: list[ToldAccount]
    holdings: list[ToldHolding]
    transfers: list[ToldTransfer]
    stops: list[ToldStop]

    def key_of(self, place: int) -> tuple[str, str]:
        """Return institution and number of the account at ``place``."""
        account = self.accounts[place]
        return account.institution, account.number


def to_json(told: Told) -> str:
    """Return the result as JSON, small and always the same for the same result."""
    return json.dumps(asdict(told), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Told:
    """Return what :func:`to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    return Told(
        rule=data["rule"],
        as_of=data["as_of"],
        victims=data["victims"],
        totals=ToldTotals(**data["totals"]),
        accounts=[ToldAccount(**one) for one in data["accounts"]],
        holdings=[ToldHolding(**one) for one in data["holdings"]],
        transfers=[_transfer(one) for one in data["transfers"]],
        stops=[ToldStop(**one) for one in data["stops"]],
    )


def tiers_of(told: Told) -> dict[int, int]:
    """Return the fewest hops at which each account stands, over all victims."""
    found: dict[int, int] = {}
    for holding in told.holdings:
        found[holding.account] = min(holding.tier, found.get(holding.account, holding.tier))
    return found


def victims_money(told: Told, place: int) -> Sequence[ToldHolding]:
    """Return the holdings of the account at ``place``."""
    return [holding for holding in told.holdings if holding.account == place]


def _transfer(data: dict[str, Any]) -> ToldTransfer:
    return ToldTransfer(**{**data, "shares": [(victim, fen) for victim, fen in data["shares"]]})
