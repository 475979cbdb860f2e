"""The stage: a simulated city whose clock runs beside ours, so that money moves at its own pace while a newcomer works.

The world's moment is ours plus a shift. The shift is chosen when a call begins, such that the caller rings now.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from rongdun.kernel.clock import Clock
from rongdun.kernel.errors import Text, Unavailable
from rongdun.simulation.drill.calls import CalledTransfer, Calls, Candidate, moment_of, story_of
from rongdun.simulation.drill.shifted import ShiftedBook
from rongdun.simulation.drill.told import Account, Call, Told
from rongdun.simulation.twin.draws import SECOND
from rongdun.simulation.twin.live import live_world
from rongdun.simulation.twin.live_book import LiveBook
from rongdun.simulation.twin.params import Params, load_params
from rongdun.simulation.twin.world import Order, start_of

WORLD: Final = Order(30_000, 30, 7)
"""Made in under a second; enough calls for a month of drills."""


class NoMoreCalls(Unavailable):
    """The world has come to its end."""

    code = "no_more_calls"
    message = Text("演练城市里已没有新的来电", "The drill's city has no further call")
    action = Text("请重新启动榕盾，演练城市会从头开始", "Start Rongdun again; the drill's city begins anew")


class Stage:
    """One world for all drills, and its books in the centre's time; safe for threads."""

    def __init__(self, clock: Clock, order: Order = WORLD, params: Params | None = None) -> None:
        told = params or drill_params()
        self._clock = clock
        meant, self._live = live_world(order, told)
        self._inner = LiveBook(meant, self._live, order, told)
        self._calls = Calls(meant, self._live, order, told)
        self.book = ShiftedBook(self._inner, moment_of(start_of(told)) - clock.now())

    def next_call(self) -> Call:
        """Let the next caller ring now: the world's clock jumps to that moment. Raises :class:`NoMoreCalls`."""
        with self.book.lock:
            now = self._clock.now()
            self._live.until(_micros(now + self.book.shift))
            found = next(self._calls.after(self._live.now), None)
            if found is None:
                raise NoMoreCalls()
            self.book.shift = moment_of(found.moment) - now
            self._live.until(found.moment)
            return self._call(found, now)

    def _call(self, found: Candidate, now: datetime) -> Call:
        person = self._calls.people.row(found.person, named=True)
        return Call(
            scam=found.scam,
            name=person["name"],
            phone=f"1990000{person['phone'][-4:]}",  # like those of demonstration users: the desks check numbers
            id_number=person["id_number"],
            female=bool(person["female"]),
            age=int(person["age"]),
            type_code=found.type_code,
            type_name=found.type_name,
            story=story_of(found, -self.book.shift),
            time=now,
            transfers=[self._told(each) for each in found.transfers],
        )

    def _told(self, paid: CalledTransfer) -> Told:
        payer, payee = (self._account(place) for place in (paid.payer, paid.payee))
        return Told(payer, payee, paid.amount_fen, moment_of(paid.time) - self.book.shift)

    def _account(self, place: int) -> Account:
        told = self._inner.told(place)
        return Account(told["institution"], told["number"], told["name"])


def drill_params() -> Params:
    """Return the parameters of the drill's city."""
    with as_file(files("rongdun.simulation.drill") / "world.toml") as path:
        return load_params(path)


def manner_file() -> AbstractContextManager[Path]:
    """Return the file that says how banks answer in a drill."""
    return as_file(files("rongdun.simulation.drill") / "manner.toml")


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * SECOND)
