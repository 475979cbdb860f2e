"""Attribution in plain Python: the rules as they are meant, short enough to read. Tests hold the kernels against it.

An account that is followed holds lots (owner, fen, arrival) in the order in which they came. A transfer takes parts
from the payer's lots by the rule; the payee queues them in the order in which they were taken. README.md tells the
rest: ends, limits, refunds.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from rongdun.analytics.tracing import ends
from rongdun.analytics.tracing.model import (
    LIMITS,
    NOBODY,
    Arrivals,
    Attribution,
    Bounds,
    End,
    Rule,
    SubLedger,
)
from rongdun.analytics.tracing.outcome import Holding, Share, attribution


@dataclass(slots=True)
class Lot:
    """Money of one owner that came at one moment; ``NOBODY`` is clean."""

    owner: int
    fen: int
    arrival: int


@dataclass(slots=True)
class Part:
    """What a transfer carries of one owner: ``tier`` of where it comes from, ``end`` where it stopped in the end."""

    owner: int
    fen: int
    tier: int = 0
    end: int = End.FOLLOWED


@dataclass(slots=True)
class Payment:
    """A payment that may be refunded: what of it has not been given back yet."""

    left_fen: int
    parts: list[Part] = field(default_factory=list)


def taken(lots: list[Lot], amount: int, rule: Rule, since: int) -> list[Lot]:
    """Take up to ``amount`` out of ``lots`` by the rule; ``since`` is the oldest arrival the window rule takes from.

    FIFO: Devaynes v Noble (Clayton's case, 1816): first in, first out of a running account. LIFO: its reverse, the
    last money in leaves first. PRO_RATA: Barlow Clowes v Vaughan (1992), each owner in proportion to the balance
    (haircut in the literature on tracing taint). WINDOW: officers' practice, only money that came lately leaves.
    """
    if rule is Rule.PRO_RATA:
        return _in_proportion(lots, amount)
    out = []
    for lot in list(reversed(lots)) if rule is Rule.LIFO else list(lots):
        if rule is not Rule.WINDOW or lot.arrival >= since:
            fen = min(lot.fen, amount)
            amount -= fen
            out.append(_split(lots, lot, fen))
    return [lot for lot in out if lot.fen]


def _split(lots: list[Lot], lot: Lot, fen: int) -> Lot:
    lot.fen -= fen
    if not lot.fen:
        lots[:] = [other for other in lots if other is not lot]
    return Lot(lot.owner, fen, lot.arrival)


def _in_proportion(lots: list[Lot], amount: int) -> list[Lot]:
    """Whole fen by largest remainder; ties by the victim's place, clean money last."""
    total = sum(lot.fen for lot in lots)
    amount = min(amount, total)
    shares = {id(lot): amount * lot.fen // total for lot in lots}
    spare = amount - sum(shares.values())
    for lot in sorted(lots, key=lambda lot: -(amount * lot.fen % total))[:spare]:
        shares[id(lot)] += 1
    return [out for lot in list(lots) if (out := _split(lots, lot, shares[id(lot)])).fen]


def taken_of(lots: list[Lot], owner: int, amount: int, rule: Rule, since: int) -> list[Lot]:
    """Take up to ``amount`` of one owner's money, in the order of the rule."""
    own = [lot for lot in lots if lot.owner == owner]
    out = taken(own, amount, rule, since)
    lots[:] = [lot for lot in lots if lot.fen and (lot.owner != owner or lot in own)]
    return out


def put(lots: list[Lot], lot: Lot, rule: Rule) -> None:
    """Queue a lot; in proportion each owner has one, by the victim's place, clean money last."""
    if rule is not Rule.PRO_RATA:
        lots.append(lot)
        return
    for other in lots:
        if other.owner == lot.owner:
            other.fen += lot.fen
            return
    lots.append(lot)
    lots.sort(key=lambda lot: (lot.owner == NOBODY, lot.owner))


class Trace:
    """One run of one rule over a sub-ledger."""

    def __init__(self, subledger: SubLedger, arrivals: Arrivals, rule: Rule, bounds: Bounds) -> None:
        self.ledger, self.rule, self.bounds = subledger, rule, bounds
        self.end_of = [int(end) for end in ends.of_accounts(subledger.accounts)]
        self.since = [int(time) for time in ends.since(subledger.accounts)]
        self.deadline = [int(time) for time in ends.deadlines(subledger, arrivals, bounds)]
        self.seeds_fen = int(arrivals.amount_fen.sum())
        self.seeds: dict[int, list[Part]] = defaultdict(list)
        for transfer, victim, fen in zip(
            arrivals.transfer, arrivals.victim, arrivals.amount_fen, strict=True
        ):
            self.seeds[int(transfer)].append(Part(int(victim), int(fen)))
        self.lots = [
            [Lot(NOBODY, int(fen), 0)] if fen and rule is not Rule.WINDOW else []
            for fen in subledger.accounts.opening_fen
        ]
        self.payments: dict[tuple[int, int], list[Payment]] = defaultdict(list)
        self.holdings: dict[tuple[int, int, int], Holding] = {}
        self.shares: list[Share] = []
        self.elsewhere: dict[int, int] = defaultdict(int)  # by end: what stopped where no account stands

    def run(self) -> Attribution:
        """Let every transfer happen; return who has whose money."""
        for place in range(len(self.ledger.transfers)):
            self.happen(place)
        self.close()
        return attribution(
            self.rule, list(self.holdings.values()), self.shares, self.elsewhere, self.seeds_fen
        )

    def close(self) -> None:
        """Let what is left lie until the end."""
        for holding in self.holdings.values():
            if holding.end == End.FOLLOWED:
                holding.rest(self.ledger.as_of)

    def happen(self, place: int) -> None:
        """Take what the transfer carries, deliver it, remember it for a refund."""
        transfers = self.ledger.transfers
        payer, payee = int(transfers.payer[place]), int(transfers.payee[place])
        amount, time = int(transfers.amount_fen[place]), int(transfers.time[place])
        parts = self.carried(place, payer, payee, amount, time)
        rest = amount - sum(part.fen for part in parts)
        parts = merged([*parts, Part(NOBODY, rest)])
        self.deliver(place, payer, payee, parts, time)
        if payer != NOBODY:
            self.payments[payer, payee].append(Payment(amount, parts))

    def carried(self, place: int, payer: int, payee: int, amount: int, time: int) -> list[Part]:
        """Return the parts in the order in which they are taken; what is missing is clean."""
        if place in self.seeds:
            if self.counts(payer, time):
                taken_of(self.lots[payer], NOBODY, amount, self.rule, 0)
            return self.seeds[place]
        if self.ledger.transfers.refund[place] and payee != NOBODY:
            return self.refunded(payer, payee, amount, time)
        return self.spent(payer, amount, time) if self.counts(payer, time) else []

    def spent(self, payer: int, amount: int, time: int) -> list[Part]:
        """Take from the payer's lots by the rule."""
        return self.parted(payer, taken(self.lots[payer], amount, self.rule, self.oldest(payer, time)), time)

    def spent_of(self, payer: int, owner: int, amount: int, time: int) -> list[Part]:
        """Take one owner's money from the payer's lots."""
        lots = taken_of(self.lots[payer], owner, amount, self.rule, self.oldest(payer, time))
        return self.parted(payer, lots, time)

    def parted(self, payer: int, lots: list[Lot], time: int) -> list[Part]:
        """Write down that these lots leave the payer."""
        parts = []
        for lot in lots:
            tier = 0
            if lot.owner != NOBODY:
                holding = self.holdings[payer, lot.owner, End.FOLLOWED]
                holding.give(lot.fen, time)
                tier = holding.tier
            parts.append(Part(lot.owner, lot.fen, tier))
        return parts

    def oldest(self, account: int, time: int) -> int:
        """Return the oldest arrival the window rule takes from."""
        return time - self.bounds.delta_of.get(account, self.bounds.delta)

    def counts(self, account: int, time: int) -> bool:
        """Tell whether the account's lots are kept at that moment."""
        return account != NOBODY and not self.end_of[account] and time >= self.since[account]

    # Refunds

    def refunded(self, payer: int, payee: int, amount: int, time: int) -> list[Part]:
        """Return what a refund gives back: the parts of the payee's latest payments to the payer, then the rest."""
        parts: list[Part] = []
        for wanted in self.wanted(payee, payer, amount):
            parts += self.given_back(payer, wanted, time)
        rest = amount - sum(part.fen for part in parts)
        if self.counts(payer, time):
            clean = self.spent_of(payer, NOBODY, rest, time)
            rest -= sum(part.fen for part in clean)
            parts += clean
            if self.rule is not Rule.WINDOW:
                parts += self.spent(payer, rest, time)
        return parts

    def wanted(self, buyer: int, seller: int, amount: int) -> list[Part]:
        """Take ``amount`` off the buyer's payments: one of exactly that much, else the latest first."""
        payments = [payment for payment in self.payments[buyer, seller] if payment.left_fen]
        exact = [payment for payment in payments if payment.left_fen == amount]
        chosen = exact[-1:] or ([] if seller == NOBODY else payments[::-1])
        parts: list[Part] = []
        for payment in chosen:
            fen = min(payment.left_fen, amount)
            payment.left_fen -= fen
            amount -= fen
            parts += first(payment.parts, fen)
        return parts

    def given_back(self, payer: int, wanted: Part, time: int) -> list[Part]:
        """Take back one part from where it lies: the payer's lots, or where it had stopped."""
        if wanted.end == End.FOLLOWED:
            if not self.counts(payer, time):
                return [Part(NOBODY, wanted.fen)]
            return self.spent_of(payer, wanted.owner, wanted.fen, time)
        if self.lies(payer, wanted.end):
            self.holdings[payer, wanted.owner, wanted.end].give(wanted.fen, time)
        else:
            self.elsewhere[wanted.end] -= wanted.fen
        if self.counts(payer, time):
            self.spent_of(payer, NOBODY, wanted.fen, time)
        return [Part(wanted.owner, wanted.fen, wanted.tier + 1)]

    # Delivery

    def deliver(self, place: int, payer: int, payee: int, parts: list[Part], time: int) -> None:
        """Give each part its end; queue at the payee what is followed, and as clean what is not.

        All parts of one victim in one transfer are one share and have one end.
        """
        carried: dict[int, Share] = {}
        for part in parts:
            if part.owner != NOBODY:
                if part.owner not in carried:
                    carried[part.owner] = Share(place, part.owner, 0, self.end(place, payee, part, time))
                share = carried[part.owner]
                share.fen += part.fen
                part.end = share.end
                self.arrive(payer, payee, part, time)
        self.shares += carried.values()
        for part in parts:
            owner = NOBODY if part.end else part.owner
            if owner != NOBODY or (self.counts(payee, time) and self.rule is not Rule.WINDOW):
                put(self.lots[payee], Lot(owner, part.fen, time), self.rule)

    def end(self, place: int, payee: int, part: Part, time: int) -> int:
        """Tell where the part stops: bounds of the trace first, then the transfer, then the payee."""
        if time > self.deadline[part.owner]:
            return End.WINDOW
        if stop := int(self.ledger.transfers.end[place]):
            return stop
        if payee == NOBODY:
            return End.FRONTIER
        stop = self.end_of[payee]
        holding = self.holdings.get((payee, part.owner, stop))
        if part.tier >= self.bounds.depth and (holding is None or holding.tier > self.bounds.depth):
            return End.DEPTH
        return stop

    def arrive(self, payer: int, payee: int, part: Part, time: int) -> None:
        """Write down who has the part now."""
        if not self.lies(payee, part.end):
            self.elsewhere[part.end] += part.fen
            if source := self.holdings.get((payer, part.owner, End.FOLLOWED)):
                source.stopped[part.end] += part.fen
            return
        key = payee, part.owner, part.end
        holding = self.holdings.setdefault(key, Holding(*key, tier=part.tier + 1, first_in=time))
        holding.tier = min(holding.tier, part.tier + 1)
        holding.take(part.fen, time)
        if part.end == End.FOLLOWED:
            self.since[payee] = min(self.since[payee], time)

    def lies(self, account: int, end: int) -> bool:
        """Tell whether money with that end lies in the account it went to."""
        if account == NOBODY or end in LIMITS:
            return False
        return end == End.FOLLOWED or self.end_of[account] != End.FOLLOWED


def merged(parts: list[Part]) -> list[Part]:
    """Join neighbours of one owner; drop what is nothing."""
    out: list[Part] = []
    for part in parts:
        if out and out[-1].owner == part.owner:
            out[-1] = Part(part.owner, out[-1].fen + part.fen, min(out[-1].tier, part.tier))
        elif part.fen:
            out.append(Part(part.owner, part.fen, part.tier))
    return out


def first(parts: list[Part], fen: int) -> list[Part]:
    """Cut the first ``fen`` off the parts of a payment."""
    out = []
    while fen:
        part = parts[0]
        cut = min(fen, part.fen)
        out.append(Part(part.owner, cut, part.tier, part.end))
        part.fen -= cut
        fen -= cut
        if not part.fen:
            parts.pop(0)
    return out


class Poison(Trace):
    """Everything that leaves a touched account is tainted, whole, for each victim whose money came: an upper bound.

    Sums over victims exceed the amounts; what is left is the account's balance, for each of its victims.
    """

    def __init__(self, subledger: SubLedger, arrivals: Arrivals, bounds: Bounds) -> None:
        super().__init__(subledger, arrivals, Rule.POISON, bounds)
        self.balance = [int(fen) for fen in subledger.accounts.opening_fen]

    def happen(self, place: int) -> None:
        """Taint the transfer for every victim of its payer."""
        transfers = self.ledger.transfers
        payer, payee = int(transfers.payer[place]), int(transfers.payee[place])
        amount, time = int(transfers.amount_fen[place]), int(transfers.time[place])
        if self.counts(payer, time):
            self.balance[payer] = max(0, self.balance[payer] - amount)
        parts = self.carried(place, payer, payee, amount, time)
        self.deliver(place, payer, payee, parts, time)
        self.payments[payer, payee].append(Payment(amount, parts))
        if self.counts(payee, time):
            self.balance[payee] += amount

    def carried(self, place: int, payer: int, payee: int, amount: int, time: int) -> list[Part]:
        """Return the whole amount once for each victim; a refund also for all whose money had been paid."""
        if place in self.seeds:
            return merged(self.seeds[place])
        tiers: dict[int, int] = {}
        for holding in self.of(payer):
            holding.give(amount, time)
            tiers[holding.victim] = holding.tier
        if self.ledger.transfers.refund[place] and payee != NOBODY:
            for part in (part for payment in reversed(self.payments[payee, payer]) for part in payment.parts):
                tiers[part.owner] = min(tiers.get(part.owner, part.tier + 1), part.tier + 1)
        return [Part(victim, amount, tier) for victim, tier in tiers.items() if amount]

    def of(self, account: int) -> list[Holding]:
        """Return the holdings of an account that is followed, in the order in which they began."""
        return [one for one in self.holdings.values() if one.account == account and one.end == End.FOLLOWED]

    def close(self) -> None:
        """Everything that lies in a touched account is tainted."""
        for holding in self.holdings.values():
            holding.held = 0
            if holding.end == End.FOLLOWED:
                holding.left_fen = self.balance[holding.account]


def attribute(subledger: SubLedger, arrivals: Arrivals, rule: Rule, bounds: Bounds) -> Attribution:
    """Return who has whose money by the rule; slow, the oracle of tests."""
    if rule is Rule.POISON:
        return Poison(subledger, arrivals, bounds).run()
    return Trace(subledger, arrivals, rule, bounds).run()
