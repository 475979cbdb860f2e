"""Declaring sealed columns."""

import pytest

from rongdun.runtime.crypto import SealedColumn, register_sealed, registry


@pytest.fixture(autouse=True)
def _own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is declared here is forgotten: the list is the process's, and its columns must exist."""
    monkeypatch.setattr(registry, "_columns", dict(registry._columns))


def test_the_context_carries_the_row() -> None:
    column = SealedColumn("users", "id", "phone", "users.phone:{id}")
    assert column.context_of(7) == "users.phone:7"


@pytest.mark.parametrize("name", ["users; drop table users", "Users", "a.b", "", "1a"])
def test_only_plain_names_reach_sql(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        register_sealed(name, "id", "phone", "c")


def test_a_second_declaration_must_agree() -> None:
    first = register_sealed("registry_probe", "id", "phone", "a:{id}")
    assert register_sealed("registry_probe", "id", "phone", "a:{id}") == first
    with pytest.raises(ValueError, match="already"):
        register_sealed("registry_probe", "id", "phone", "b:{id}")
