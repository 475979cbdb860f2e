"""Prevents parameters without a source, and files of parameters that silently do nothing."""

import re
from pathlib import Path

import pytest

from rongdun.simulation.twin.errors import WrongParams
from rongdun.simulation.twin.params import load_params, shipped_text


def test_every_parameter_has_a_tag_and_a_source_on_its_line() -> None:
    lines = [line for line in shipped_text().splitlines() if re.match(r"\w+ = ", line)]
    assert len(lines) > 180
    assert [line for line in lines if not re.search(r"# (\[(S\d*w?|M|D)\])+ ?", line)] == []


def test_a_file_says_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "faster.toml"
    path.write_text("[laundering]\ndwell_median_minutes = 1.5\n", "utf-8")
    changed, shipped = load_params(path), load_params()
    assert changed.laundering.dwell_median_minutes == 1.5
    assert changed.everyday == shipped.everyday


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[laundering]\ndwel_median_minutes = 1.5\n", "dwel_median_minutes"),
        ("[arrivals]\nconsummated_share = 1.5\n", "consummated_share"),
        ('[laundering]\nera = "2030"\n', "laundering.era"),
        ("[delay]\nshares = [1.0]\n", "delay.shares"),
        ("[laundering]\nslots = [99, 5, 6, 6, 6, 6, 6]\n", "slots"),
        ("[laundering]\ndepths = [3, 4, 5, 6, 9]\n", "laundering.depths"),
        ("[laundering\n", ""),
    ],
)
def test_what_cannot_be_meant_is_refused_and_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongParams) as refused:
        load_params(path)
    assert told in refused.value.message.en
