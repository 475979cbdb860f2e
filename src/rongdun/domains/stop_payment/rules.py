"""The three kinds of orders and their tables; which states still wait for something."""

from collections.abc import Mapping

from rongdun.domains.stop_payment.rules_freeze import FREEZE, HELD
from rongdun.domains.stop_payment.rules_query import QUERY
from rongdun.domains.stop_payment.rules_stop import IN_FORCE, STOP
from rongdun.kernel.errors import Text
from rongdun.kernel.lifecycle import Lifecycle

LIFECYCLES: Mapping[str, Lifecycle] = {"stop": STOP, "query": QUERY, "freeze": FREEZE}

KINDS: Mapping[str, Text] = {
    "stop": Text("止付", "Stop"),
    "query": Text("调单", "Query"),
    "freeze": Text("冻结", "Freeze"),
}

STATES: Mapping[str, Text] = {
    state.key: state.name for table in (QUERY, FREEZE, STOP) for state in table.states
}
"""Every state in words; where two kinds share one, as a stop says it."""

HOLDING = frozenset({*IN_FORCE, *HELD})
"""States in which the bank holds money for us, of a stop or a freeze."""

TO_REVIEW = frozenset({"DRAFT"})
WAITING_FOR_BANK = frozenset({"SENT", "TIMEOUT"})
RESTING = frozenset({"REJECTED", "FAILED"})
"""States nobody has to act on unless the bank corrects itself."""


def is_over(kind: str, state: str) -> bool:
    """Tell whether nothing more is expected of an order of ``kind`` in ``state``."""
    return state in RESTING or LIFECYCLES[kind].state(state).terminal


def state_name(kind: str, state: str) -> Text:
    """Return a state in the words of its kind."""
    return LIFECYCLES[kind].state(state).name
