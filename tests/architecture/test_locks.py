"""Prevents a set-up that installs something else than was tested: locks without hashes, or that disagree."""

import json
import re
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT

RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[\w,-]+\])?==(\S+)")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def test_every_pin_has_its_hashes() -> None:
    for lock in (RUN, DEV):
        pins = _pins(lock)
        assert len(pins) > 40
        assert [name for name, (_, hashes) in pins.items() if not hashes] == []


def test_what_is_tested_is_what_is_shipped() -> None:
    dev = _pins(DEV)
    assert {name: pin for name, pin in _pins(RUN).items() if dev.get(name) != pin} == {}


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert _names(project["dependencies"]) - _pins(RUN).keys() == set()
    assert _names(project["optional-dependencies"]["dev"]) - _pins(DEV).keys() == set()


def test_every_npm_package_has_its_hash_and_no_address() -> None:
    for where in ("web", "assets"):
        packages = json.loads((ROOT / where / "package-lock.json").read_text("utf-8"))["packages"]
        entries = {name: entry for name, entry in packages.items() if name and not entry.get("link")}
        assert entries
        assert [name for name, entry in entries.items() if "integrity" not in entry] == []
        assert [name for name, entry in entries.items() if "resolved" in entry] == []


def test_npm_locks_agree_with_what_is_asked_for() -> None:
    for where in ("web", "assets"):
        asked = json.loads((ROOT / where / "package.json").read_text("utf-8"))
        root = json.loads((ROOT / where / "package-lock.json").read_text("utf-8"))["packages"][""]
        for kind in ("dependencies", "devDependencies", "license"):
            assert asked.get(kind) == root.get(kind), (where, kind)


def _pins(lock: Path) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    name = ""
    for line in lock.read_text("utf-8").splitlines():
        pin = _PIN.match(line)
        if pin:
            name = pin[1]
            found[name] = (pin[2], 0)
        elif "--hash=sha256:" in line:
            found[name] = (found[name][0], found[name][1] + 1)
    return found


def _names(requirements: list[str]) -> set[str]:
    return {match[0].lower().replace("_", "-") for each in requirements if (match := _NAME.match(each))}
