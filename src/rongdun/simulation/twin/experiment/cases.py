"""Cases of an experiment: reported scams of a live world, when they are told, and what of them is heard."""

from dataclasses import dataclass

import numpy as np

from rongdun.analytics.tracing.advice.model import MINUTE
from rongdun.simulation.twin.draws import DAY, FEN, HOUR, SECOND, Int64s, lognormal, some, stream
from rongdun.simulation.twin.live import Live
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.scams import Exit
from rongdun.simulation.twin.world import Planned, start_of

_TEN_MINUTES = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Heard:
    """A transfer as it was told; ``row`` is the true one, ``known`` whether the account's number is right and whole."""

    row: int
    account: int
    amount_fen: int
    time: int
    known: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A scam, when it was reported, and what was heard of it."""

    scam: int
    victim: int  # the account the victim paid from
    reported: int
    heard: tuple[Heard, ...]


def draw_cases(
    meant: Planned, ordinary: Live, params: Params, seed: int, days: int, delay_minutes: float, most: int
) -> list[Case]:
    """Return up to ``most`` cases of a world; ``ordinary`` is the world at its end with nobody acting.

    Reports come ``delay_minutes`` (median) after the last payment, early enough for the case to be judged inside the
    world. Equal arguments but for the delay choose the same scams (but one told too late) with the same noise.
    """
    flows, state = ordinary.script.flows, ordinary.state
    rows = np.flatnonzero((flows.scam >= 0) & (state.amount > 0))
    scams = meant.scams
    paid = np.bincount(flows.scam[rows], state.amount[rows], len(scams))
    last = np.zeros(len(scams), np.int64)
    np.maximum.at(last, flows.scam[rows], flows.time[rows])
    random = stream(seed, "cases of an experiment")
    delay = lognormal(random, len(scams), delay_minutes, params.desk.delay_sigma) * MINUTE
    told = last + delay.astype(np.int64)
    end = start_of(params) + days * DAY - round(params.desk.hours_judged * HOUR)
    fit = (paid >= params.desk.least_loss_yuan * FEN) & (scams.exit != Exit.DELIVERED) & scams.reported
    in_time = last + 3 * HOUR < end  # the same scams whatever the delay
    order = random.permutation(len(scams))
    chosen = order[(fit & in_time & (told < end))[order]][:most]
    noise = _Noise(params, seed, len(flows))
    return [
        Case(
            scam,
            int(scams.payer[scam]),
            int(told[scam]),
            _heard(scam, int(told[scam]), rows, ordinary, noise),
        )
        for scam in sorted(chosen.tolist(), key=lambda scam: int(told[scam]))
    ]


class _Noise:
    """How each row would be told, if it were."""

    def __init__(self, params: Params, seed: int, rows: int) -> None:
        random, told = stream(seed, "what is heard"), params.reports
        self.rounded = some(random, rows, told.amount_noise_share)
        self.moved: Int64s = (
            np.round(random.normal(0, told.minutes_noise, rows) * 60).astype(np.int64) * SECOND
        )
        self.vague = some(random, rows, told.round_time_share)
        self.wrong = some(random, rows, told.typo_share + told.masked_share)
        self.forgotten = some(random, rows, told.forgotten_share)


def _heard(scam: int, reported: int, rows: Int64s, ordinary: Live, noise: _Noise) -> tuple[Heard, ...]:
    flows, state = ordinary.script.flows, ordinary.state
    mine = rows[flows.scam[rows] == scam]
    told = [row for place, row in enumerate(mine.tolist()) if place == 0 or not noise.forgotten[row]]
    return tuple(_one(row, reported, int(state.amount[row]), ordinary, noise) for row in told)


def _one(row: int, reported: int, fen: int, ordinary: Live, noise: _Noise) -> Heard:
    hundred = 100 * FEN
    near = max((fen + hundred // 2) // hundred * hundred, hundred)
    time = int(ordinary.script.flows.time[row] + noise.moved[row])
    if noise.vague[row]:
        time = (time + _TEN_MINUTES // 2) // _TEN_MINUTES * _TEN_MINUTES
    account = int(ordinary.script.flows.payee[row])
    amount = near if noise.rounded[row] else fen
    return Heard(row, account, amount, min(time, reported), not bool(noise.wrong[row]))
