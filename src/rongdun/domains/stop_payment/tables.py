"""Rows of the tables of orders, written short. Pure."""

from collections.abc import Iterable

from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Guard, Transition

SYSTEM = frozenset({"system"})


def by_people(
    action: str,
    name: Text,
    from_states: tuple[str, ...],
    to_state: str,
    who: Iterable[str],
    *,
    guards: tuple[Guard, ...] = (),
    opens: tuple[str, ...] = (),
    closes: tuple[str, ...] = (),
    needs_reason: bool = False,
    checked: bool = False,
) -> Transition:
    """Return a step of an officer; ``checked``: of another one than whoever wrote the draft."""
    return Transition(
        action=action,
        name=name,
        from_states=from_states,
        to_state=to_state,
        who=frozenset(who),
        guards=guards,
        opens=opens,
        closes=closes,
        needs_reason=needs_reason,
        maker_checker=checked,
    )


def loops(
    action: str,
    name: Text,
    states: Iterable[str],
    who: Iterable[str],
    *,
    guards: tuple[Guard, ...] = (),
    closes: tuple[str, ...] = (),
    needs_reason: bool = False,
    checked: bool = False,
) -> tuple[Transition, ...]:
    """Return a step that leaves the order where it is, once for each of ``states``.

    So are those that the bank has to answer first: the answer moves the order, not the asking.
    """
    return tuple(
        by_people(
            action,
            name,
            (state,),
            state,
            who,
            guards=guards,
            closes=closes,
            needs_reason=needs_reason,
            checked=checked,
        )
        for state in states
    )


def by_system(
    action: str,
    name: Text,
    from_states: tuple[str, ...],
    to_state: str,
    *,
    guards: tuple[Guard, ...] = (),
    opens: tuple[str, ...] = (),
    closes: tuple[str, ...] = (),
) -> Transition:
    """Return a step that follows from an answer or from the clock."""
    return Transition(
        action=action,
        name=name,
        from_states=from_states,
        to_state=to_state,
        who=SYSTEM,
        guards=guards,
        opens=opens,
        closes=closes,
    )


def withdraws(from_states: tuple[str, ...], who: Iterable[str]) -> Transition:
    """Return the step that takes a draft or an approved order back, with a reason."""
    return by_people("withdraw", Text("撤回", "Withdraw"), from_states, "WITHDRAWN", who, needs_reason=True)


def resends(
    who: Iterable[str], guards: tuple[Guard, ...], *, undelivered: Guard, opens: tuple[str, ...]
) -> tuple[Transition, Transition]:
    """Return the step that sends an order again: one the bank left unanswered, or one that never reached it."""
    name, by = Text("重新发出", "Send again"), tuple(who)
    return (
        by_people("resend", name, ("TIMEOUT",), "SENT", by, guards=guards, opens=opens),
        by_people("resend", name, ("SENT",), "SENT", by, guards=(undelivered, *guards), opens=opens),
    )
