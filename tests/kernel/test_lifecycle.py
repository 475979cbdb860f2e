"""A refusal names its rule and changes nothing; no path leaves the table; the maker is never the checker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.kernel.errors import Forbidden, RefusedByRule, Text
from rongdun.kernel.lifecycle import (
    Facts,
    Ground,
    Guard,
    Lifecycle,
    Moved,
    Refused,
    State,
    Transition,
    UnknownAction,
    available,
    decide,
)
from rongdun.kernel.lifecycle_docs import to_markdown
from rongdun.kernel.scope import NOBODY, SYSTEM, Actor

NOW = datetime(2025, 11, 20, 2, 0, tzinfo=UTC)
MAKER, CHECKER = UUID(int=1), UUID(int=2)

FILED = Guard(
    "freeze.requires_filing",
    Text("立案前不得冻结财产", "No property may be frozen before filing"),
    "公安机关办理刑事案件程序规定第174条",
    lambda facts, now: facts["case_filed"] is True,
    Text("请先办理立案", "File the case first"),
)
NOT_EXPIRED = Guard(
    "freeze.renew_before_expiry",
    Text("续冻须在期满前办理", "A freeze is renewed before it expires"),
    "公安机关办理刑事案件程序规定第240条",
    lambda facts, now: isinstance(facts["expires"], datetime) and now <= facts["expires"],
    Text("已逾期,请重新办理冻结", "It has expired; order a new freeze"),
)


def name(zh: str) -> Text:
    return Text(zh, zh.encode("punycode").decode())


STATES = (
    State("draft", name("拟制")),
    State("submitted", name("待批")),
    State("frozen", name("已冻结")),
    State("lifted", name("已解除"), terminal=True),
    State("withdrawn", name("已撤回"), terminal=True),
)


def step(action: str, source: str, target: str, *who: str) -> Transition:
    return Transition(
        action=action, name=name(f"办理{action}"), from_states=(source,), to_state=target, who=frozenset(who)
    )


SUBMIT = replace(
    step("submit", "draft", "submitted", "freeze.draft"), guards=(FILED,), opens=("freeze.approve",)
)
WITHDRAW = replace(step("withdraw", "draft", "withdrawn", "freeze.draft"), needs_reason=True)
RETURN = replace(
    step("return", "submitted", "draft", "freeze.approve"), needs_reason=True, maker_checker=True
)
APPROVE = replace(
    step("approve", "submitted", "frozen", "freeze.approve"),
    guards=(FILED,),
    opens=("freeze.period",),
    closes=("freeze.approve",),
    maker_checker=True,
)
RENEW = replace(step("renew", "frozen", "frozen", "freeze.draft"), guards=(FILED, NOT_EXPIRED))
LIFT = step("lift", "frozen", "lifted", "freeze.approve", "system")
TABLE = (SUBMIT, WITHDRAW, RETURN, APPROVE, RENEW, LIFT)
FREEZE = Lifecycle("freeze_order", Text("冻结单", "Freeze order"), STATES, TABLE)

FACTS: Facts = {"case_filed": True, "expires": NOW + timedelta(days=1), "makers": {MAKER}}


def officer(user: UUID, *permissions: str) -> Actor:
    return replace(NOBODY, user_id=user, permissions=frozenset(permissions))


HANDLER = officer(MAKER, "freeze.draft")
APPROVER = officer(CHECKER, "freeze.approve")
BOTH = officer(MAKER, "freeze.draft", "freeze.approve")


def judge(
    state: str, action: str, actor: Actor, *, facts: Facts = FACTS, reason: str = ""
) -> Moved | Refused:
    return decide(FREEZE, state=state, action=action, actor=actor, facts=facts, now=NOW, reason=reason)


def refused(decision: Moved | Refused) -> Refused:
    assert isinstance(decision, Refused)
    return decision


def test_an_allowed_step_says_where_it_leads_and_which_clocks_it_starts_and_stops() -> None:
    assert judge("submitted", "approve", APPROVER) == Moved(
        action="approve",
        from_state="submitted",
        to_state="frozen",
        opens=("freeze.period",),
        closes=("freeze.approve",),
        by=CHECKER,
        at=NOW,
        reason="",
    )


def test_a_guard_that_fails_is_named_with_its_legal_basis_and_its_remedy() -> None:
    refusal = refused(judge("draft", "submit", HANDLER, facts={**FACTS, "case_filed": False}))
    assert refusal.ground is Ground.GUARD
    assert refusal.rule == FILED.rule
    assert refusal.rule.legal_basis.endswith("第174条")
    assert refusal.remedy == Text("请先办理立案", "File the case first")


def test_every_guard_that_fails_is_told_at_once() -> None:
    refusal = refused(
        judge("frozen", "renew", HANDLER, facts={"case_filed": False, "expires": NOW - timedelta(1)})
    )
    assert refusal.rule.key == "freeze.requires_filing"
    assert [rule.key for rule in refusal.others] == ["freeze.renew_before_expiry"]


def test_a_guard_sees_the_moment_it_is_given() -> None:
    at_the_end = {**FACTS, "expires": NOW}
    assert isinstance(judge("frozen", "renew", HANDLER, facts=at_the_end), Moved)
    past = {**FACTS, "expires": NOW - timedelta(microseconds=1)}
    assert refused(judge("frozen", "renew", HANDLER, facts=past)).rule.key == "freeze.renew_before_expiry"


def test_a_step_from_the_wrong_state_names_the_state_it_needs() -> None:
    refusal = refused(judge("draft", "approve", APPROVER))
    assert refusal.ground is Ground.STATE
    assert "拟制" in refusal.text.zh
    assert "待批" in refusal.remedy.zh


def test_somebody_without_the_permission_is_forbidden() -> None:
    refusal = refused(judge("submitted", "approve", HANDLER))
    assert refusal.ground is Ground.WHO
    assert isinstance(refusal.error(), Forbidden)


def test_whoever_drafted_it_may_not_approve_it_even_with_the_permission() -> None:
    refusal = refused(judge("submitted", "approve", BOTH))
    assert refusal.ground is Ground.MAKER_CHECKER
    error = refusal.error()
    assert isinstance(error, RefusedByRule)
    assert error.rule == refusal.rule


def test_the_system_is_nobodys_second_pair_of_eyes() -> None:
    machine = replace(SYSTEM, permissions=frozenset({"freeze.approve"}))
    assert refused(judge("submitted", "approve", machine)).ground is Ground.MAKER_CHECKER


def test_a_role_may_be_named_instead_of_a_permission() -> None:
    assert isinstance(judge("frozen", "lift", SYSTEM), Moved)


def test_a_step_whose_makers_are_unknown_is_never_decided() -> None:
    with pytest.raises(KeyError, match="makers"):
        judge("submitted", "approve", APPROVER, facts={"case_filed": True})
    with pytest.raises(TypeError):
        judge("submitted", "approve", APPROVER, facts={"case_filed": True, "makers": None})


@pytest.mark.parametrize(("reason", "moved"), [("", False), ("  ", False), ("重复", True)])
def test_a_reason_is_asked_for_where_the_table_says_so(reason: str, moved: bool) -> None:
    decision = judge("draft", "withdraw", HANDLER, reason=reason)
    assert isinstance(decision, Moved) is moved
    if not moved:
        assert refused(decision).ground is Ground.REASON


def test_an_action_the_table_does_not_know_is_an_error_of_its_own() -> None:
    with pytest.raises(UnknownAction):
        judge("draft", "burn", HANDLER)


def test_a_state_the_table_does_not_know_is_a_defect() -> None:
    with pytest.raises(ValueError, match="no state 'lost'"):
        judge("lost", "submit", HANDLER)


def test_what_is_available_is_listed_with_why_not() -> None:
    offers = available(FREEZE, state="submitted", actor=BOTH, facts=FACTS, now=NOW)
    assert [offer.action for offer in offers] == ["return", "approve"]
    assert [offer.needs_reason for offer in offers] == [True, False]
    assert all(offer.refusal and offer.refusal.ground is Ground.MAKER_CHECKER for offer in offers)


def test_a_reason_still_to_be_given_is_no_refusal_in_the_list() -> None:
    (_, withdraw) = available(FREEZE, state="draft", actor=HANDLER, facts=FACTS, now=NOW)
    assert withdraw.needs_reason
    assert withdraw.refusal is None


def test_nothing_is_available_at_the_end() -> None:
    assert available(FREEZE, state="lifted", actor=BOTH, facts=FACTS, now=NOW) == ()


@pytest.mark.parametrize(
    ("states", "table", "fault"),
    [
        ((), TABLE, "no states"),
        ((*STATES, STATES[0]), TABLE, "state draft is listed twice"),
        (
            STATES,
            (*TABLE, step("submit", "draft", "frozen", "x.y")),
            "action submit leaves draft in two ways",
        ),
        (STATES, (*TABLE, step("lose", "draft", "lost", "x.y")), "unknown state lost"),
        ((*STATES, State("odd", name("孤"))), TABLE, "state odd cannot be reached"),
        (STATES, (*TABLE, step("reopen", "lifted", "draft", "x.y")), "terminal state lifted is left again"),
        (
            (*STATES, State("stuck", name("滞"))),
            (*TABLE, step("park", "draft", "stuck", "x.y")),
            "no end can be reached from stuck",
        ),
        (tuple(replace(state, terminal=False) for state in STATES), TABLE, "no terminal state"),
        (STATES, (*TABLE, step("skip", "draft", "frozen")), "nobody may skip"),
        (
            STATES,
            (*TABLE, replace(step("jump", "draft", "frozen", "x.y"), from_states=())),
            "jump leaves no state",
        ),
    ],
)
def test_a_table_with_a_fault_cannot_be_built(
    states: tuple[State, ...], table: tuple[Transition, ...], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        Lifecycle("broken", Text("坏", "Broken"), states, table)


def test_the_documentation_shows_every_state_transition_and_rule_in_both_languages() -> None:
    page = to_markdown(FREEZE, names={"freeze.period": Text("冻结期限", "Period of a freeze")})
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == (2 + len(STATES)) + (2 + len(TABLE)) + (2 + 2)
    assert "冻结期限 Period of a freeze `freeze.period`" in page
    assert "公安机关办理刑事案件程序规定第174条" in page
    assert "  submitted --> frozen : 办理approve" in page
    approving = next(row for row in rows if "`approve`" in row)
    assert "另一人审核 a second person" in approving


def test_a_bar_in_a_name_does_not_break_the_table() -> None:
    barred = (replace(STATES[0], name=Text("甲|乙", "a|b")), *STATES[1:])
    page = to_markdown(replace(FREEZE, states=barred))
    assert "甲\\|乙 a\\|b" in page


ACTIONS = st.sampled_from(FREEZE.actions())
USERS = st.sampled_from([UUID(int=n) for n in range(1, 5)])
PERMISSIONS = st.sets(st.sampled_from(["freeze.draft", "freeze.approve"]))
MOVES = st.tuples(ACTIONS, USERS, PERMISSIONS, st.booleans(), st.sampled_from(["", "理由"]))


@given(st.lists(MOVES, max_size=40))
def test_random_actions_never_leave_the_table_and_no_maker_ever_approves(
    moves: list[tuple[str, UUID, set[str], bool, str]],
) -> None:
    state, makers = FREEZE.initial, {MAKER}
    keys = {each.key for each in STATES}
    for action, user, permissions, filed, reason in moves:
        facts = {**FACTS, "case_filed": filed, "makers": frozenset(makers)}
        actor = officer(user, *permissions)
        offered = {
            offer.action: offer.refusal
            for offer in available(FREEZE, state=state, actor=actor, facts=facts, now=NOW)
        }
        decision = judge(state, action, actor, facts=facts, reason=reason)
        if isinstance(decision, Refused):
            assert decision.state == state
            assert decision.text.zh
            assert decision.remedy.en
            continue
        assert decision.from_state == state
        assert offered[action] is None
        if action in ("approve", "return"):
            assert user not in makers
        if action == "submit":
            assert filed
            makers.add(user)
        state = decision.to_state
        assert state in keys


@given(st.sampled_from(STATES), ACTIONS, USERS, PERMISSIONS, st.booleans())
def test_the_list_of_actions_and_the_judge_agree(
    state: State, action: str, user: UUID, permissions: set[str], filed: bool
) -> None:
    facts = {**FACTS, "case_filed": filed}
    actor = officer(user, *permissions)
    offers = available(FREEZE, state=state.key, actor=actor, facts=facts, now=NOW)
    possible = action in {offer.action for offer in offers if offer.refusal is None}
    assert isinstance(judge(state.key, action, actor, facts=facts, reason="理由"), Moved) is possible
