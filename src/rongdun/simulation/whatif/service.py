"""Runs on the desk: asking for one, cancelling one, and what it found so far."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from rongdun import __version__
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import NotFound, StaleVersion, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.runtime.jobs import defer
from rongdun.runtime.uow import Uow
from rongdun.simulation.whatif import store
from rongdun.simulation.whatif.errors import AnotherRuns, NoStory, SameSides
from rongdun.simulation.whatif.jobs import RUN
from rongdun.simulation.whatif.model import Run, RunStory
from rongdun.simulation.whatif.moves import move, tell
from rongdun.simulation.whatif.settings import DAYS, PEOPLE, Side

_ONE_AT_A_TIME = "uq_whatif_runs_at_work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question: the two settings, in how many worlds with how many cases each, from which seed on."""

    title: str
    a: Side
    b: Side
    worlds: int
    cases: int
    seed: int


def start(uow: Uow, asked: Asked) -> Run:
    """Send a run to be played in the background.

    Raises :class:`SameSides`, and :class:`AnotherRuns` while any unit's run is at work.
    """
    if asked.a == asked.b:
        raise SameSides()
    found = _new(uow, asked)
    _put(uow, found)
    found.number = f"TY{uow.now.astimezone(SHANGHAI):%Y}-{found.serial:06d}"
    uow.session.flush()
    uow.record("whatif_run.start", found.reference, unit_path=found.unit_path, after=_shown(found))
    tell(uow, found)
    hand_on(uow, found)
    return found


def cancel(uow: Uow, run_id: UUID, *, version: int) -> Run:
    """Stop a run; the worlds played so far stay readable."""
    found = store.lock_run(uow.session, uow.actor.scope, run_id)
    if found is None:
        raise NotFound
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    move(uow, found, "cancel")
    return found


def find(uow: Uow, run_id: UUID) -> Run:
    """Return a run; :class:`NotFound` outside the scope."""
    found = store.find_run(uow.session, uow.actor.scope, run_id)
    if found is None:
        raise NotFound
    return found


def story(uow: Uow, found: Run, place: int) -> RunStory:
    """Return what happened in one world of a run. Raises :class:`NoStory`."""
    told = store.story_of(uow.session, uow.actor.scope, found.id, place)
    if told is None:
        raise NoStory
    return told


def hand_on(uow: Uow, found: Run) -> None:
    """Have a worker play the run's next worlds."""
    defer(uow, RUN, lock=f"whatif_run:{found.id}", run_id=str(found.id))


def _put(uow: Uow, found: Run) -> None:
    try:
        with uow.tried():
            uow.session.add(found)
            uow.session.flush()
    except IntegrityError as error:
        if _ONE_AT_A_TIME in str(error.orig):
            raise AnotherRuns() from error
        raise


def _new(uow: Uow, asked: Asked) -> Run:
    if uow.actor.user_id is None:
        raise Unauthenticated()
    return Run(
        id=new_id(),
        number="",
        unit_path=uow.actor.unit_path,
        unit_name=uow.actor.unit_name,
        maker_id=uow.actor.user_id,
        maker_name=uow.actor.name,
        title=asked.title,
        state="WAITING",
        a=asked.a.as_json(),
        b=asked.b.as_json(),
        worlds=asked.worlds,
        cases=asked.cases,
        people=PEOPLE,
        days=DAYS,
        seed=asked.seed,
        release=__version__,
        worlds_done=0,
        created_at=uow.now,
        beat_at=uow.now,
        version=1,
    )


def _shown(found: Run) -> dict[str, object]:
    same = ("title", "a", "b", "worlds", "cases", "people", "days", "seed", "release")
    return {name: getattr(found, name) for name in same}
