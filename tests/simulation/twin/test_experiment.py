"""Prevents an experiment that lets a desk see the truth, cheats a policy, or counts money that is not held."""

import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from rongdun.analytics.tracing.advice.model import MINUTE, Action
from rongdun.analytics.tracing.advice.prior import BELIEVED, load_prior
from rongdun.domains.exchange.messages import Outcome
from rongdun.entrypoints.cli import app
from rongdun.simulation.twin.draws import HOUR
from rongdun.simulation.twin.experiment.aims import aims
from rongdun.simulation.twin.experiment.desk import Desk, Setting
from rongdun.simulation.twin.experiment.hour import work
from rongdun.simulation.twin.experiment.run import Plan, changes_of, run
from rongdun.simulation.twin.experiment.sums import Sums
from rongdun.simulation.twin.experiment.worlds import POLICIES, Result, Stage
from rongdun.simulation.twin.params import load_params
from rongdun.simulation.twin.world import Order as WorldOrder

SMALL = Plan(
    worlds=2,
    people=1500,
    days=5,
    seed=40,
    cases=2,
    delays=(20.0,),
    officers=(2,),
    processes=1,
)
CHANGES = {"arrivals": {"intensity": 2500.0}}


@cache
def stage() -> Stage:
    return Stage(WorldOrder(1500, 5, 40), load_params(None, changes_of(SMALL) | CHANGES))


def begun(name: str = "") -> Desk:
    """A desk with one case, at the report, or worked by a policy."""
    [case] = stage().begun(20.0, 1)
    [desk] = stage().desks([case], Setting(20.0, 2))
    if name:
        work([desk], stage().policy(name, load_prior()), 2)
    return desk


@cache
def results() -> tuple[Result, ...]:
    found = stage().run([Setting(20.0, 1), Setting(20.0, 4)], POLICIES, load_prior(), 4)
    assert len(found) == 2 * 4 * len(POLICIES)
    return tuple(found)


@pytest.mark.parametrize("name", ["tier", "balance", "newest", "advice", "told_oracle"])
def test_a_desk_knows_only_rows_that_happened_and_that_a_bank_showed(name: str) -> None:
    desk = begun(name)
    sub, place = desk.knowledge.sub_ledger(desk.now)
    assert len(sub.transfers) > 0
    assert (sub.transfers.time <= desk.now).all()
    asked = {account for account in place.tolist() if desk.knowledge.asked(account)}
    payer, payee = (np.append(place, -1)[side] for side in (sub.transfers.payer, sub.transfers.payee))
    for one, two, time in zip(payer.tolist(), payee.tolist(), sub.transfers.time.tolist(), strict=True):
        shown = [a for a in (one, two) if a in asked and time <= sub.accounts.observed_until[place == a][0]]
        assert shown  # each row stands on a statement that reaches so far


def test_an_order_takes_an_officers_minute_and_the_banks_time_and_then_nothing_leaves() -> None:
    desk = begun("tier")
    case, done = desk.case, desk.done
    assert done.stopped
    flows, state = desk.live.script.flows, desk.live.state
    for account, at in done.stopped.items():
        assert at > case.reported + MINUTE
        out = (flows.payer == account) & (flows.time > at) & (state.amount > 0)
        assert not out.any()


def test_officers_work_one_order_at_a_time_and_more_of_them_work_sooner() -> None:
    one, four = stage().begun(20.0, 4), stage().begun(20.0, 4)
    alone, together = (stage().desks(cases, Setting(20.0, count)) for cases, count in ((one, 1), (four, 4)))
    sent = _sent(alone, 1)
    assert all(later - sooner >= 0.7 * MINUTE for sooner, later in pairwise(sent))
    assert sum(at < 20 * MINUTE for at in _sent(together, 4)) > sum(at < 20 * MINUTE for at in sent)


def _sent(desks: list[Desk], officers: int) -> list[int]:
    """When orders were sent, µs after the hour began."""
    work(desks, stage().policy("tier", load_prior()), officers)
    return sorted(act.sent - desk.case.reported + desk.offset for desk in desks for act in desk.done.acts)


def test_nobody_saves_more_than_lies_somewhere_and_nobody_acting_saves_nothing() -> None:
    for one in results():
        assert one.saved >= 0
        assert one.stealable <= one.lost
        if one.policy == "none":
            assert (one.saved, one.stops, one.asks) == (0, 0, 0)


def test_an_oracle_saves_at_least_what_any_policy_does_in_these_cases() -> None:
    saved: dict[str, int] = dict.fromkeys(POLICIES, 0)
    for one in results():
        saved[one.policy] += one.saved
    assert saved["oracle"] >= max(saved.values())
    assert saved["told_oracle"] > 0


