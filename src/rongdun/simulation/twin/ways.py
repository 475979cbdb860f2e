"""How a payment is shown: its class, the channel it took, the address it came from. Vectorised, pure."""

from typing import Final

import numpy as np

from rongdun.simulation.twin.draws import Int8s, Int32s, Int64s, Mask
from rongdun.simulation.twin.flows import Use
from rongdun.simulation.twin.params import Params

CLASSES: Final = tuple(use.name.lower() for use in Use)
"""Names of :class:`Use` in the world's table; a room's payments are transfers, purchases and cash like any other."""

CHANNELS: Final = ("手机银行", "网上银行", "扫码支付", "快捷支付", "ATM", "柜面", "批量代发", "系统")
_MOBILE, _ONLINE, _QR, _QUICK, _ATM, _COUNTER, _BATCH, _SYSTEM = range(len(CHANNELS))

_BY_USE: Final = {
    Use.PURCHASE: _QR, Use.PLATFORM: _QUICK, Use.PAYOUT: _BATCH,
    Use.CASH_OUT: _ATM, Use.CASH_IN: _ATM, Use.SALARY: _BATCH, Use.BILL: _QUICK, Use.FEE: _SYSTEM,
    Use.REDEMPTION: _QUICK, Use.LOAN: _BATCH,
}  # fmt: skip
"""Other uses go by mobile or online banking."""

COUNTER_FROM: Final = 20_000_00
"""Cash above this many fen is paid out at the counter (daily limit of machines)."""

_TEN: Final = 10 << 24
_HASH: Final = 2_654_435_761


def channels(use: Int8s, amount: Int64s, by_room: Mask, number: Int64s, params: Params) -> Int8s:
    """Return the channel of each payment, as a place in :data:`CHANNELS`; ``number`` decides like a coin."""
    table = np.array([_BY_USE.get(each, _MOBILE) for each in Use], np.int8)
    found = table[use]
    share = np.where(by_room, params.laundering.mobile_share, params.everyday.mobile_share)
    coin = number * _HASH % 1_000_003 / 1_000_003
    found[(found == _MOBILE) & (coin >= share)] = _ONLINE
    found[(found == _ATM) & (amount > COUNTER_FROM)] = _COUNTER
    return found


def devices(payer: Int32s, owner: Int32s, corporate: Mask, people: int, by_room: Int32s) -> Int32s:
    """Return the device of each payment: the room's, else the payer's own (people first, then companies)."""
    own = owner[payer] + np.where(corporate[payer], np.int32(people), np.int32(0))
    return np.where(by_room >= 0, by_room, own).astype(np.int32)


def addresses(device: Int32s) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Return an address in 10.0.0.0/8 (private, so visibly invented); four devices that follow each other share one."""
    return (_TEN + (device.astype(np.int64) // 4 * 40_503) % (1 << 24)).astype(np.uint32)
