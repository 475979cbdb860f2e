"""Prevents a clock that cannot start: code that asks the policy table for a rule nobody ever wrote down."""

import ast
from collections.abc import Iterator

from rongdun.entrypoints.docs import LIFECYCLES
from rongdun.runtime.policies.seedfile import shipped_rows
from tests.architecture.source import Module, modules, name_of

ASKS = {"term", "integer", "money", "flag", "text_value", "lengths", "codes", "lookup", "stored_rule"}
"""Look-ups of ``runtime.policies``: the key is their second argument."""

CLOCKS = {"open_deadline", "close_deadline", "pause_deadline", "resume_deadline"}
"""Functions that take the key as ``rule_key``."""


def test_every_rule_the_code_asks_for_is_shipped() -> None:
    shipped = {rule.key for rule in shipped_rows()}
    asked = [(module.at(node), key) for module in modules() for node, key in _asked(module)]
    assert asked
    assert [(place, key) for place, key in asked if key not in shipped] == []


def test_every_clock_a_lifecycle_starts_or_ends_is_shipped() -> None:
    shipped = {rule.key for rule in shipped_rows()}
    moves = [move for tables in LIFECYCLES.values() for table in tables for move in table.transitions]
    named = {key for move in moves for key in (*move.opens, *move.closes)}
    assert named
    assert named - shipped == set()


def test_a_key_nobody_shipped_is_seen() -> None:
    code = "KEY = 'stop.no_such'\nterm(s, KEY, on=d)\nopen_deadline(uow, rule_key='stop.neither')\nterm(s, key, on=d)"
    assert [key for _, key in _asked(Module("x.py", ast.parse(code)))] == ["stop.no_such", "stop.neither"]


def _asked(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield each call that names a rule, with the key where it is written out, or a constant of the module."""
    constants = {
        target.id: node.value.value
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in module.calls():
        for given in _keys(call):
            value = constants.get(given.id) if isinstance(given, ast.Name) else getattr(given, "value", None)
            if isinstance(value, str):
                yield call, value


def _keys(call: ast.Call) -> list[ast.expr]:
    name = name_of(call)
    if name in ASKS:
        return call.args[1:2]
    return [word.value for word in call.keywords if word.arg == "rule_key"] if name in CLOCKS else []