def test_policies_meet_the_same_bank() -> None:
    banks = stage().banks
    first = [banks.reply(Action.STOP, account, 0, 0) for account in range(400)]
    assert first == [banks.reply(Action.STOP, account, 0, 0) for account in range(400)]
    told = [one.outcome for one in first]
    # 2 % timeouts, 3 % mismatches, 1 % not found of 400: far from none and from many.
    assert 5 <= sum(one != Outcome.DONE for one in told) <= 50
    minutes = sorted(one.after / MINUTE for one in first if one.outcome == Outcome.DONE)
    assert 4.5 <= minutes[len(minutes) // 2] <= 8.0  # the median is six


def test_the_situation_is_the_tracing_kernels_reckoning_of_what_was_told() -> None:
    desk = begun()
    case, situation = desk.case, desk.situation(BELIEVED)
    named = {str(one.account) for one in case.heard if one.known}
    assert {one.number for one in situation.accounts} == named
    assert all(one.observed_until == 0 and one.balance_fen is None for one in situation.accounts)
    told = sum(one.amount_fen for one in case.heard if one.known)
    for rule in BELIEVED:
        came = sum(one.tainted[rule] for account in situation.accounts for one in account.arrivals)
        assert came == told


def test_reports_come_late_as_asked_and_the_same_scams_are_told_of() -> None:
    soon, late = stage().cases(10.0, 3), stage().cases(60.0, 3)
    assert {one.scam for one in soon} == {one.scam for one in late}
    by_scam = {one.scam: one.reported for one in soon}
    assert all(by_scam[one.scam] < one.reported < by_scam[one.scam] + 24 * HOUR for one in late)


def test_worlds_of_one_seed_give_equal_results_in_one_process_and_in_two() -> None:
    plan = Plan(
        worlds=2, people=1500, days=5, seed=40, cases=1, delays=(20.0,), officers=(1,),
        policies=("none", "tier", "oracle"), processes=1, changes=CHANGES,
    )  # fmt: skip
    assert run(plan) == run(
        Plan(**{**{name: getattr(plan, name) for name in plan.__slots__}, "processes": 2})
    )


def test_ratios_are_of_sums_and_their_intervals_hold_them() -> None:
    sums = Sums(results())
    every = {line.policy: line for line in sums.lines() if line.delay is None}
    saved = sum(one.saved for one in results() if one.policy == "tier")
    oracle = sum(one.saved for one in results() if one.policy == "oracle")
    share = every["tier"].of_oracle
    assert share.value == pytest.approx(saved / oracle)
    assert share.low <= share.value <= share.high
    assert every["oracle"].of_oracle.value == 1.0


def test_the_command_prints_figures_and_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    call = (
        "twin experiment --worlds 1 --people 3000 --days 5 --seed 40 --delays 20 --officers 1 --cases 1 "
        f"--processes 1 --shifts slower_banks --json --out {page}"
    )
    answer = CliRunner().invoke(app, call.split())
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert {line["policy"] for line in told["lines"]} == set(POLICIES)
    assert [one["met"] in (True, False) for one in told["aim"]] == [True] * 3
    text = page.read_text(encoding="utf-8")
    assert "rongdun twin experiment --worlds 1 --people 3000" in text
    assert "银行慢一倍" in text and "知情上界" in text


def test_what_is_learnt_comes_from_worlds_that_are_not_reported(tmp_path: Path) -> None:
    learnt, page = tmp_path / "prior.toml", tmp_path / "page.md"
    call = "twin experiment --worlds 1 --people 3000 --days 5 --delays 20 --officers 1 --cases 1 --processes 1 --json"
    more = f"--seed 40 --fit 2 --learnt {learnt} --out {page}"
    answer = CliRunner().invoke(app, f"{call} {more}".split())
    assert answer.exit_code == 0, answer.output
    assert "[learnt]" in learnt.read_text(encoding="utf-8")
    told = json.loads(answer.output)
    assert told["plan"]["prior"] is None, "what ships is reported; what was learnt stands beside it"
    assert {line["policy"] for line in told["learnt"]["lines"]} == {"advice"}
    text = page.read_text(encoding="utf-8")
    assert "种子 0–1 的 2 个世界" in text and "同样的种子 40–40" in text and "--fit 2" in text
    assert CliRunner().invoke(app, f"{call} --seed 2 --fit 3 --learnt {learnt}".split()).exit_code == 2


def judged(**saved: int) -> Sums:
    """Results of one world of which 100 yuan were stealable; advice held 40 yuan of innocents, a simple policy 30."""
    held = {"advice": 40_00, "newest": 30_00}
    return Sums([
        Result(
            world=1, scam=1, delay=10.0, officers=1, policy=name, lost=100_00, stealable=100_00,
            saved=100 * saved.get(name, 0), others=0, stops=1, asks=1, refused=0, minutes=2.0,
            innocents=int(name in held), innocents_fen=held.get(name, 0),
        )
        for name in POLICIES
    ])  # fmt: skip


def test_the_page_says_in_words_which_aims_are_met_and_which_nobody_can_meet() -> None:
    """By hand: 90 of 100 is above 85 %, 90 is 1.8 times 50, 40 yuan of innocents are more than 30."""
    text = aims(judged(newest=50, advice=90, told_oracle=95, oracle=100))
    assert "达到的:第一、第二;未达到的:第三。" in text and "met: first, second; not met: third." in text
    assert "40 元 : 30 元(共 1 : 1 户 accounts)" in text
    assert "达不到" not in text and "out of reach" not in text


def test_an_aim_is_called_out_of_reach_only_where_the_bound_misses_it() -> None:
    """By hand: the bound is 60 % of the oracle and 1.2 times the simple policy; then 1.6 times."""
    out = aims(judged(newest=50, advice=55, told_oracle=60, oracle=100))
    assert "第一、第二项目标" in out and "first and second part" in out
    only = aims(judged(newest=50, advice=55, told_oracle=80, oracle=100))
    assert "因此第一项目标" in only and "1.60(1.60–1.60)" in only


def test_wrong_numbers_and_unknown_worlds_are_said() -> None:
    for wrong in ("--delays ten", "--shifts elsewhere"):
        answer = CliRunner().invoke(app, f"twin experiment --worlds 1 {wrong}".split())
        assert answer.exit_code == 2
