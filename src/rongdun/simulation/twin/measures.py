"""What a world shows, in the terms of published figures: losses, delays, speed, mule accounts, what could be stopped.

Reads the simulator's own memory and truth: for calibration, never for a desk.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import polars as pl

from rongdun.analytics.tracing.advice.model import Action
from rongdun.domains.exchange.messages import Outcome
from rongdun.simulation.twin.city import Kind
from rongdun.simulation.twin.draws import DAY, FEN, HOUR, SECOND, Int64s, stream
from rongdun.simulation.twin.experiment.replies import Institutions
from rongdun.simulation.twin.flows import Use
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.scams import Exit, draw_losses, type_names
from rongdun.simulation.twin.world import Made, Order, happen, start_of

_TEN_MINUTES: Final = 600 * SECOND
_EMPTIED: Final = 0.8
_ATTEMPTS: Final = 3
_NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Seen:
    """A world and its transactions of rooms' accounts."""

    made: Made
    rows: pl.DataFrame
    params: Params
    start: int
    end: int


def see(order: Order, params: Params) -> Seen:
    """Make a world and keep what the measures need."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "transactions.parquet"
        made = happen(path, order, params)
        rooms = np.unique(made.plan.rooms.account)
        mine = pl.col("payer").is_in(pl.Series(rooms).implode()) | pl.col("payee").is_in(
            pl.Series(rooms).implode()
        )
        rows = pl.scan_parquet(path).filter(mine).with_columns(pl.col("time").dt.epoch("us")).collect()
    start = start_of(params)
    return Seen(made, rows, params, start, start + order.days * DAY)


def losses(params: Params, seed: int, count: int) -> dict[str, float]:
    """Return shares of ``count`` losses drawn as planned: in yuan, and as multiples of the median."""
    kind, fen = draw_losses(stream(seed, "losses"), count, params)
    yuan = fen / FEN
    middle = float(np.median(yuan))
    low, high = 5_000 / 1_389 * middle, 100_000 / 1_389 * middle
    by_type = np.bincount(kind, yuan, len(params.scams.share))
    return {
        "median": middle,
        "mean": float(yuan.mean()),
        "low": float((yuan < low).mean()),
        "high": float((yuan >= high).mean()),
        "high_money": float(yuan[yuan >= high].sum() / yuan.sum()),
        "below_5k": float((yuan < 5_000).mean()),
        "from_100k": float((yuan >= 100_000).mean()),
        "from_100k_money": float(yuan[yuan >= 100_000].sum() / yuan.sum()),
        "investment_money": float(by_type[type_names(params).index("investment")] / yuan.sum()),
        "sigma": float(np.log(yuan).std()),
    }


def type_shares(seen: Seen) -> dict[str, float]:
    """Return each type's share of consummated scams."""
    names = type_names(seen.params)
    counts = np.bincount(seen.made.scams.kind, minlength=len(names))
    return dict(zip(names, (counts / max(counts.sum(), 1)).tolist(), strict=True))


def delays(seen: Seen, *, stretched: bool) -> list[float]:
    """Return the shares of reporting delays in the four published buckets; only unstretched types unless asked."""
    scams = seen.made.scams
    hours = (scams.report_time - scams.planned_end) / HOUR
    stretch = np.asarray(list(seen.params.scams.delay_stretch.values()))[scams.kind]
    hours = hours if stretched else hours[stretch == 1]
    counts = np.histogram(hours, [0, 1, 12, 24, np.inf])[0]
    return [float(count) / max(int(counts.sum()), 1) for count in counts]


def emptied(seen: Seen) -> dict[str, float]:
    """Return how fast four fifths of what a victim paid had left the first account, over victims' payments."""
    paid, moved = seen.made.paid, seen.made.moved
    into = seen.made.mule[paid.payee]
    by_room = moved.scam < 0
    table = pl.DataFrame({
        "account": moved.payer[by_room], "time": _times(seen)[by_room], "fen": moved.amount[by_room]
    }).sort("account", "time")  # fmt: skip
    account, time, out = (table[name].to_numpy() for name in table.columns)
    run = np.concatenate([[0], np.cumsum(out)])
    waited = np.full(int(into.sum()), np.inf)
    for place, (own, at, fen) in enumerate(
        zip(paid.payee[into], paid.time[into], paid.amount[into], strict=True)
    ):
        low, high = np.searchsorted(account, [own, own + 1])
        first = low + np.searchsorted(time[low:high], at)
        left = np.searchsorted(run[first + 1 : high + 1] - run[first], _EMPTIED * fen)
        if first + left < high:
            waited[place] = (time[first + left] - at) / SECOND / 60
    return {
        "median": float(np.median(waited)),
        "within_3": float((waited <= 3).mean()),
        "within_10": float((waited <= 10).mean()),
        "within_60": float((waited <= 60).mean()),
    }


