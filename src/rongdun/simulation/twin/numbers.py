"""Numbers of accounts, phones and people: of ranges nobody issues, with right check digits, in no order."""

import numpy as np

from rongdun.simulation.twin.draws import Int64s

_SERIALS = 10**10
_STEP = 7_393_913_317
_PHONES = 10**8
_PHONE_STEP = 73_939_133
_ID_WEIGHTS = tuple(2**place % 11 for place in range(17, 0, -1))


def serials(places: Int64s, seed: int) -> Int64s:
    """Return a ten-digit serial of each place, no two alike, in no order one could see."""
    return (places * _STEP + seed * 1_000_003) % _SERIALS


def phones(places: Int64s, seed: int) -> Int64s:
    """Return the last eight digits of each person's phone, no two alike below a hundred million people."""
    return (places * _PHONE_STEP + seed * 10_007) % _PHONES


def luhn(numbers: Int64s) -> Int64s:
    """Return the check digit to be put behind each number (ISO/IEC 7812-1, annex B)."""
    total, rest, double = np.zeros(len(numbers), np.int64), numbers.copy(), True
    while rest.any():
        digit = rest % 10 * (2 if double else 1)
        total += digit - np.where(digit > 9, 9, 0)
        rest //= 10
        double = not double
    return (-total) % 10


def id_check(numbers: Int64s) -> Int64s:
    """Return the check value (0–10; 10 is written X) of seventeen digits (ISO 7064 MOD 11-2, GB 11643)."""
    total, rest = np.zeros(len(numbers), np.int64), numbers.copy()
    for weight in reversed(_ID_WEIGHTS):
        total += rest % 10 * weight
        rest //= 10
    return (12 - total) % 11


def id_bodies(region: int, birth_year: Int64s, female: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Int64s:
    """Return the first seventeen digits of identity numbers, no two alike below 168,000 of one year and sex.

    ``region`` has six digits. The day of birth has no meaning; the last digit is odd for men.
    """
    place = _place_within(birth_year * 2 + female)
    day, ordinal = place % (12 * 28), place // (12 * 28)
    serial = ordinal % 500 * 2 + np.where(female, 0, 1)
    born = birth_year * 10_000 + (day // 28 + 1) * 100 + day % 28 + 1
    return (region * 10**8 + born) * 1000 + serial


def _place_within(group: Int64s) -> Int64s:
    """Return each row's ordinal among the rows of its group."""
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    counts = np.diff(np.concatenate([starts, [len(group)]]))
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group)) - np.repeat(starts, counts)
    return place
