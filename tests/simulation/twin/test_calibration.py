"""Prevents a calibration page that compares something else, hides what does not fit, or is not of this program."""

import re

from rongdun.simulation.twin.calibration import calibration_page, published
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
