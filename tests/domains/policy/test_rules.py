"""The life of a change under any sequence of steps by any people."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from rongdun.domains.policy.plan import Consequences, Kind, Proposal
from rongdun.domains.policy.rules import CHANGE, facts_of
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Moved, Refused, decide
from rongdun.kernel.policy import PolicyRule, Tag, ValueUnit
from rongdun.kernel.scope import Actor, Scope

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ALL = frozenset({"policy.read", "policy.draft", "policy.confirm"})
PEOPLE = [UUID(int=n) for n in (1, 2, 3)]


def person(user_id: UUID, permissions: frozenset[str] = ALL) -> Actor:
    return Actor(
        user_id=user_id,
        login=f"p{user_id.int}",
        name="演示",
        unit_id=None,
        unit_path="cn.fj.fz.",
        roles=frozenset(),
        permissions=permissions,
        scope=Scope.subtree("cn.fj.fz."),
    )


def proposal(*, kind: Kind = Kind.REPLACE, reason: str = "") -> Proposal:
    return Proposal(
        key="stop.validity",
        kind=kind,
        name=Text("止付有效期", "Validity of a stop"),
        value=72,
        unit=ValueUnit.HOUR,
        effective_from=date(2026, 5, 1),
        legal_basis="新规定",
        tag=Tag.PUBLISHED,
        reason=reason,
    )


def planned(*, overlaps: int = 0, retroactive: bool = False) -> Consequences:
    row = PolicyRule(
        key="stop.validity",
        value=48,
        unit=ValueUnit.HOUR,
        effective_from=date(2026, 5, 1),
        legal_basis="银发〔2016〕86号",
        tag=Tag.PUBLISHED,
        name=Text("止付有效期", "Validity of a stop"),
    )
    return Consequences(
        applies_from=row.effective_from,
        opens=row,
        closes=(),
        overlaps=(row,) * overlaps,
        without_rule=(),
        retroactive=retroactive,
    )


def judged(
    action: str,
    *,
    state: str,
    by: UUID = PEOPLE[1],
    editors: tuple[UUID, ...] = (PEOPLE[0],),
    plan: Consequences | None = None,
    said: Proposal | None = None,
    permissions: frozenset[str] = ALL,
    note: str = "说明",
) -> Moved | Refused:
    actor = person(by, permissions)
    facts = facts_of(makers=editors, actor=actor, planned=plan or planned(), proposal=said or proposal())
    return decide(CHANGE, state=state, action=action, actor=actor, facts=facts, now=NOW, reason=note)


def refused_by(decision: Moved | Refused) -> str:
    assert isinstance(decision, Refused)
    return decision.rule.key


steps = st.tuples(st.sampled_from(CHANGE.actions()), st.sampled_from(PEOPLE), st.sampled_from(["", "说明"]))


@given(st.lists(steps, max_size=30))
def test_whoever_wrote_on_a_change_never_decides_on_it(taken: list[tuple[str, UUID, str]]) -> None:
    state, editors = CHANGE.initial, {PEOPLE[0]}
    waiting_for_review = False
    for action, who, note in taken:
        decision = judged(action, state=state, by=who, editors=tuple(editors), note=note)
        if isinstance(decision, Refused):
            continue
        assert not CHANGE.state(state).terminal
        if action in ("confirm", "return"):
            assert waiting_for_review
            assert who not in editors
        if action == "return":
            assert note
        if action == "edit":
            editors.add(who)
        waiting_for_review = decision.opens == ("policy.review",)
        state = decision.to_state


def test_a_maker_is_refused_the_confirmation_of_the_own_change_by_rule() -> None:
    decision = judged("confirm", state="SUBMITTED", by=PEOPLE[0])
    assert refused_by(decision) == "policy_change.maker_checker"


def test_overlapping_versions_are_neither_submitted_nor_confirmed() -> None:
    for action, state in (("submit", "DRAFT"), ("confirm", "SUBMITTED")):
        decision = judged(action, state=state, plan=planned(overlaps=1))
        assert refused_by(decision) == "policy_change.no_overlap"


def test_reaching_back_needs_a_reason() -> None:
    back = planned(retroactive=True)
    assert refused_by(judged("submit", state="DRAFT", plan=back)) == "policy_change.reasoned"
    assert isinstance(judged("submit", state="DRAFT", plan=back, said=proposal(reason="文件")), Moved)


def test_a_correction_needs_a_reason_even_before_it_applies() -> None:
    decision = judged("submit", state="DRAFT", said=proposal(kind=Kind.CORRECT))
    assert refused_by(decision) == "policy_change.reasoned"


def test_returning_needs_a_word() -> None:
    assert refused_by(judged("return", state="SUBMITTED", note=" ")) == "policy_change.reason"


def test_a_change_is_withdrawn_only_by_somebody_who_wrote_on_it() -> None:
    assert refused_by(judged("withdraw", state="SUBMITTED", by=PEOPLE[2])) == "policy_change.own"
    assert isinstance(judged("withdraw", state="SUBMITTED", by=PEOPLE[0]), Moved)


def test_drafting_and_confirming_are_two_permissions() -> None:
    drafting, confirming = frozenset({"policy.draft"}), frozenset({"policy.confirm"})
    assert refused_by(judged("submit", state="DRAFT", permissions=confirming)) == "policy_change.who"
    assert refused_by(judged("confirm", state="SUBMITTED", permissions=drafting)) == "policy_change.who"
