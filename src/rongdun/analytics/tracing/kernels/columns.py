"""What stands where: names of the columns of a run's arrays, of its counters, and of what the loops know by number."""

from typing import Final

CLEAN: Final = 0
TAINTED: Final = 1
SINCE: Final = 2
HEAD: Final = 3
TAIL: Final = 4
ACCOUNT_COLUMNS: Final = 5
"""An account whose money counts: clean fen that stands in no lot, tainted fen in lots, from when its money counts,
its first and last lot."""

END: Final = 15
COUNTED: Final = 16
REFUNDED: Final = 32
"""Bits of an account's mark: where what reaches it stops; whether its own money is counted, so that it has a row;
whether something it paid is ever refunded."""

LOT_HOLDING: Final = 0
LOT_FEN: Final = 1
LOT_ARRIVAL: Final = 2
LOT_AFTER: Final = 3
LOT_BEFORE: Final = 4
LOT_COLUMNS: Final = 5
"""A lot: whose (a holding, -1 clean), fen, when it came, its neighbours in the account."""

OF_ACCOUNT: Final = 0
OF_VICTIM: Final = 1
AT_END: Final = 2
TIER: Final = 3
IN: Final = 4
OUT: Final = 5
LEFT: Final = 6
FIRST_IN: Final = 7
LAST_OUT: Final = 8
CHANGED: Final = 9
LOT: Final = 10
HELD: Final = 11
HOLDING_COLUMNS: Final = 12
"""A holding: its key (account, victim, end), tier, fen, moments; ``LOT`` is its lot where each owner has one, ``HELD``
fen × µs, read and written as a floating-point number."""

SHARE_TRANSFER: Final = 0
SHARE_VICTIM: Final = 1
SHARE_FEN: Final = 2
SHARE_END: Final = 3
SHARE_SOURCE: Final = 4
SHARE_COLUMNS: Final = 5
"""A share; its source is the payer's holding it came from, -1 where there is none."""

PART_OWNER: Final = 0
PART_FEN: Final = 1
PART_TIER: Final = 2
PART_END: Final = 3
PART_SPARE: Final = 4
PIECE_AFTER: Final = 4
PART_SOURCE: Final = 5
PART_COLUMNS: Final = 6
"""What a transfer carries of one owner (-1 clean), and the payer's holding it was taken from, -1 where none is known;
a piece is what is remembered of it for a refund."""

BUYER: Final = 0
SELLER: Final = 1
LATEST: Final = 2
PAID_LEFT: Final = 0
OLDER: Final = 1
PIECE: Final = 2
PAYMENT_COLUMNS: Final = 3
"""A pair between which a refund comes, with its latest payment; a payment: what of it is not given back yet, the
payment before it, its first piece."""

LOTS: Final = 0
HOLDINGS: Final = 1
SHARES: Final = 2
PARTS: Final = 3
PAYMENTS: Final = 4
PIECES: Final = 5
FULL: Final = 6
SPARE: Final = 7
FIRST_SHARE: Final = 8
COUNTERS: Final = 9
"""How much of each is in use; whether room ended; the first lot free for reuse; the transfer's first share."""

FIFO: Final = 0
LIFO: Final = 1
PRO_RATA: Final = 2
WINDOW: Final = 3
POISON: Final = 4
"""Rules; only those below ``WINDOW`` count clean money, only those up to ``LIFO`` queue it."""

FOLLOWED: Final = 0
FRONTIER: Final = 8
DEPTH: Final = 10
LATE: Final = 11
ENDS: Final = 16
"""Values of :class:`rongdun.analytics.tracing.model.End` the loops know (``LATE`` is its ``WINDOW``); room for all."""
