"""One cell that names an account, a name and a bank → three cells. Pure."""

from rongdun.analytics.statements.kernels.compiled import Bytes, Places, compiled_bare
from rongdun.analytics.statements.kernels.trim import trim

_WIDE_OPEN = 0x88
_WIDE_CLOSE = 0x89


@compiled_bare
def _bracket(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Return (+1 opening, -1 closing, 0 none; bytes) of the bracket at ``at``, half- or full-width."""
    if data[at] == 0x28:
        return 1, 1
    if data[at] == 0x29:
        return -1, 1
    if data[at] == 0xEF and at + 2 < end and data[at + 1] == 0xBC:
        if data[at + 2] == _WIDE_OPEN:
            return 1, 3
        if data[at + 2] == _WIDE_CLOSE:
            return -1, 3
    return 0, 1


@compiled_bare
def _last_group(data: Bytes, start: int, end: int) -> tuple[int, int, int]:
    """Return (text ends, group starts, group ends) of a bracketed group at the end; a start of -1 when none is."""
    depth, opened, inner, at, closed = 0, -1, -1, start, -1
    while at < end:
        side, width = _bracket(data, at, end)
        if side > 0:
            if depth == 0:
                opened, inner, closed = at, at + width, -1
            depth += 1
        elif side < 0 and depth > 0:
            depth -= 1
            if depth == 0 and at + width == end:
                closed = at
        at += width
    return (opened, inner, closed) if closed >= 0 else (end, -1, -1)


@compiled_bare
def _first_group(data: Bytes, start: int, end: int) -> tuple[int, int, int]:
    """Return (group starts, group ends, text starts) of a bracketed group at the beginning; -1 when none is."""
    side, width = _bracket(data, start, end)
    if side <= 0:
        return -1, -1, start
    at, inner = start + width, start + width
    while at < end:
        side, width = _bracket(data, at, end)
        if side < 0:
            return inner, at, at + width
        at += width
    return -1, -1, start


@compiled_bare
def _is_account(data: Bytes, start: int, end: int) -> bool:
    """Tell whether a text can be a user name or a number: ASCII, with a digit or an ``@``."""
    marked = False
    for at in range(start, end):
        if data[at] >= 0x80 or data[at] == 0x20:
            return False
        if 0x30 <= data[at] <= 0x39 or data[at] == 0x40:
            marked = True
    return marked


@compiled_bare
def split_parties(
    data: Bytes, starts: Places, ends: Places, accounts: Places, names: Places, banks: Places
) -> None:
    """Split ``账号(姓名)``, ``(银行)卡号``, ``姓名(银行)(卡号)``; ``accounts``, ``names``, ``banks`` are (2, rows).

    A cell in none of these shapes is an account when it looks like one, else a name.
    """
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        for place in (accounts, names, banks):
            place[0, row] = place[1, row] = start
        if end <= start:
            continue
        first, first_end, rest = _first_group(data, start, end)
        if first >= 0 and _is_account(data, rest, end):
            banks[0, row], banks[1, row] = first, first_end
            accounts[0, row], accounts[1, row] = rest, end
            continue
        head, inner, closed = _last_group(data, start, end)
        if inner < 0:
            target = accounts if _is_account(data, start, end) else names
            target[0, row], target[1, row] = start, end
        elif _is_account(data, start, head):
            accounts[0, row], accounts[1, row] = start, head
            names[0, row], names[1, row] = trim(data, inner, closed)
        elif _is_account(data, inner, closed):
            accounts[0, row], accounts[1, row] = inner, closed
            before, bank, bank_end = _last_group(data, start, head)
            names[0, row], names[1, row] = trim(data, start, before)
            if bank >= 0:
                banks[0, row], banks[1, row] = bank, bank_end
        else:
            names[0, row], names[1, row] = start, end
