"""The fund-flow table (资金流向表) of a trace of the command line: accounts in clear, as an officer hands it in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rongdun import __version__
from rongdun.analytics.tracing.flow_table import FlowHead, FlowHolding, FlowLine, FlowParty, flow_table
from rongdun.analytics.tracing.index.hubs import REASONS
from rongdun.analytics.tracing.model import NOBODY, PAYEE_BOOK, PAYER_BOOK, End
from rongdun.analytics.tracing.trace import Trace
from rongdun.kernel.clock import Clock

_BOOKS = {PAYER_BOOK | PAYEE_BOOK: "both", PAYER_BOOK: "payer", PAYEE_BOOK: "payee", 0: "none"}
_SECOND = 1_000_000


def workbook_of(found: Trace, name: str, clock: Clock) -> bytes:
    """Return the workbook; ``name`` is the ledger's, ``clock`` tells when it was made."""
    told = _Told(found)
    lines = sorted(told.lines(), key=lambda one: (one.tier, one.time))
    holdings = sorted(told.holdings(), key=lambda one: (one.tier, one.victim, one.first_in))
    return flow_table(_head(told, name, clock), lines, holdings)


@dataclass(frozen=True)
class _Told:
    found: Trace

    @cached_property
    def at(self) -> dict[tuple[int, int], int]:
        """The first holding of each account and victim: its tier is the fewest hops."""
        rows = self.found.attribution.holdings
        keys = zip(rows.account.tolist(), rows.victim.tolist(), strict=True)
        return {key: at for at, key in reversed(list(enumerate(keys)))}

    def party(self, place: int) -> FlowParty:
        """Return a side of a transfer, in clear; all empty for nobody."""
        if place == NOBODY:
            return FlowParty("", "", "")
        accounts = self.found.subledger.accounts
        return FlowParty(accounts.name[place], accounts.number[place], accounts.institution[place])

    def opening(self, place: int) -> str:
        """Return where an account's opening balance is from."""
        if place == NOBODY:
            return ""
        return "known" if self.found.subledger.accounts.opening_known[place] else "assumed"

    def lines(self) -> Iterator[FlowLine]:
        """Yield one line a transfer and victim."""
        moved, shares = self.found.subledger.transfers, self.found.attribution.shares
        for at in range(len(shares)):
            row, victim = int(shares.transfer[at]), int(shares.victim[at])
            payer, payee = int(moved.payer[row]), int(moved.payee[row])
            yield FlowLine(
                tier=self.tier(payer, victim),
                victim=self.found.arrivals.victims[victim],
                payer=self.party(payer),
                payee=self.party(payee),
                time=int(moved.time[row]),
                amount_fen=int(moved.amount_fen[row]),
                share_fen=int(shares.fen[at]),
                end=End(int(shares.end[at])).name.lower(),
                opening=self.opening(payer if payer != NOBODY else payee),
                books=_BOOKS[int(moved.books[row])],
            )

    def tier(self, payer: int, victim: int) -> int:
        """Return the tier a transfer leads to: the payer's and one; what comes from outside leads to the first."""
        at = self.at.get((payer, victim))
        return 1 if at is None else int(self.found.attribution.holdings.tier[at]) + 1

    def holdings(self) -> Iterator[FlowHolding]:
        """Yield one line an account and victim."""
        rows, accounts = self.found.attribution.holdings, self.found.subledger.accounts
        for at in range(len(rows)):
            place = int(rows.account[at])
            into = int(rows.in_fen[at])
            yield FlowHolding(
                tier=int(rows.tier[at]),
                victim=self.found.arrivals.victims[int(rows.victim[at])],
                account=self.party(place),
                in_fen=into,
                out_fen=int(rows.out_fen[at]),
                left_fen=int(rows.left_fen[at]),
                first_in=int(rows.first_in[at]),
                last_out=int(rows.last_out[at]),
                dwell_s=round(float(rows.held[at]) / into / _SECOND) if into else 0,
                end=End(int(rows.end[at])).name.lower(),
                opening=self.opening(place),
                observed_until=int(accounts.observed_until[place]),
                mark="",
            )

    def stops(self) -> Iterator[str]:
        """Yield a sentence for each account at which the policy stopped."""
        for stop in self.found.stops:
            party = self.party(stop.account)
            who = " ".join(filter(None, (party.name, party.institution, party.account)))
            yield f"止于 {who}:{REASONS[stop.reason].zh}({stop.transfers:,} 笔交易)"


def _head(told: _Told, name: str, clock: Clock) -> FlowHead:
    found = told.found
    sums = found.attribution.totals
    return FlowHead(
        number=f"{name} 版本 {found.version}",
        title="资金流向表",
        rule=found.attribution.rule.value,
        as_of=found.subledger.as_of,
        made=round(clock.now().timestamp() * _SECOND),
        sums=(sums.seeds_fen, sums.left_fen, sums.ended_fen, sums.frontier_fen, sums.limit_fen),
        mark=f"rongdun {__version__}",
        simulated=False,
        language="zh",
        notes=list(told.stops()),
    )
