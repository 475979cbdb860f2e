"""Prevents documents that tell of another program: directories, settings and words nobody wrote up."""

import re
from dataclasses import fields

from typer.core import TyperGroup as Group
from typer.main import get_command

from rongdun.entrypoints.cli import app
from rongdun.entrypoints.docs import LIFECYCLES, stale
from rongdun.runtime.settings import Settings
from tests.architecture.source import ROOT, SRC, tracked

MAP = ROOT / "docs" / "map.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
COMMAND = re.compile(r"(?:^|`|&& )(?:\S*/)?rongdun((?: [a-z][a-z-]+){1,2})(?=[`\s:]|$)", re.MULTILINE)
SECURITY = ROOT / "docs" / "operations" / "security.md"
INSTALL = ROOT / "docs" / "operations" / "install.md"


def test_the_map_names_every_directory_and_no_other() -> None:
    told = re.findall(r"^\| `([^`]+)/` \|", MAP.read_text("utf-8"), re.MULTILINE)
    assert len(told) == len(set(told)), "a directory is named twice"
    assert set(told) == _directories()


def test_every_setting_is_written_up_and_no_other() -> None:
    told = set(re.findall(r"`RONGDUN_([A-Z_]+)`", INSTALL.read_text("utf-8")))
    assert told == {field.name.upper() for field in fields(Settings)}


def test_commands_in_the_documents_are_commands_of_the_program() -> None:
    written = "\n".join(path.read_text("utf-8") for path in tracked() if path.suffix == ".md")
    told = {tuple(words.split()) for words in re.findall(COMMAND, written)}
    assert ("audit", "verify") in told
    assert [" ".join(words) for words in sorted(told) if not _is_command(words)] == []


def test_names_in_the_glossary_are_names_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SRC.rglob("*") if path.suffix in (".py", ".toml"))
    missing = [name for name in _names() if not _stands_in(name, code)]
    assert missing == []


def test_printed_documents_say_what_the_program_says() -> None:
    assert stale(ROOT / "docs") == []
    assert {path.stem for path in (ROOT / "docs/workflows").glob("*.md")} == LIFECYCLES.keys()


def test_controls_are_claimed_only_with_tests_that_exist() -> None:
    claimed = set(re.findall(r"`(test_\w+)`", SECURITY.read_text("utf-8")))
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(claimed) > 30
    assert claimed - set(re.findall(r"def (test_\w+)", written)) == set()


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} -> {link}"
        for path in tracked()
        if path.suffix == ".md"
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert broken == []


def _is_command(words: tuple[str, ...]) -> bool:
    """Tell whether the first word is a command, and the second one too where the first is a group."""
    program = get_command(app)
    assert isinstance(program, Group)
    found = program.commands.get(words[0])
    return not (isinstance(found, Group) and len(words) > 1) or words[1] in found.commands if found else False


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
    if re.fullmatch(r"[A-Z]\w+\.\w+", name):
        return all(re.search(rf"\b{part}\b", code) for part in name.split("."))
    pattern = re.escape(name.removesuffix("=")).replace(r"\*", r"[\w.]*")
    return re.search(pattern, code) is not None
