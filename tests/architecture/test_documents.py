"""Prevents documents that tell of another program: directories, settings and words nobody wrote up."""

import re
from dataclasses import fields

from rongdun.entrypoints.docs import LIFECYCLES, stale
from rongdun.runtime.settings import Settings
from tests.architecture.source import ROOT, SRC, tracked

MAP = ROOT / "docs" / "map.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
INSTALL = ROOT / "docs" / "operations" / "install.md"


def test_the_map_names_every_directory_and_no_other() -> None:
    told = re.findall(r"^\| `([^`]+)/` \|", MAP.read_text("utf-8"), re.MULTILINE)
    assert len(told) == len(set(told)), "a directory is named twice"
    assert set(told) == _directories()


def test_every_setting_is_written_up_and_no_other() -> None:
    told = set(re.findall(r"`RONGDUN_([A-Z_]+)`", INSTALL.read_text("utf-8")))
    assert told == {field.name.upper() for field in fields(Settings)}


def test_names_in_the_glossary_are_names_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SRC.rglob("*") if path.suffix in (".py", ".toml"))
    missing = [name for name in _names() if not _stands_in(name, code)]
    assert missing == []


def test_printed_documents_say_what_the_program_says() -> None:
    assert stale(ROOT / "docs") == []
    assert {path.stem for path in (ROOT / "docs/workflows").glob("*.md")} == LIFECYCLES.keys()


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} -> {link}"
        for path in tracked()
        if path.suffix == ".md"
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert broken == []


def _directories() -> set[str]:
    found: set[str] = set()
    for path in tracked():
        found |= {str(parent) for parent in path.relative_to(ROOT).parents if str(parent) != "."}
    return found


def _names() -> list[str]:
    """The third column of the glossary's tables, backticked."""
    rows = [line.split("|") for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [name for row in rows if len(row) > 3 for name in re.findall(r"`([^`]+)`", row[3])]


def _stands_in(name: str, code: str) -> bool:
    """``stop.*`` and ``warning.p*.visit`` stand for keys; ``POST /api/x`` for a route; others for a word."""
    path = re.search(r"/api/(\S+)", name)
    if path:
        return path[1] in code
    pattern = re.escape(name.removesuffix("=")).replace(r"\*", r"[\w.]*")
    return re.search(pattern, code) is not None
