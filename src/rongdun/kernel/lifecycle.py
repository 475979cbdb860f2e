"""Lifecycles: which states a record has, who may move it, under which rules, and what clocks that starts.

A lifecycle is a readable table. :func:`decide` is the only judge: state, action, actor, facts and ``now``
in; a :class:`Moved` or a :class:`Refused` that names its rule out. Nothing here reads or writes anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rongdun.kernel.errors import DomainError, Forbidden, NotFound, RefusedByRule, RuleRef, Text
from rongdun.kernel.lifecycle_check import faults
from rongdun.kernel.scope import Actor

Facts = Mapping[str, object]
"""What a guard may look at, put together by the domain. ``makers`` holds the ids of whoever wrote the draft."""

MAKERS = "makers"
"""Fact that a maker–checker transition needs: a collection of user ids."""


@dataclass(frozen=True, slots=True)
class State:
    """A state by its key (stored), its name (shown), and whether a record rests there for good."""

    key: str
    name: Text
    terminal: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule that must hold for a transition: its text, its legal basis, and what would make it pass."""

    key: str
    text: Text
    legal_basis: str
    check: Callable[[Facts, datetime], bool]
    remedy: Text

    @property
    def rule(self) -> RuleRef:
        """Return the rule as errors cite it."""
        return RuleRef(self.key, self.text, self.legal_basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the table.

    ``who`` lists permissions (with a dot, ``freeze.approve``) and roles (without, ``system``); holding any one
    suffices. ``opens`` and ``closes`` are keys of policy rules whose deadlines begin or end with the move.
    ``maker_checker``: whoever wrote the draft may not take this step.
    """

    action: str
    name: Text
    from_states: tuple[str, ...]
    to_state: str
    who: frozenset[str]
    guards: tuple[Guard, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    needs_reason: bool = False
    maker_checker: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A checked table of transitions; the first state is where a record begins.

    A table with a structural fault cannot be built: ``ValueError`` lists every fault.
    """

    key: str
    name: Text
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    _states: dict[str, State] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = faults(self.states, self.transitions)
        if found:
            raise ValueError(f"lifecycle {self.key}: " + "; ".join(found))
        object.__setattr__(self, "_states", {state.key: state for state in self.states})

    @property
    def initial(self) -> str:
        """Return the state in which a record begins."""
        return self.states[0].key

    def state(self, key: str) -> State:
        """Return a state by its key; ``ValueError`` when the table has none such."""
        try:
            return self._states[key]
        except KeyError:
            raise ValueError(f"lifecycle {self.key} has no state {key!r}") from None

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that leave ``state``, in the table's order."""
        return tuple(each for each in self.transitions if state in each.from_states)

    def actions(self) -> tuple[str, ...]:
        """Return every action of the table once, in its order."""
        return tuple(dict.fromkeys(each.action for each in self.transitions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A transition that may be carried out: the record goes from one state to another."""

    action: str
    from_state: str
    to_state: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    by: UUID | None
    at: datetime
    reason: str


class Ground(StrEnum):
    """What kind of rule refused."""

    STATE = "state"
    WHO = "who"
    MAKER_CHECKER = "maker_checker"
    REASON = "reason"
    GUARD = "guard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A transition that may not be carried out, the rule that says so, and what would make it pass.

    ``others`` are the further rules that would refuse once the first is met.
    """

    action: str
    state: str
    ground: Ground
    rule: RuleRef
    remedy: Text
    others: tuple[RuleRef, ...] = ()

    @property
    def text(self) -> Text:
        """Return the rule's words."""
        return self.rule.text

    def error(self) -> DomainError:
        """Return the refusal as the error a caller sees: forbidden (403) or refused by a rule (409)."""
        kind = Forbidden if self.ground is Ground.WHO else RefusedByRule
        others = [{"key": rule.key, "text": rule.text._asdict()} for rule in self.others]
        extra = {"state": self.state, "others": others}
        return kind(self.text, action=self.remedy, rule=self.rule, extra=extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An action of the present state, for a screen: possible, or refused with the reason why."""

    action: str
    name: Text
    to_state: str
    needs_reason: bool
    refusal: Refused | None


class UnknownAction(NotFound):
    """The lifecycle has no action of that name at all."""

    code = "unknown_action"
    message = Text("没有这个操作", "There is no such action")
    action = Text("请刷新后重新选择", "Refresh and choose again")


def decide(
    lifecycle: Lifecycle,
    *,
    state: str,
    action: str,
    actor: Actor,
    facts: Facts,
    now: datetime,
    reason: str = "",
) -> Moved | Refused:
    """Judge whether ``actor`` may take ``action`` on a record in ``state``.

    Rules are asked in the order state, who, maker–checker, reason, guards; the first to refuse is named.
    Raises :class:`UnknownAction` for an action the table does not know, ``ValueError`` for an unknown
    state, and ``KeyError`` when a fact is missing that a rule needs.
    """
    lifecycle.state(state)
    if action not in lifecycle.actions():
        raise UnknownAction
    taken = next((each for each in lifecycle.leaving(state) if each.action == action), None)
    if taken is None:
        return _not_from_here(lifecycle, state, action)
    refusal = _refusal(lifecycle, taken, state=state, actor=actor, facts=facts, now=now, reason=reason)
    return refusal or Moved(
        action=action,
        from_state=state,
        to_state=taken.to_state,
        opens=taken.opens,
        closes=taken.closes,
        by=actor.user_id,
        at=now,
        reason=reason.strip(),
    )


def take(
    lifecycle: Lifecycle,
    *,
    state: str,
    action: str,
    actor: Actor,
    facts: Facts,
    now: datetime,
    reason: str = "",
) -> Moved:
    """Judge like :func:`decide`, and raise the refusal, by name, where there is one."""
    verdict = decide(lifecycle, state=state, action=action, actor=actor, facts=facts, now=now, reason=reason)
    if isinstance(verdict, Refused):
        raise verdict.error()
    return verdict


def available(
    lifecycle: Lifecycle, *, state: str, actor: Actor, facts: Facts, now: datetime
) -> tuple[Offer, ...]:
    """Return every action that leaves ``state``, each with why it is refused to ``actor``, if it is.

    A reason that must be given is no refusal: the form asks for it.
    """
    lifecycle.state(state)
    return tuple(
        Offer(
            action=each.action,
            name=each.name,
            to_state=each.to_state,
            needs_reason=each.needs_reason,
            refusal=_refusal(lifecycle, each, state=state, actor=actor, facts=facts, now=now, reason="-"),
        )
        for each in lifecycle.leaving(state)
    )


def _refusal(
    lifecycle: Lifecycle,
    taken: Transition,
    *,
    state: str,
    actor: Actor,
    facts: Facts,
    now: datetime,
    reason: str,
) -> Refused | None:
    broken = [
        *_who(lifecycle, taken, actor),
        *_maker_checker(lifecycle, taken, actor=actor, facts=facts),
        *_reason(lifecycle, taken, reason),
        *((Ground.GUARD, guard.rule, guard.remedy) for guard in taken.guards if not guard.check(facts, now)),
    ]
    if not broken:
        return None
    (ground, rule, remedy), *rest = broken
    others = tuple(other for _, other, _ in rest)
    return Refused(action=taken.action, state=state, ground=ground, rule=rule, remedy=remedy, others=others)


Broken = tuple[Ground, RuleRef, Text]


def _who(lifecycle: Lifecycle, taken: Transition, actor: Actor) -> Iterable[Broken]:
    if taken.who & (actor.permissions | actor.roles):
        return
    listed = "、".join(sorted(taken.who)), ", ".join(sorted(taken.who))
    text = Text(f"您没有“{taken.name.zh}”的权限", f"You do not have permission to “{taken.name.en}”")
    remedy = Text(f"请由有权限的人员办理（{listed[0]}）", f"Have it done by somebody who holds {listed[1]}")
    yield Ground.WHO, RuleRef(f"{lifecycle.key}.who", text, "岗位权限"), remedy


def _maker_checker(
    lifecycle: Lifecycle, taken: Transition, *, actor: Actor, facts: Facts
) -> Iterable[Broken]:
    if not taken.maker_checker:
        return
    makers = facts[MAKERS]
    if not isinstance(makers, Iterable):
        raise TypeError(f"the fact {MAKERS!r} is a collection of user ids")
    if actor.user_id is not None and actor.user_id not in set(makers):
        return
    text = Text("经办人与审核人不得为同一人", "Whoever drafted it may not approve it")
    remedy = Text("请由未参与经办的人员审核", "Have it approved by somebody who took no part in it")
    yield Ground.MAKER_CHECKER, RuleRef(f"{lifecycle.key}.maker_checker", text, "经办与审核分离"), remedy


def _reason(lifecycle: Lifecycle, taken: Transition, reason: str) -> Iterable[Broken]:
    if reason.strip() or not taken.needs_reason:
        return
    text = Text(f"“{taken.name.zh}”必须填写理由", f"“{taken.name.en}” needs a reason")
    remedy = Text("请填写理由后再提交", "Give a reason, then submit again")
    yield Ground.REASON, RuleRef(f"{lifecycle.key}.reason", text, "全程留痕"), remedy


def _not_from_here(lifecycle: Lifecycle, state: str, action: str) -> Refused:
    ways = [each for each in lifecycle.transitions if each.action == action]
    here, name = lifecycle.state(state).name, ways[0].name
    sources = [lifecycle.state(key).name for each in ways for key in each.from_states]
    text = Text(
        f"{lifecycle.name.zh}处于“{here.zh}”，不能“{name.zh}”",
        f"{lifecycle.name.en} is “{here.en}”; “{name.en}” is not possible",
    )
    remedy = Text(
        "须处于:" + "、".join(each.zh for each in sources),
        "It must be: " + ", ".join(each.en for each in sources),
    )
    rule = RuleRef(f"{lifecycle.key}.state", text, "办理流程")
    return Refused(action=action, state=state, ground=Ground.STATE, rule=rule, remedy=remedy)
