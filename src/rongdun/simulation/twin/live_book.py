"""The books of every institution of a world one can act on, as the bank simulator asks for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from rongdun.domains.exchange.messages import AccountFacts, StatementRow
from rongdun.kernel.clock import SHANGHAI
from rongdun.simulation.twin.answer_rows import PURPOSES
from rongdun.simulation.twin.draws import SECOND
from rongdun.simulation.twin.errors import NoSuchAccount
from rongdun.simulation.twin.flows import Use
from rongdun.simulation.twin.live import Live, live_world
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.tables import accounts_table, companies_table, people_table
from rongdun.simulation.twin.world import Order, Planned

_CASH: Final = (Use.CASH_OUT, Use.CASH_IN)
_NO_PARTY: Final = (Use.CASH_OUT, Use.CASH_IN, Use.FEE)
_MINUTE: Final = 60 * SECOND


class LiveBook:
    """The books of a world; see ``adapters/banks/book.py``. Not safe for threads: one caller at a time."""

    def __init__(self, meant: Planned, live: Live, order: Order, params: Params) -> None:
        people = people_table(meant.city, params, order.seed)
        companies = companies_table(meant.city, meant.accounts, params, order.seed)
        table = accounts_table(meant.accounts, people, companies, params, order.seed)
        self._live, self._first_day = live, params.world.start
        self._account: list[dict[str, Any]] = table.to_dicts()
        self._place = {number: place for place, number in enumerate(table["number"])}
        self._place |= {row["alias"]: row["account"] for row in self._account if row["alias"]}
        self._owned: dict[tuple[str, str], list[int]] = {}
        for row in self._account:
            self._owned.setdefault(_owner(row), []).append(row["account"])

    @property
    def now(self) -> datetime:
        """The last moment the world has moved on to."""
        return _local(self._live.now)

    def told(self, place: int) -> dict[str, Any]:
        """Return an account's row of the table of accounts, by its place."""
        return self._account[place]

    def account(self, number: str, at: datetime) -> AccountFacts | None:
        """Return the account with its balance at ``at``, or None where no institution has it."""
        self._live.until(_micros(at))
        place = self._place.get(number)
        return None if place is None else self._facts(place)

    def institution_of(self, number: str) -> str | None:
        """Return the name of the institution that keeps the account."""
        place = self._place.get(number)
        return None if place is None else str(self._account[place]["institution"])

    def paid_in(self, number: str, amount_fen: int, at: datetime, within_minutes: int) -> bool:
        """Tell whether a transfer of ``amount_fen`` came in within so many minutes of ``at``, as far as time went."""
        place, moment = self._found(number), _micros(at)
        reach = within_minutes * _MINUTE
        rows = self._live.rows_of(place, moment - reach)
        state, flows = self._live.state, self._live.script.flows
        rows = rows[(flows.time[rows] <= moment + reach) & (state.to[rows] == place)]
        return bool((state.amount[rows] == amount_fen).any())

    def rows(self, number: str, start: datetime, end: datetime, at: datetime) -> Sequence[StatementRow]:
        """Return the account's transactions of a period, as far as they have happened by ``at``."""
        self._live.until(_micros(at))
        place = self._found(number)
        rows = self._live.rows_of(place, _micros(start))
        rows = rows[self._live.script.flows.time[rows] <= _micros(end)]
        return [self._row(place, row) for row in rows.tolist()]

    def accounts_of(self, number: str, at: datetime) -> Sequence[AccountFacts]:
        """Return every account at the same institution of whoever holds this one."""
        self._live.until(_micros(at))
        place = self._found(number)
        return [self._facts(one) for one in self._owned[_owner(self._account[place])]]

    def hold(self, number: str, amount_fen: int | None, at: datetime, until: datetime) -> int:
        """Hold the account until ``until`` (None: nothing leaves it; else so much must stay); return the fen held."""
        self._live.until(_micros(at))
        return self._live.hold(self._found(number), amount_fen, _micros(until))

    def release(self, number: str, at: datetime) -> int:
        """End what :meth:`hold` holds; return the fen that were held."""
        self._live.until(_micros(at))
        return self._live.release(self._found(number))

    def _found(self, number: str) -> int:
        if number not in self._place:
            raise NoSuchAccount()
        return self._place[number]

    def _facts(self, place: int) -> AccountFacts:
        told, live = self._account[place], self._live
        balance = int(live.state.balance[place])
        rows = live.rows_of(place)
        day = self._first_day - timedelta(days=told["opened_days"])
        return AccountFacts(
            number=told["number"],
            name=told["name"],
            kind="corporate" if told["person"] is None else "personal",
            state="正常" if live.state.held_until[place] <= live.now else "止付",
            opened_at=datetime(day.year, day.month, day.day, tzinfo=SHANGHAI),
            branch=told["institution"],
            balance_fen=balance,
            available_fen=max(balance - int(live.state.kept[place]), 0) if live.held(place) else balance,
            last_moved_at=_local(int(live.script.flows.time[rows[-1]])) if len(rows) else None,
            id_type="01" if told["owner_id"] else "",
            id_number=told["owner_id"] or "",
            phone=told["phone"] or "",
        )

    def _row(self, place: int, row: int) -> StatementRow:
        flows, state = self._live.script.flows, self._live.state
        incoming = int(state.to[row]) == place
        other = self._account[int(flows.payer[row]) if incoming else int(state.to[row])]
        use = Use(int(flows.use[row]))
        told = use not in _NO_PARTY
        return StatementRow(
            time=_local(int(flows.time[row])),
            incoming=incoming,
            amount_fen=int(state.amount[row]),
            balance_fen=int((state.payee_after if incoming else state.payer_after)[row]),
            serial=f"T{row:010d}",
            counterparty_name=other["name"] if told else "",
            counterparty_number=other["number"] if told else "",
            counterparty_bank=other["institution"] if told else "",
            summary=PURPOSES[use.name.lower()],
            cash=use in _CASH,
        )


def live_book(order: Order, params: Params) -> LiveBook:
    """Return the books of the world of ``order`` before its first day."""
    meant, live = live_world(order, params)
    return LiveBook(meant, live, order, params)


def _owner(row: dict[str, Any]) -> tuple[str, str]:
    return row["institution"], f"P{row['person']}" if row["person"] is not None else f"C{row['company']}"


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * SECOND)


def _local(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / SECOND, SHANGHAI)
