"""What the rules look at: the tracked files and the parsed modules of the product."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "rongdun"
_UNTRACKED = {
    ".git", ".venv", ".setup", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
    ".import_linter_cache", ".grimp_cache", "__pycache__", "node_modules", "var", "dist", "build",
    "web_dist", "fonts", "failures",
}  # fmt: skip


class Module(NamedTuple):
    """A module of the product: where it stands below ``src/rongdun``, and its syntax tree."""

    path: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        """Yield every call in the module."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.AST) -> str:
        """Return ``path:line`` of a node, as a failure shows it."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the product."""
    paths = sorted(SRC.rglob("*.py"))
    return tuple(Module(str(path.relative_to(SRC)), ast.parse(path.read_text("utf-8"))) for path in paths)


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files that git keeps or would keep; where git cannot tell, all but what is built."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        paths = [ROOT / name for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not _UNTRACKED & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def name_of(call: ast.Call) -> str:
    """Return the last word of what is called: ``c`` for ``a.b.c(...)``."""
    called = call.func
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
