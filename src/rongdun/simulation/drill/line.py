"""The line from the centre to the stage: asking for the next call, and for the one that is on."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from rongdun.adapters.banks.post import NoAnswer, Post
from rongdun.kernel.errors import NotFound, Text, Unavailable
from rongdun.runtime.settings import Settings
from rongdun.simulation.drill.told import CURRENT, NEXT, Account, Call, Told

_POST = Post()


class NoDrill(NotFound):
    """Drills are held in a demonstration only, where its simulated banks are running."""

    code = "no_drill"
    message = Text("演练只在演示环境中进行", "Drills are held in a demonstration only")
    action = Text("请用 make run 启动演示环境", "Start the demonstration with make run")


class StageAway(Unavailable):
    """The simulated city does not answer."""

    code = "stage_away"
    message = Text("演练城市暂时没有应答", "The drill's city does not answer")
    action = Text("它启动需要十几秒，请稍后再试", "It takes some seconds to start; try again in a moment")


def offered(settings: Settings) -> bool:
    """Tell whether this installation holds drills."""
    return settings.demo and bool(settings.drill_url)


def next_call(settings: Settings) -> Call:
    """Let the next caller ring. Raises :class:`NoDrill`, :class:`StageAway`, or what the stage says."""
    found = _ask(settings, NEXT)
    assert found is not None
    return found


def current_call(settings: Settings) -> Call | None:
    """Return the call that is on, if there is one."""
    return _ask(settings, CURRENT)


def _ask(settings: Settings, path: str) -> Call | None:
    if not offered(settings):
        raise NoDrill()
    try:
        answer = _POST.send(f"{settings.drill_url}{path}", b"", {})
        told = json.loads(answer.body)
    except (NoAnswer, ValueError) as error:
        raise StageAway() from error
    if answer.status != 200:
        raise StageAway(Text(**told["message"]), action=Text(**told["action"]))
    return None if told is None else _call(told)


def _call(told: dict[str, Any]) -> Call:
    values = {each.name: told[each.name] for each in fields(Call)}
    values["time"] = datetime.fromisoformat(told["time"])
    values["transfers"] = [_transfer(each) for each in told["transfers"]]
    return Call(**values)


def _transfer(told: dict[str, Any]) -> Told:
    return Told(
        Account(**told["payer"]),
        Account(**told["payee"]),
        told["amount_fen"],
        datetime.fromisoformat(told["time"]),
    )
