"""Prevents the package that works only in its checkout: without its pages, its type, its rules or its migrations."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SRC

HELD = (
    "rongdun/web_dist/index.html",
    "rongdun/runtime/letters/fonts/NotoSansSC_400Regular.ttf",
    "rongdun/runtime/letters/fonts/NotoSerifSC_700Bold.ttf",
    "rongdun/runtime/letters/fonts/NotoSansSC-OFL.txt",
    "rongdun/runtime/letters/base/base.typ",
    "rongdun/domains/duty/letters/handover.typ",
    "rongdun/data/roles.toml",
    "rongdun/data/policy/stop.toml",
    "rongdun/migrations/versions/0001_core.py",
    "rongdun/py.typed",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built now."""
    assert (SRC / "web_dist" / "index.html").is_file(), "run make setup first: the pages are not built"
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [built] = place.glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        return set(opened.namelist())


def test_a_wheel_holds_all_that_a_centre_needs(wheel: set[str]) -> None:
    assert set(HELD) - wheel == set()
    assert [name for name in wheel if name.endswith(".dist-info/licenses/LICENSE")]


def test_a_wheel_holds_every_module_and_nothing_else_of_the_checkout(wheel: set[str]) -> None:
    modules = {str(path.relative_to(SRC.parent)) for path in SRC.rglob("*.py")}
    assert modules - wheel == set()
    assert {Path(name).parts[0] for name in wheel if ".dist-info/" not in name} == {"rongdun"}
