"""Prevents the leak of another unit's rows: a query written where nobody looks for the scope.

Only ``store.py`` (cut by verb: ``store_*.py``) of a domain queries, and each of its queries says whose rows.
"""

import ast
import re

from tests.architecture.source import Module, modules, name_of

BUILDERS = {"select", "text", "insert", "update", "delete", "exists"}
"""What SQLAlchemy builds statements with."""

RUNNERS = {"execute", "scalar", "scalars", "query", "exec_driver_sql"}
"""What runs them."""

SCOPED = {"Scope", "Actor"}
"""A parameter of such a type says whose rows are meant."""

OWNER = {"user_id", "session_id"}
"""So does the person, or the sign-in, that rows belong to."""

_BEFORE = "signing in: whose rows somebody may see is known only afterwards"
_PARTNERS = "institutions are the same for every unit"
_NIGHT = "forgets what is old, of everybody, as the system"

WITHOUT = {
    "desk": {"delete_drafts_before": _NIGHT},
    "duty": {"events_of": "of a deadline that was found within the scope before"},
    "exchange": {
        "attempts_of": "of a message that was found within the scope before",
        "all_institutions": _PARTNERS,
        "find_institution": _PARTNERS,
        "add_if_new": _PARTNERS,
        "count_refusal": _PARTNERS,
        "speeds_since": "figures about institutions, over all units' messages, tell nothing of any",
        "insert_message": "inserts a row that row-level security places; reads none",
        "open_days": "inserts rows that row-level security places; reads none",
    },
    "oversight": {
        "head_seq": "how long a chain is tells nothing of any unit",
        "all_roots": "daily roots are hashes over all units and tell nothing of any",
        "roots_from": "daily roots are hashes over all units and tell nothing of any",
    },
    "people": {
        "add_unless_taken": "inserts a row that row-level security places; reads none",
        "holder_by_token": _BEFORE,
        "lock_session": _BEFORE,
        "lock_user_by_login": _BEFORE,
        "claim_unknown_login": _BEFORE,
        "attempts_since": _BEFORE,
        "lock_passkey": _BEFORE,
        "is_known_credential": "a credential belongs to one person in the whole centre",
        "end_every_session": "after a restore, when nobody is signed in",
        "find_ceremony": _BEFORE,
        "take_ceremony": _BEFORE,
        "forget_ceremonies": _NIGHT,
        "forget_sessions": _NIGHT,
        "forget_attempts": _NIGHT,
        "forget_unknown_logins": _NIGHT,
    },
    "stop_payment": {
        "newest_fit": "what advice learnt over all units tells nothing of any case",
    },
    "policy": {
        "rules_on": "rules bind every unit alike",
        "versions_of": "rules bind every unit alike",
        "lock_key": "takes a lock, reads no row",
        "running_deadlines": "counts what row-level security shows the asker",
    },
}
"""Queries that take no scope, and why."""


def test_only_stores_of_a_domain_query() -> None:
    assert [found for module in _domains() if not _is_store(module) for found in _queries(module)] == []


def test_every_query_of_a_store_says_whose_rows() -> None:
    unscoped = [
        f"{module.at(function)} {function.name}"
        for module in _domains()
        if _is_store(module)
        for function in _public(module)
        if _asks(function) and not _scoped(function) and not _excused(module, function.name)
    ]
    assert unscoped == []


def test_what_is_excused_is_there_and_needs_it() -> None:
    for domain, excused in WITHOUT.items():
        stores = [module for module in _domains() if _is_store(module) and _domain(module) == domain]
        needing = {
            each.name for module in stores for each in _public(module) if _asks(each) and not _scoped(each)
        }
        assert excused.keys() <= needing, domain


def test_a_query_in_a_service_is_seen() -> None:
    service = Module(
        "domains/x/service.py", ast.parse("from sqlalchemy import select\nrow = uow.session.scalar(q)")
    )
    assert len(_queries(service)) == 2


def _domains() -> list[Module]:
    return [module for module in modules() if module.path.startswith("domains/")]


def _is_store(module: Module) -> bool:
    return re.search(r"/store(_\w+)?\.py$", module.path) is not None


def _queries(module: Module) -> list[str]:
    built = [
        f"{module.at(node)} imports {alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in BUILDERS
    ]
    run = [f"{module.at(call)} {name_of(call)}()" for call in module.calls() if _runs(call)]
    return built + run


def _runs(call: ast.Call) -> bool:
    target = call.func
    if not isinstance(target, ast.Attribute) or target.attr not in RUNNERS:
        return False
    return "session" in ast.unparse(target.value) or "connection" in ast.unparse(target.value)


def _public(module: Module) -> list[ast.FunctionDef]:
    return [
        node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def _asks(function: ast.FunctionDef) -> bool:
    selects = function.returns is not None and "Select" in ast.unparse(function.returns)
    return selects or any(each.arg == "session" for each in _parameters(function))


def _scoped(function: ast.FunctionDef) -> bool:
    return any(each.arg in OWNER or SCOPED & _types(each) for each in _parameters(function))


def _types(parameter: ast.arg) -> set[str]:
    return set(re.findall(r"\w+", ast.unparse(parameter.annotation))) if parameter.annotation else set()


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _excused(module: Module, function: str) -> bool:
    return function in WITHOUT.get(_domain(module), {})


def _domain(module: Module) -> str:
    return module.path.split("/")[1]
