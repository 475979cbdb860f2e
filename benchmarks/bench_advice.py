"""How long advice takes on a large case: 500 accounts of six tiers, four sums each, orders on their way.

    python benchmarks/bench_advice.py [--accounts N] [--rounds N]

Prints the first call (which makes the tables of what lies ahead), then the median and the worst of the others.
"""

import argparse
import random
import statistics
import time

from rongdun.analytics.tracing.advice.advise import advise
from rongdun.analytics.tracing.advice.model import MINUTE, Action, Arrival, KnownAccount, Pending, Situation
from rongdun.analytics.tracing.advice.prior import BELIEVED, load_prior

NOW = 1_740_800_000_000_000


def situation(accounts: int) -> Situation:
    """Return a case in full swing; every third account has a statement, every fifth a balance."""
    chance = random.Random(7)
    known = [_account(number, chance) for number in range(accounts)]
    sent = [
        Pending(action=Action.STOP, institution=one.institution, number=one.number, sent_at=NOW - MINUTE)
        for one in known[::9]
    ]
    return Situation(now=NOW, accounts=known, pending=sent)


def _account(number: int, chance: random.Random) -> KnownAccount:
    arrivals = [_arrival(chance) for _ in range(4)]
    seen = number % 3 == 0
    return KnownAccount(
        institution=f"演示{number % 12}银行",
        number=str(number),
        name="演示户",
        tier=1 + number % 6,
        observed_until=NOW - 10 * MINUTE if seen else 0,
        arrivals=arrivals,
        left=dict.fromkeys(BELIEVED, 400000) if seen else {},
        balance_fen=800_000 if number % 5 == 0 else None,
        balance_at=NOW - 2 * MINUTE,
    )


def _arrival(chance: random.Random) -> Arrival:
    fen = chance.randrange(100_000, 5_000_000)
    tainted = {rule: round(fen * chance.random()) for rule in BELIEVED}
    return Arrival(time=NOW - round(chance.random() * 300 * MINUTE), fen=fen, tainted=tainted)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=30)
    told = parser.parse_args()
    case, prior = situation(told.accounts), load_prior()
    took = []
    for _ in range(told.rounds + 1):
        begun = time.perf_counter()
        found = advise(case, prior)
        took.append(1000 * (time.perf_counter() - begun))
    first, others = took[0], took[1:]
    print(f"{told.accounts} accounts, {len(found)} suggestions: first {first:.0f} ms, then median", end=" ")
    print(f"{statistics.median(others):.0f} ms, worst {max(others):.0f} ms")


if __name__ == "__main__":
    main()
