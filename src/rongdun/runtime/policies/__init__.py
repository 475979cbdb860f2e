"""The policy table at run time: which rule applies on a date, asked by every domain.

Ask with the **case's date**, not with today's: ``term(session, "stop.validity", on=case_date)``. A key that has
no row on that date raises :class:`~rongdun.kernel.policy.NoRuleInForce`, which names both.
"""

from rongdun.runtime.policies.book import (
    CodeEntry,
    PolicyBook,
    StoredRule,
    codes,
    flag,
    forget,
    integer,
    lengths,
    lookup,
    money,
    policy_book,
    stored_rule,
    term,
    text_value,
)
from rongdun.runtime.policies.seed import SeedReport, seed_policies
from rongdun.runtime.policies.table import PolicyRow

__all__ = [
    "CodeEntry",
    "PolicyBook",
    "PolicyRow",
    "SeedReport",
    "StoredRule",
    "codes",
    "flag",
    "forget",
    "integer",
    "lengths",
    "lookup",
    "money",
    "policy_book",
    "seed_policies",
    "stored_rule",
    "term",
    "text_value",
]
