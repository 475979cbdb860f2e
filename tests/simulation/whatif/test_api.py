"""Asking «what if», watching, cancelling, finding it again: over HTTP with a worker that really plays."""

import itertools
import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from rongdun.runtime.jobs import Work
from rongdun.simulation.whatif import child, running
from rongdun.simulation.whatif.child import Answer, Player, PlayerLost
from rongdun.simulation.whatif.settings import Side
from tests.simulation.whatif.conftest import ASKED, GULOU, Desk, leader

SIDES = Side("none", 10, 1), Side("tier", 10, 1)


def test_a_run_is_played_and_laid_side_by_side(desk: Desk) -> None:
    started = desk.start()
    assert started["state"] == "WAITING"
    assert started["number"].startswith("TY2026-")
    desk.play()
    found = desk.one(started)
    assert (found["state"], found["worlds_done"], found["actions"]) == ("DONE", 2, [])
    assert [one["seed"] for one in found["played"]] == [2000, 2001]
    shown = {one["key"]: one for one in found["figures"]}
    assert shown["saved_fen"]["a"]["value"] == 0, "nobody acts"
    assert shown["saved_fen"]["b"]["value"] == sum(one["saved_b_fen"] for one in found["played"]) / 2 > 0
    assert shown["stops"]["b"]["value"] >= 1
    assert shown["saved_fen"]["verdict"] == "too_few", "two worlds settle nothing"
    assert (found["case_count"], found["maker_name"], found["release"]) == (2, "演示·何十二", "0.1.0")


def test_who_asked_what_and_each_step_are_on_record_and_told_to_open_screens(desk: Desk) -> None:
    desk.start()
    desk.play()
    told = [(draft.action, draft.unit_path) for draft in desk.recorded]
    assert told == [(f"whatif_run.{step}", desk.actor.unit_path) for step in ("start", "begin", "finish")]
    assert desk.recorded[0].after is not None
    assert desk.recorded[0].after["seed"] == 2000
    assert desk.signalled.count("twin") == 4, "started, begun, a world, the last world and the end"


def test_one_run_at_a_time_in_the_whole_centre(desk: Desk) -> None:
    first = desk.start()
    desk.actor = leader(GULOU)
    assert desk.start(409)["code"] == "another_whatif_run"
    desk.get(f"/api/twin/runs/{first['id']}", 404)
    desk.play()
    desk.start()


def test_a_cancelled_run_keeps_what_was_played_and_makes_room(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = desk.start(worlds=5)
    real = Player.world

    def cancels(player: Player, seed: int, wanted: Callable[[], bool]) -> Answer:
        if seed == 2001:
            seen = desk.one(started)
            desk.post(f"/api/twin/runs/{started['id']}/cancel", {"version": seen["version"]})
        return real(player, seed, wanted)

    monkeypatch.setattr(Player, "world", cancels)
    desk.play()
    found = desk.one(started)
    assert (found["state"], found["worlds_done"], len(found["played"])) == ("CANCELLED", 1, 1)
    assert found["figures"]
    desk.start()


def test_a_stale_cancel_is_refused(desk: Desk) -> None:
    started = desk.start()
    answer = desk.post(f"/api/twin/runs/{started['id']}/cancel", {"version": 7}, 409)
    assert answer["code"] == "stale_version"


def test_a_turn_plays_for_a_while_and_hands_the_rest_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "monotonic", itertools.count(0, 20).__next__)
    begun: list[int] = []
    real = running._begin

    def begins(work: Work, run_id: UUID) -> Any:
        turn = real(work, run_id)
        begun.extend([turn.place] if turn else [])
        return turn

    monkeypatch.setattr(running, "_begin", begins)
    started = desk.start(worlds=3)
    desk.play()
    assert begun == [0, 1, 2]
    assert desk.one(started)["state"] == "DONE"


