"""What can be wrong with a table of transitions, told before any record follows it. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rongdun.kernel.lifecycle import State, Transition


def faults(states: "Sequence[State]", transitions: "Sequence[Transition]") -> list[str]:
    """Return every structural fault: no states, doubles, unknown or unreachable states, dead ends, no actor."""
    if not states:
        return ["no states"]
    return [
        *_doubles(states, transitions),
        *_unknown(states, transitions),
        *_unreachable(states, transitions),
        *_ends(states, transitions),
        *_incomplete(transitions),
    ]


def reachable(first: str, transitions: "Iterable[Transition]") -> frozenset[str]:
    """Return the states that can be reached from ``first``, itself among them."""
    moves = list(transitions)
    reached, waiting = {first}, [first]
    while waiting:
        here = waiting.pop()
        new = {each.to_state for each in moves if here in each.from_states} - reached
        reached |= new
        waiting += sorted(new)
    return frozenset(reached)


def _doubles(states: "Sequence[State]", transitions: "Sequence[Transition]") -> list[str]:
    named = Counter(state.key for state in states)
    taken = Counter((each.action, key) for each in transitions for key in each.from_states)
    return [f"state {key} is listed twice" for key, times in named.items() if times > 1] + [
        f"action {action} leaves {key} in two ways" for (action, key), times in taken.items() if times > 1
    ]


def _unknown(states: "Sequence[State]", transitions: "Sequence[Transition]") -> list[str]:
    known = {state.key for state in states}
    used = {key for each in transitions for key in (*each.from_states, each.to_state)}
    return [f"unknown state {key}" for key in sorted(used - known)]


def _unreachable(states: "Sequence[State]", transitions: "Sequence[Transition]") -> list[str]:
    reached = reachable(states[0].key, transitions)
    return [f"state {state.key} cannot be reached" for state in states if state.key not in reached]


def _ends(states: "Sequence[State]", transitions: "Sequence[Transition]") -> list[str]:
    terminal = {state.key for state in states if state.terminal}
    if not terminal:
        return ["no terminal state"]
    left = {key for each in transitions for key in each.from_states}
    return [f"terminal state {key} is left again" for key in sorted(terminal & left)] + [
        f"no end can be reached from {state.key}"
        for state in states
        if not terminal & reachable(state.key, transitions)
    ]


def _incomplete(transitions: "Sequence[Transition]") -> list[str]:
    nobody = [f"nobody may {each.action}" for each in transitions if not each.who]
    nowhere = [f"action {each.action} leaves no state" for each in transitions if not each.from_states]
    return nobody + nowhere