def still_there(seen: Seen, minutes: float) -> float:
    """Return the share of victims' money that lies in rooms' accounts so many minutes after the last payment."""
    return _there(seen, seen.made.scams.planned_end + int(minutes * 60 * SECOND))


def at_report(seen: Seen) -> dict[str, float]:
    """Return what could be stopped at the moment of the reports: anywhere, and in the first accounts alone.

    ``tenth`` and ``half``: payments of which so much at least lies in the first account. No bank's delay, refusal or
    error is reckoned, and the first account's whole pot counts, as a stop of the account would hold it.
    """
    moment = seen.made.scams.report_time
    stopped, whole = _stopped(seen, moment[seen.made.paid.scam])
    return {
        "anywhere": _there(seen, moment),
        "first": float(stopped.sum() / max(whole.sum(), 1)),
        "tenth": float((stopped >= whole / 10).mean()) if len(whole) else 0.0,
        "half": float((stopped >= whole / 2).mean()) if len(whole) else 0.0,
    }


def when_stopped(seen: Seen, seed: int) -> dict[str, float]:
    """Return what a stop of the first account alone, as in 2015, finds there when the bank has carried it out.

    An officer sends it at once; the bank takes the time, and errs as often, as in an experiment (``seed`` names its
    luck). What does not match is corrected and sent again, and so is what was not answered.
    """
    paid = seen.made.paid
    banks, institution = Institutions(seen.params, seed), seen.made.accounts.institution
    waits = {int(account): _carried_out(banks, int(account), int(institution[account]), seen.params)
             for account in np.unique(paid.payee)}  # fmt: skip
    wait = np.array([waits[int(account)] for account in paid.payee], np.int64)
    stopped, whole = _stopped(seen, seen.made.scams.report_time[paid.scam] + wait)
    return {
        "landed": float(stopped.sum() / max(whole.sum(), 1)),
        "landed_half": float((stopped >= whole / 2).mean()) if len(whole) else 0.0,
    }


def _carried_out(banks: Institutions, account: int, institution: int, params: Params) -> int:
    """Return after how many microseconds a bank has stopped an account; for ever where it does not find it."""
    sent = 0
    for attempt in range(_ATTEMPTS):
        sent += int(params.desk.minutes_stop * 60 * SECOND)
        reply = banks.reply(Action.STOP, account, institution, attempt)
        if reply.outcome == Outcome.NOT_FOUND:
            break
        if reply.outcome == Outcome.DONE:
            return sent + reply.after
        sent += reply.after
    return _NEVER


def _stopped(seen: Seen, moment: Int64s) -> tuple[Int64s, Int64s]:
    """Return what lies in the first accounts at the ``moment`` of each reported payment into them, and its amount."""
    scams, paid, pot = seen.made.scams, seen.made.paid, _pots(seen)
    known = scams.reported[paid.scam] & (scams.report_time[paid.scam] < seen.end)
    into = np.flatnonzero(seen.made.mule[paid.payee] & known)
    held = np.array(
        [pot(int(paid.payee[row]), int(moment[row])) if moment[row] < _NEVER else 0 for row in into], np.int64
    )
    return np.minimum(held, paid.amount[into]), paid.amount[into]


def mule_activity(seen: Seen) -> dict[str, float]:
    """Return how accounts named in reports look until they are: movements, span, days from the last one."""
    made = seen.made
    paid, scams = made.paid, made.scams
    told = made.mule[paid.payee] & scams.reported[paid.scam] & (scams.report_time[paid.scam] < seen.end)
    listed = pl.DataFrame({"account": paid.payee[told], "listed": scams.report_time[paid.scam][told]})
    first = listed.group_by("account").agg(pl.col("listed").min())
    sides = pl.concat(
        [
            seen.rows.select(pl.col(side).cast(pl.Int64).alias("account"), "time")
            for side in ("payer", "payee")
        ]
    )
    seen_rows = sides.join(first, on="account").filter(pl.col("time") <= pl.col("listed"))
    each = seen_rows.group_by("account").agg(
        count=pl.len(),
        span=(pl.col("time").max() - pl.col("time").min()) / DAY,
        idle=_day(pl.col("listed").first()) - _day(pl.col("time").max()),
    )
    share = {
        "idle_0": pl.col("idle") == 0, "idle_1": pl.col("idle") <= 1, "idle_3": pl.col("idle") <= 3,
        "span_1": pl.col("span") <= 1, "span_7": pl.col("span") <= 7,
    }  # fmt: skip
    told_shares = each.select(**{name: which.mean() for name, which in share.items()}).row(0, named=True)
    counts = each["count"]
    return {
        **told_shares,
        "accounts": float(len(each)),
        "count_median": _number(counts.median()),
        "count_p90": _number(counts.quantile(0.9)),
        "count_max": _number(counts.max()),
    }


