"""The loop of a world one can act on: payments happen in order, what is held pays nothing out. Compiled."""

from pathlib import Path
from typing import Any, Final

from rongdun.analytics.loops import kept_on_disk, stamp_of
from rongdun.simulation.twin.draws import Int32s, Int64s, Mask
from rongdun.simulation.twin.flows import Mode
from rongdun.simulation.twin.settle import reckoned

_POT_PART: Final = int(Mode.POT_PART)
_NOBODY: Final = -1
_HERE: Final = Path(__file__).parent
_STAMP: Final = stamp_of([_HERE / "live_kernel.py", _HERE / "settle.py", _HERE / "flows.py"])


def _advance(
    first: int,
    end: int,
    script: Any,
    balance: Int64s,
    pot: Int64s,
    held_until: Int64s,
    kept: Int64s,
    burnt: Mask,
    amount: Int64s,
    to: Int32s,
    payer_after: Int64s,
    payee_after: Int64s,
) -> None:
    """Let rows ``first … end - 1`` of the script happen; the arrays by account and by row are changed."""
    payer, payee, mode, value, limit, round_to, time, scam, mule, spare = script
    for row in range(first, end):
        one, two, how = payer[row], payee[row], mode[row]
        swindled = how >= _POT_PART or scam[row] != _NOBODY
        if swindled and burnt[two]:
            two = spare[two]
        fen = reckoned(
            how, value[row], limit[row], round_to[row], balance[one], pot[one], balance[two] - pot[two]
        )
        if fen <= 0:
            continue
        if held_until[one] > time[row] and fen > balance[one] - kept[one]:
            if how >= _POT_PART:
                burnt[one] = True
            continue
        balance[one] -= fen
        balance[two] += fen
        if how >= _POT_PART:
            pot[one] -= fen
        if swindled and mule[two]:
            pot[two] += fen
        amount[row], to[row] = fen, two
        payer_after[row], payee_after[row] = balance[one], balance[two]


advance: Any = kept_on_disk(_advance, _STAMP)