def test_a_killed_workers_run_goes_on_where_it_stood(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    started = desk.start()
    with monkeypatch.context() as killed:
        killed.setattr(running, "monotonic", itertools.count(0, 20).__next__)
        killed.setattr(running, "_hand_on", lambda *_: None)
        running.run_turn(desk.work, started["id"])
    assert desk.one(started)["worlds_done"] == 1
    running.run_turn(desk.work, started["id"])
    found = desk.one(started)
    assert (found["state"], [one["seed"] for one in found["played"]]) == ("DONE", [2000, 2001])
    running.run_turn(desk.work, started["id"])
    assert desk.one(started) == found, "a turn too many changes nothing"


def test_a_process_that_dies_fails_the_run_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rongdun.simulation.whatif.child._COMMAND", ("false",))
    started = desk.start()
    desk.play()
    found = desk.one(started)
    assert found["state"] == "FAILED"
    assert "重新推演" in found["error"]["zh"]
    desk.start()


def test_a_process_that_dies_at_once_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    def starts(*_: object, **pipes: Any) -> "subprocess.Popen[str]":
        process = subprocess.Popen(["false"], **pipes)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        started.append(process)
        return process

    monkeypatch.setattr(child, "subprocess", SimpleNamespace(Popen=starts, PIPE=subprocess.PIPE))
    with pytest.raises(PlayerLost), Player(SIDES, 1):
        pass
    assert started[0].returncode == 1
    assert started[0].stdin is not None
    assert started[0].stdin.closed


def test_a_run_nobody_works_on_is_given_up(desk: Desk) -> None:
    waiting = desk.start()
    desk.clock.advance(timedelta(minutes=30))
    running.sweep(desk.work)
    assert desk.one(waiting)["state"] == "WAITING"
    desk.clock.advance(timedelta(minutes=31))
    running.sweep(desk.work)
    assert desk.one(waiting)["state"] == "FAILED"
    begun = desk.start()
    running._begin(desk.work, begun["id"])
    desk.clock.advance(timedelta(minutes=11))
    running.sweep(desk.work)
    assert desk.one(begun)["state"] == "FAILED"


@pytest.mark.parametrize(
    "wrong",
    [
        {"worlds": 61},
        {"worlds": 1},
        {"cases": 7},
        {"title": " "},
        {"a": {**ASKED["b"], "officers": 21}},
        {"a": {**ASKED["b"], "policy": "oracle"}},
        {"a": ASKED["b"]},
    ],
)
def test_what_is_out_of_bounds_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    desk.start(422, **wrong)


def test_whoever_may_only_look_starts_nothing(desk: Desk) -> None:
    desk.start()
    desk.actor = leader("cn.fj.fz.", "twin.read")
    desk.start(403)
    (row,) = desk.get("/api/twin/runs")["items"]
    assert row["title"] == ASKED["title"]
    assert [action["allowed"] for action in row["actions"]] == [False]


def test_every_world_can_be_watched_and_ends_as_the_table_says(desk: Desk) -> None:
    started = desk.start()
    desk.get(f"/api/twin/runs/{started['id']}/worlds/0", 404)
    desk.play()
    for world in desk.one(started)["played"]:
        story = desk.get(f"/api/twin/runs/{started['id']}/worlds/{world['place']}")
        assert (world["watchable"], story["seed"]) == (True, world["seed"])
        for side in ("a", "b"):
            told = [one[side]["sums"] for one in story["cases"] if one[side]]
            assert len(told) == world["cases"]
            assert sum(one["lost_fen"] for one in told) == world["lost_fen"]
            assert sum(one["saved_fen"] for one in told) == world[f"saved_{side}_fen"]
    assert desk.get(f"/api/twin/runs/{started['id']}/worlds/2", 404)["code"] == "no_whatif_story"
    desk.actor = leader(GULOU)
    assert desk.get(f"/api/twin/runs/{started['id']}/worlds/0", 404)["code"] == "not_found"


def test_the_first_world_can_be_watched_while_the_others_are_still_played(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = desk.start()
    real, seen = Player.world, list[Any]()

    def looks(player: Player, seed: int, wanted: Callable[[], bool]) -> Answer:
        if seed == 2001:
            seen.append(desk.get(f"/api/twin/runs/{started['id']}/worlds/0"))
        return real(player, seed, wanted)

    monkeypatch.setattr(Player, "world", looks)
    desk.play()
    assert seen == [desk.get(f"/api/twin/runs/{started['id']}/worlds/0")]
    assert desk.one(started)["state"] == "DONE"


def test_a_worker_killed_while_keeping_a_world_leaves_neither_sums_nor_story(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = desk.start()
    with monkeypatch.context() as killed:
        killed.setattr(running, "tell", _dies)
        with pytest.raises(KeyboardInterrupt):
            running.run_turn(desk.work, started["id"])
    found = desk.one(started)
    assert (found["worlds_done"], found["played"]) == (0, [])
    desk.get(f"/api/twin/runs/{started['id']}/worlds/0", 404)
    running.run_turn(desk.work, started["id"])
    assert [one["watchable"] for one in desk.one(started)["played"]] == [True, True]


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_world_of_an_older_program_is_shown_without_its_story(desk: Desk, owner_dsn: str) -> None:
    started = desk.start()
    desk.play()
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("update whatif_stories set layout = 99 where place = 0")
    assert [one["watchable"] for one in desk.one(started)["played"]] == [False, True]
    desk.get(f"/api/twin/runs/{started['id']}/worlds/0", 404)


def test_what_was_asked_cannot_be_altered(desk: Desk, owner_dsn: str) -> None:
    desk.start()
    with psycopg.connect(owner_dsn) as connection, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        connection.execute("update whatif_runs set seed = 1")


def test_a_setting_is_kept_whole() -> None:
    side = Side("advice", 20, 4, banks="slow", mules="fast")
    assert Side.of(side.as_json()) == side
