"""Prevents a calibration page that compares something else, hides what does not fit, or is not of this program."""

import re

import pytest

from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin import measures
from rongdun.simulation.twin.calibration import calibration_page, published
from rongdun.simulation.twin.experiment.replies import Institutions, Reply
from rongdun.simulation.twin.params import load_params
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "twin-calibration.md"


def test_the_page_shows_every_published_figure_and_says_what_does_not_fit() -> None:
    page = calibration_page(people=1000, seeds=(5,))
    for figure in published():
        assert figure.name[0] in page and figure.published in page
    fits, fails = (int(number) for number in re.findall(r"(\d+) 项相符,(\d+) 项不符", page)[0])
    assert fits + fails == len(published())
    assert page.count("| ✗ |") == fails and page.count("| ✓ |") == fits


def test_the_page_that_ships_is_of_these_figures() -> None:
    page = PAGE.read_text("utf-8")
    assert all(figure.name[1] in page and figure.published in page for figure in published())
    assert "`rongdun twin calibrate`" in page


def test_losses_delays_and_speed_are_near_what_was_published() -> None:
    # The shipped page's own column: these groups were what the twin was fitted to.
    lines = PAGE.read_text("utf-8").splitlines()
    told = {figure.name[0]: next(line for line in lines if figure.name[0] in line) for figure in published()}
    for figure in published():
        if figure.group in ("delay", "speed") or figure.key in ("low", "high", "high_money"):
            assert "| ✓ |" in told[figure.name[0]], figure.name


MINUTE = 60_000_000


@pytest.mark.parametrize(
    ("answers", "minutes"),
    [
        ([(6, Outcome.DONE)], 7),
        ([(30, Outcome.TIMEOUT), (5, Outcome.DONE)], 37),
        ([(4, Outcome.MISMATCH), (6, Outcome.DONE)], 12),
        ([(4, Outcome.NOT_FOUND), (6, Outcome.DONE)], None),
        ([(30, Outcome.TIMEOUT)] * 3, None),
    ],
)
def test_a_stop_takes_an_officers_minute_and_the_banks_time_each_time_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, answers: list[tuple[int, Outcome]], minutes: int | None
) -> None:
    params = load_params(None, {"desk": {"minutes_stop": 1.0}})
    told = [Reply(after * MINUTE, outcome) for after, outcome in answers]
    monkeypatch.setattr(Institutions, "reply", lambda *asked: told[asked[-1]])
    found = measures._carried_out(Institutions(params, 1), 0, 0, params)
    assert found == (measures._NEVER if minutes is None else minutes * MINUTE)
