"""Prevents code only its author can use: public names that do not say units, errors or the source of a rule."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, modules

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def test_everything_public_says_what_it_is() -> None:
    silent = [
        f"{module.at(node)} {node.name}"
        for module in modules()
        for node in _public(module)
        if not (ast.get_docstring(node) or "").strip()
    ]
    assert silent == []


def test_every_module_says_what_it_is_for() -> None:
    assert [module.path for module in modules() if not ast.get_docstring(module.tree)] == []


def test_a_public_function_without_a_docstring_is_seen() -> None:
    code = "class A:\n  'a'\n  def b(self): ...\n  def _c(self): ...\nasync def d(): ..."
    names = {node.name for node in _public(Module("x.py", ast.parse(code))) if not ast.get_docstring(node)}
    assert names == {"b", "d"}


def _public(holder: Module) -> Iterator[Documented]:
    waiting: list[ast.Module | ast.ClassDef] = [holder.tree]
    while waiting:
        for node in waiting.pop().body:
            if isinstance(node, Documented) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    waiting.append(node)