def shape(seen: Seen) -> dict[str, float]:
    """Return how wide scams of a million yuan and more run: accounts and payments of rooms touched by each, medians."""
    made = seen.made
    lost = np.bincount(made.paid.scam, made.paid.amount, len(made.scams))
    big = np.flatnonzero((lost >= 1_000_000 * FEN) & (made.scams.exit != Exit.DELIVERED))
    owned, moved = made.owned, made.moved
    frame = pl.DataFrame({
        "scam": owned.part_scam, "row": owned.part_row, "payee": moved.payee[owned.part_row],
        "kind": made.accounts.kind[moved.payee[owned.part_row]],
    }).filter(pl.col("scam").is_in(pl.Series(big).implode()))  # fmt: skip
    each = frame.group_by("scam").agg(payments=pl.col("row").n_unique(), accounts=pl.col("payee").n_unique())
    pooled = _pooled(made)
    return {
        "scams": float(len(big)),
        "accounts": _number(each["accounts"].median()),
        "payments": _number(each["payments"].median()),
        "pooled": pooled,
    }


def declined_share(seen: Seen) -> float:
    """Return the share of payments meant that did not happen for want of money."""
    counts = seen.made.writer.counts
    return counts.declined / max(counts.declined + counts.transactions, 1)


def mobile_share(seen: Seen) -> tuple[float, float]:
    """Return the share of outgoing transfers that went by mobile banking: by rooms, by holders of the same accounts."""
    rooms = set(np.unique(seen.made.plan.rooms.account).tolist())
    swindled = pl.Series(seen.made.transaction).implode()
    out = seen.rows.filter(pl.col("payer").is_in(list(rooms)))
    transfers = out.filter(
        pl.col("class").cast(pl.String).is_in([Use.TRANSFER.name.lower(), "friend", "own", "rent"])
    )
    by_room = transfers["transaction"].is_in(swindled)
    mobile = transfers["channel"].cast(pl.String) == "手机银行"
    return _number(mobile.filter(by_room).mean()), _number(mobile.filter(~by_room).mean())


def _pooled(made: Made) -> float:
    """Return the share of rooms' accounts behind the first tier that held money of three scams or more."""
    owned, moved = made.owned, made.moved
    payee = moved.payee[owned.part_row]
    behind = (moved.scam[owned.part_row] < 0) & made.mule[payee]
    frame = pl.DataFrame({"account": payee[behind], "scam": owned.part_scam[behind]})
    each = frame.group_by("account").agg(pl.col("scam").n_unique())
    return _number((each["scam"] >= 3).mean())


def _number(value: Any) -> float:
    """Return what Polars says of a column as a number; 0 of an empty one."""
    return float(value or 0)


def _day(moment: pl.Expr) -> pl.Expr:
    """Return the calendar day of Shanghai, as a number."""
    return (moment + 8 * HOUR) // DAY


def _times(seen: Seen) -> Int64s:
    time: Int64s = seen.made.writer.swindled.told()[1]
    return time


def _there(seen: Seen, moment: Int64s) -> float:
    """Return the share of what was paid into accounts until ``moment`` (of each scam) that still lies in accounts."""
    made, time = seen.made, _times(seen)
    owned, moved = made.owned, made.moved
    delivered = made.accounts.kind[made.paid.payee] == Kind.VAULT
    known = np.ones(len(made.scams), np.bool_)
    known[made.paid.scam[delivered]] = False
    known &= moment < seen.end
    in_time = time[owned.part_row] <= moment[owned.part_scam]
    counts = known[owned.part_scam] & in_time
    by_victim = moved.scam[owned.part_row] >= 0
    outside = ~made.mule[moved.payee[owned.part_row]]
    came = owned.part_fen[counts & by_victim].sum()
    went = owned.part_fen[counts & outside].sum()
    return float((came - went) / max(came, 1))


class _Pots:
    """The pot of each account over time."""

    def __init__(self, account: Int64s, time: Int64s, change: Int64s) -> None:
        order = np.lexsort((time, account))
        self._account, self._time = account[order], time[order]
        self._run = np.concatenate([[0], np.cumsum(change[order])])

    def __call__(self, account: int, moment: int) -> int:
        low, high = np.searchsorted(self._account, [account, account + 1])
        until = low + np.searchsorted(self._time[low:high], moment, side="right")
        return int(self._run[until] - self._run[low])


def _pots(seen: Seen) -> _Pots:
    moved, time, mule = seen.made.moved, _times(seen), seen.made.mule
    out, into = moved.scam < 0, mule[moved.payee]
    return _Pots(
        np.concatenate([moved.payer[out], moved.payee[into]]).astype(np.int64),
        np.concatenate([time[out], time[into]]),
        np.concatenate([-moved.amount[out], moved.amount[into]]),
    )
