"""The endpoints of the drill: the call that is on, the steps from it to the money back, and the next call."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from rongdun.domains.people import offered_accounts
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SYSTEM
from rongdun.runtime.authz import roles
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import SIGNED_IN, Router, UowDep
from rongdun.simulation.drill.line import current_call, next_call, offered
from rongdun.simulation.drill.look import seen_of
from rongdun.simulation.drill.told import Call, Told
from rongdun.simulation.drill.walk import Seen, Stand, stands

router = Router(prefix="/api/drill", tags=["drill"])


class Words(BaseModel):
    """One sentence in both languages."""

    zh: str
    en: str


class DrillCallOut(BaseModel):
    """A call: who rings and what they say; ``paste`` is the whole of it, for the intake form."""

    name: str
    phone: str
    id_number: str
    age: int
    female: bool
    type_name: str
    story: str
    messages: list[str]
    paste: str
    total_fen: int
    time: datetime


class DrillStepOut(BaseModel):
    """A step: who does it (an account of the demonstration), on which page, whether it is done."""

    key: str
    name: Words
    how: Words
    role_name: Words | None
    login: str
    person: str
    page: str
    note: Words
    done: bool


class DrillOut(BaseModel):
    """The drill as it stands; not ``available`` outside a demonstration."""

    available: bool
    call: DrillCallOut | None = None
    steps: list[DrillStepOut] = []
    held_fen: int = 0
    frozen_fen: int = 0
    paid_fen: int = 0


@router.get("", permission=SIGNED_IN)
def read_drill(uow: UowDep) -> DrillOut:
    """演练进展 / The call that is on, and how far it has come."""
    if not offered(uow.settings):
        return DrillOut(available=False)
    call = current_call(uow.settings)
    return _out(uow, call) if call else DrillOut(available=True)


@router.post("/calls", permission=SIGNED_IN, status_code=201)
def begin_drill(uow: UowDep) -> DrillOut:
    """接听下一个演练来电 / Let the next caller of the drill's city ring."""
    return _out(uow, next_call(uow.settings))


def _out(uow: Uow, call: Call) -> DrillOut:
    uow.act_as(SYSTEM)
    seen = seen_of(uow, call)
    people = _people(uow.settings)
    return DrillOut(
        available=True,
        call=_call(call),
        steps=[_step(each, people) for each in stands(seen)],
        **_sums(seen),
    )


def _sums(seen: Seen) -> dict[str, int]:
    return {"held_fen": seen.held_fen, "frozen_fen": seen.frozen_fen, "paid_fen": seen.paid_fen}


def _people(settings: Settings) -> dict[str, tuple[str, str]]:
    """Return for each role the first account on offer: login and name."""
    found: dict[str, tuple[str, str]] = {}
    for one in offered_accounts(settings):
        found.setdefault(one.role, (one.login, one.name))
    return found


def _step(stand: Stand, people: dict[str, tuple[str, str]]) -> DrillStepOut:
    step = stand.step
    named = {role.key: role.name for role in roles()}
    login, person = people.get(step.role, ("", ""))
    return DrillStepOut(
        key=step.key,
        name=_words(step.name),
        how=_words(step.how),
        role_name=_words(named[step.role]) if step.role else None,
        login=login,
        person=person,
        page=stand.page,
        note=_words(stand.note),
        done=stand.done,
    )


def _call(call: Call) -> DrillCallOut:
    messages = [_message(each) for each in call.transfers]
    sex = "女" if call.female else "男"
    who = f"报警人{call.name}，{sex}，{call.age}岁，身份证{call.id_number}，电话{call.phone}。"
    return DrillCallOut(
        name=call.name,
        phone=call.phone,
        id_number=call.id_number,
        age=call.age,
        female=call.female,
        type_name=call.type_name,
        story=call.story,
        messages=messages,
        paste="\n".join([who, call.story, *messages]),
        total_fen=sum(each.amount_fen for each in call.transfers),
        time=call.time,
    )


def _message(paid: Told) -> str:
    """Return the bank's message as it stands on the caller's phone."""
    at = paid.time.astimezone(SHANGHAI)
    return (
        f"{at:%m月%d日%H:%M}，从{paid.payer.institution}账户{paid.payer.number}"
        f"向{paid.payee.institution}账户{paid.payee.number}（户名{paid.payee.name}）转账{paid.amount_fen / 100:,.2f}元"
    )


def _words(text: Text) -> Any:
    return Words(**text._asdict())
