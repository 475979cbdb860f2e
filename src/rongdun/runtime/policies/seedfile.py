"""Reading the rows the product ships: ``data/policy/*.toml``, described in ``data/policy/SOURCE``."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from rongdun.kernel.errors import Text
from rongdun.kernel.policy import PolicyRule, Tag, ValueUnit, check, overlaps

_REQUIRED = {"key", "name", "value", "unit", "effective_from", "legal_basis", "tag"}
_OPTIONAL = {"effective_to", "note", "source"}


class BadPolicyFile(ValueError):
    """A shipped file cannot be read as rules; the message names file and row."""


@cache
def shipped_rows() -> tuple[PolicyRule, ...]:
    """Return every shipped row, by file and then in the file's order.

    Raises :class:`BadPolicyFile` for a row that is not valid and for rows of one key that overlap.
    """
    rules = tuple(rule for _, found in shipped_files() for rule in found)
    if clashing := overlaps(rules):
        first, second = clashing[0]
        raise BadPolicyFile(f"{first.key}: {first.effective_from} and {second.effective_from} overlap")
    return rules


@cache
def shipped_files() -> tuple[tuple[str, tuple[PolicyRule, ...]], ...]:
    """Return the name and the rows of each shipped file, by name."""
    folder = resources.files("rongdun").joinpath("data", "policy")
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda f: f.name
    )
    return tuple((file.name, parse_rows(file.name, file.read_text("utf-8"))) for file in files)


def parse_rows(name: str, content: str) -> tuple[PolicyRule, ...]:
    """Return the rows of one file; ``name`` is for messages."""
    document = tomllib.loads(content)
    return tuple(_rows(name, document.get("defaults", {}), document.get("rule", [])))


def _rows(name: str, defaults: Mapping[str, Any], rows: list[dict[str, Any]]) -> Iterator[PolicyRule]:
    for number, row in enumerate(rows, 1):
        fields = {**defaults, **row}
        where = f"{name}: rule {number} ({fields.get('key', '?')})"
        wrong = (_REQUIRED - fields.keys()) | (fields.keys() - _REQUIRED - _OPTIONAL)
        if wrong:
            raise BadPolicyFile(f"{where}: missing or unknown {', '.join(sorted(wrong))}")
        yield _rule(where, fields)


def _rule(where: str, fields: Mapping[str, Any]) -> PolicyRule:
    try:
        rule = PolicyRule(
            **{
                **fields,
                "name": Text(fields["name"]["zh"], fields["name"]["en"]),
                "unit": ValueUnit(fields["unit"]),
                "tag": Tag(fields["tag"]),
            }
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadPolicyFile(f"{where}: {error}") from error
    if faults := check(rule):
        raise BadPolicyFile(f"{where}: {', '.join(f'{f.path}: {f.message.en}' for f in faults)}")
    return rule
