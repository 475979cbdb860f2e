"""What could be saved at most: policies that see every pot and every payment still to come.

They obey the same latencies, officers and limits. The first may name any account; the second must have been told of an
account by a victim or a statement before it can stop it, as a desk must. Both are greedy: each order is the one that
holds most of the victim's money a minute, given the orders before it and the future as it then is. A bound in practice,
not a proof of the best.
"""

from collections.abc import Sequence

from rongdun.analytics.tracing.advice.model import MINUTE, Action
from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin.experiment.desk import Choice, Desk, Order
from rongdun.simulation.twin.experiment.foresight import Foresight, Seen

_LEAST_FEN = 1_000
_DEEP = 5
_TRIES = 3
_TRIED = 6


class Oracle:
    """Sees everything; ``told_only``: may name only accounts it was told of, and must ask to be told."""

    def __init__(self, foresight: Foresight, *, told_only: bool) -> None:
        self._foresight, self._told_only = foresight, told_only

    def next(self, desk: Desk) -> Sequence[Choice]:
        """Return the one order worth most by the minute; nothing where none is worth it."""
        look = _Look(desk, self._foresight.look(desk))
        named = desk.knowledge.named() if self._told_only else set(look.seen.lies)
        worth = self._stops(desk, look, named)
        if self._told_only:
            asked = ((look.ask(account, desk.now, frozenset(named)), account) for account in named)
            worth += [Choice(value, Order(Action.ASK, account)) for value, account in asked if value > 0]
        able = [one for one in worth if desk.may(one.order)]
        if able:
            return [max(able, key=lambda one: (one.urgency, -one.order.account))]
        return look.unasked(named) if self._told_only else []

    def _stops(self, desk: Desk, look: "_Look", named: set[int]) -> list[Choice]:
        """Return the likeliest stops with what each adds to the end, what the room then does included."""
        likely = sorted(((look.stop(account, desk.now), account) for account in named), reverse=True)[:_TRIED]
        if not likely or likely[0][0] < _LEAST_FEN:
            return []
        without = self._foresight.saved(desk)
        out = []
        for fen, account in likely:
            order = Order(Action.STOP, account)
            at = look.lands(order, desk.now) if fen >= _LEAST_FEN and desk.may(order) else None
            gain = 0 if at is None else self._foresight.saved(desk, (at, account)) - without
            if gain >= _LEAST_FEN:
                out.append(Choice(gain / desk.means.minutes_stop, order))
        return out


class _Look:
    """What orders would be worth, the future known."""

    def __init__(self, desk: Desk, seen: Seen) -> None:
        self._desk, self.seen = desk, seen
        self._after: dict[int, list[tuple[int, int]]] = {}
        for payer, payee, time in zip(
            seen.payer.tolist(), seen.payee.tolist(), seen.time.tolist(), strict=True
        ):
            self._after.setdefault(payer, []).append((time, payee))

    def stop(self, account: int, begin: int) -> int:
        """Return the fen a stop of an account would hold, if an officer begins at ``begin``."""
        lies = self.seen.lies.get(account)
        if lies is None or account in self._desk.done.stopped:
            return 0
        at = self.lands(Order(Action.STOP, account), begin)
        return 0 if at is None else lies.held_from(at)

    def ask(self, account: int, begin: int, named: frozenset[int]) -> float:
        """Return the fen a minute that a statement would let one hold further on; 0 where too little."""
        fen, orders = self._behind(account, begin, named, _DEEP)
        means = self._desk.means
        return fen / (means.minutes_ask + orders * means.minutes_stop) if fen >= _LEAST_FEN else 0.0

    def _behind(self, account: int, begin: int, named: frozenset[int], deep: int) -> tuple[int, int]:
        """Return the fen, and the orders it takes, by stopping or asking further whoever a statement would name."""
        at = self.lands(Order(Action.ASK, account), begin)
        if at is None or account not in self._after:
            return 0, 0
        fresh = sorted({payee for time, payee in self._after[account] if time <= at} - named)
        fen = orders = 0
        for payee in fresh:
            held, more = self.stop(payee, at), 1
            if deep > 1:
                further = self._behind(payee, at, named | {payee}, deep - 1)
                if further[0] > held:
                    held, more = further[0], further[1] + 1
            if held >= _LEAST_FEN:
                fen, orders = fen + held, orders + more
        return fen, orders

    def unasked(self, named: set[int]) -> list[Choice]:
        """Return questions about accounts with the victim's money that nobody asked about yet, the richest first."""
        desk, lies = self._desk, self.seen.lies
        left = [a for a in named if a in lies and not desk.knowledge.asked(a)]
        left.sort(key=lambda account: (-int(lies[account].came[-1]), account))
        return [Choice(0.0, order) for account in left if desk.may(order := Order(Action.ASK, account))]

    def lands(self, order: Order, begin: int) -> int | None:
        """Return when an order would be carried out, refused tries repeated; None where too late or never."""
        desk, means = self._desk, self._desk.means
        cost = round((means.minutes_stop if order.action == Action.STOP else means.minutes_ask) * MINUTE)
        institution = int(desk.knowledge.ground.institution[order.account])
        tried = desk.tried.get(order, 0)
        for attempt in range(tried, tried + _TRIES):
            reply = desk.banks.reply(order.action, order.account, institution, attempt)
            begin += cost + reply.after
            if reply.outcome == Outcome.DONE:
                return begin if begin <= desk.end else None
        return None
