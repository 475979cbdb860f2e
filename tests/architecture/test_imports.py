"""Prevents the knot: a kernel that knows the database, a desk that reaches into another desk's tables.

The layers are contracts of import-linter in ``pyproject.toml``; how domains meet is held here.
"""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT, Module, modules

OPEN = {"events"}
"""The module of a domain that others may import beside the package itself."""


def test_the_layers_import_downwards_only() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "0 broken" in told.stdout


def test_domains_meet_by_what_a_package_exports_and_by_its_events() -> None:
    inner = [
        f"{module.at(node)} imports {name}"
        for module in modules()
        if module.path.startswith("domains/")
        for node, name in _imported(module)
        if _reaches_into(module.path.split("/")[1], name)
    ]
    assert inner == []


def test_a_reach_into_another_domain_is_seen() -> None:
    assert _reaches_into("desk", "rongdun.domains.policy.store")
    assert not _reaches_into("policy", "rongdun.domains.policy.store")
    assert not _reaches_into("desk", "rongdun.domains.policy")
    assert not _reaches_into("desk", "rongdun.domains.policy.events")


def _reaches_into(own: str, name: str) -> bool:
    parts = name.split(".")
    foreign = parts[:2] == ["rongdun", "domains"] and len(parts) > 3 and parts[2] != own
    return foreign and parts[3] not in OPEN


def _imported(module: Module) -> list[tuple[ast.AST, str]]:
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append((node, node.module))
            if node.module.count(".") == 2:
                # ``from rongdun.domains.policy import store`` takes a module where that is one.
                found += [
                    (node, f"{node.module}.{alias.name}") for alias in node.names if _is_module(node, alias)
                ]
        elif isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
    return found


def _is_module(node: ast.ImportFrom, alias: ast.alias) -> bool:
    path = f"{(node.module or '').removeprefix('rongdun.').replace('.', '/')}/{alias.name}"
    return any(module.path in (f"{path}.py", f"{path}/__init__.py") for module in modules())
