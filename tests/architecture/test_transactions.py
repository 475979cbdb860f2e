"""Prevents half a change: a row without its audit entry, its deadline or its outgoing message.

Whatever commits in between tears them apart, so nobody commits but the entrypoints (decision 0002).
"""

import ast

from tests.architecture.source import Module, modules, name_of

COMMITS = {
    "runtime/jobs.py": "releases a savepoint; the transaction around it goes on",
    "runtime/uow.py": "releases a savepoint; the transaction around it goes on",
    "runtime/installation.py": "marks a new database, before any centre runs on it",
    "runtime/schema.py": "migrations, all or nothing, as the owner of the tables",
    "runtime/crypto/provision.py": "lays down the first key, before any centre runs on it",
    "runtime/localpg/provision.py": "makes roles and the database of a new server",
    "runtime/localpg/external.py": "looks whether a configured server is fit; changes nothing",
    "runtime/localpg/server.py": "looks whether the server answers; changes nothing",
    "runtime/backup/database.py": "dumps and restores as the owner of the tables, while nobody works",
    "runtime/audit/verify.py": "reads in a transaction of its own; changes nothing",
    "runtime/loops.py": "listens for wake-ups; changes nothing",
    "runtime/live/hub.py": "listens for signals; changes nothing",
    "runtime/db.py": "connects the pool; whoever opens a session decides to commit",
}
"""Below the entrypoints: who commits or opens connections of its own, and why."""


def test_only_entrypoints_commit() -> None:
    found = {
        module.path for module in _by_the_database() for call in module.calls() if _ends_a_transaction(call)
    }
    below = {path for path in found if not path.startswith("entrypoints/")}
    assert below - COMMITS.keys() == set()
    assert "entrypoints/bootstrap.py" in found


def test_domains_and_adapters_have_no_excuse() -> None:
    assert [path for path in COMMITS if not path.startswith("runtime/")] == []


def test_a_commit_in_a_service_is_seen() -> None:
    for code in ("uow.session.commit()", "with engine.begin() as c: pass", "psycopg.connect(dsn)"):
        module = Module("domains/x/service.py", ast.parse(code))
        assert [call for call in module.calls() if _ends_a_transaction(call)], code


def _by_the_database() -> list[Module]:
    """What can reach the database: ``analytics`` cannot (an import contract), and commits versions of its ledger."""
    return [module for module in modules() if not module.path.startswith("analytics/")]


def _ends_a_transaction(call: ast.Call) -> bool:
    """Tell whether a call commits, or makes a connection or block that commits when it is left."""
    name, whole = name_of(call), ast.unparse(call.func)
    if name in ("commit", "commit_prepared"):
        return True
    return (name == "begin" and "engine" in whole) or whole in (
        "psycopg.connect",
        "psycopg.AsyncConnection.connect",
    )
