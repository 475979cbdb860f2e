"""``rongdun trace backward``: who else paid the accounts a trace touches, as plain values."""

from dataclasses import asdict
from typing import Any

from rongdun.analytics.tracing.backward import Feed, Payer, backward
from rongdun.analytics.tracing.index.store import open_index
from rongdun.analytics.tracing.model import NOBODY, Seed
from rongdun.analytics.tracing.result import moment
from rongdun.analytics.tracing.seeds import place
from rongdun.analytics.tracing.trace import Asked, Ground
from rongdun.entrypoints.trace_run import Order, ground_in


def looked_back(order: Order) -> dict[str, Any]:
    """Return the payers by falling score with reasons, and who feeds which pool; moments in civil time."""
    index = open_index(order.ledger)
    asked, ground = ground_in(index, order)
    known = _victims_accounts(ground, list(order.seeds), asked)
    found = backward(index, ground.gathered, known, asked.bounds.window)
    return {
        "as_of": moment(asked.as_of),
        "payers": [_payer(one) for one in found.payers],
        "feeds": [_feed(one) for one in found.feeds],
    }


def _victims_accounts(ground: Ground, seeds: list[Seed], asked: Asked) -> list[int]:
    """Return the accounts from which the known victims paid, as far as a statement shows them."""
    sub, arrivals = place(ground.gathered.sub, seeds, asked.tolerance, ground.seeds_at)
    payers = [int(sub.transfers.payer[at]) for at in arrivals.transfer.tolist()]
    return [int(ground.gathered.place[payer]) for payer in payers if payer != NOBODY]


def _payer(one: Payer) -> dict[str, Any]:
    return asdict(one) | {
        "first": moment(one.first),
        "last": moment(one.last),
        "reasons": [{"zh": reason.zh, "en": reason.en} for reason in one.reasons],
        "paid": [_account(key) for key in one.paid],
    }


def _feed(one: Feed) -> dict[str, Any]:
    return asdict(one) | {"pool": _account(one.pool), "feeder": _account(one.feeder)}


def _account(key: tuple[str, str]) -> dict[str, str]:
    return {"institution": key[0], "account": key[1]}
