"""Closed cases of worlds in which nobody acted, to fit advice on: every statement that could be asked for is there."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from rongdun.analytics.tracing.advice.fit import Closed
from rongdun.analytics.tracing.advice.known import WAYS_OUT
from rongdun.analytics.tracing.advice.model import Means
from rongdun.analytics.tracing.advice.prior import BELIEVED
from rongdun.analytics.tracing.advice.situation import Key
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.model import Bounds, Kind, Seed
from rongdun.analytics.tracing.seeds import place
from rongdun.simulation.twin.experiment.cases import Case
from rongdun.simulation.twin.experiment.knowledge import Knowledge
from rongdun.simulation.twin.experiment.worlds import Stage

_ROUNDS: Final = 9
_ENDS: Final = (*WAYS_OUT, Kind.PLATFORM, Kind.UTILITY)
_VICTIM: Final = "V"


def closed_cases(stage: Stage, delay: float, most: int) -> Iterator[Closed]:
    """Yield the world's cases as they lie in the archive: statements to the end, and what was confirmed by account.

    Which money was the victim's is what investigation found in the end; only worlds to fit on may tell it.
    """
    for case in stage.cases(delay, most):
        yield _closed(stage, case)


def _closed(stage: Stage, case: Case) -> Closed:
    knowledge = Knowledge(case, stage.ordinary, stage.ground)
    for heard in case.heard:
        knowledge.hear(heard)
    end = int(stage.script.flows.time[-1])
    for _ in range(_ROUNDS):
        _ask_further(knowledge, end)
    sub, places = knowledge.sub_ledger(end)
    key = stage.ground.key
    seeds = [Seed(_VICTIM, *key[one.account], one.amount_fen, one.time) for one in knowledge.heard]
    at = np.searchsorted(places, [one.account for one in knowledge.heard]).astype(np.int64)
    placed, arrivals = place(sub, seeds, at=at)
    found = {rule: attribute(placed, arrivals, rule, Bounds()) for rule in BELIEVED}
    return Closed(sub=placed, found=found, confirmed=_confirmed(stage, case, knowledge))


def _ask_further(knowledge: Knowledge, end: int) -> None:
    """Ask for the statement of every account that money reached and that goes on from there."""
    for one in knowledge.situation(end, BELIEVED, (), ({}, {}), Means()).accounts:
        if one.kind not in _ENDS and not knowledge.asked(int(one.number)):
            knowledge.statement(int(one.number), end)


def _confirmed(stage: Stage, case: Case, knowledge: Knowledge) -> dict[Key, int]:
    """Return by account the victim's fen that lies there in the end: 0 where it has moved on."""
    owned = stage.foresight.owned(stage.ordinary)
    mine = owned.left_scam == case.scam
    left = dict(zip(owned.left_account[mine].tolist(), owned.left_fen[mine].tolist(), strict=True))
    asked = [account for account in sorted(knowledge.named()) if knowledge.asked(account)]
    return {stage.ground.key[account]: int(left.get(account, 0)) for account in asked}
