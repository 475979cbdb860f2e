"""Prevents half a translation: a screen, a rule or a message that has words in one language only."""

import ast
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.architecture.source import SRC, modules, name_of

PAIRS = (("zh", "en"), ("name_zh", "name_en"), ("about_zh", "about_en"))


def test_every_text_in_the_code_has_both_languages() -> None:
    half = [
        module.at(call)
        for module in modules()
        for call in module.calls()
        if name_of(call) == "Text" and len(call.args) == 2 and _half(call)
    ]
    assert half == []


def test_every_table_of_words_in_the_data_has_both_languages() -> None:
    tables = {path: tomllib.loads(path.read_text("utf-8")) for path in SRC.rglob("data/**/*.toml")}
    assert tables
    half = [
        f"{path.name}: {entry}"
        for path, whole in tables.items()
        for entry in _entries(whole)
        if _one_sided(entry)
    ]
    assert half == []


def test_half_a_translation_is_seen() -> None:
    [call] = [node for node in ast.walk(ast.parse("Text('有', '')")) if isinstance(node, ast.Call)]
    assert _half(call)
    assert _one_sided({"zh": "有"})
    assert not _one_sided({"zh": "有", "en": "is"})


def _half(call: ast.Call) -> bool:
    empty = [isinstance(each, ast.Constant) and not str(each.value).strip() for each in call.args]
    return empty[0] != empty[1]


def _one_sided(entry: dict[str, Any]) -> bool:
    return any(
        bool(str(entry.get(zh, "")).strip()) != bool(str(entry.get(en, "")).strip()) for zh, en in PAIRS
    )


def _entries(whole: Any) -> Iterator[dict[str, Any]]:
    if isinstance(whole, dict):
        yield whole
        whole = list(whole.values())
    if isinstance(whole, list):
        for each in whole:
            yield from _entries(each)
