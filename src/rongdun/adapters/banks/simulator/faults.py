"""Misbehaviour on command: what an institution does wrong on the wire while its books stay right."""

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of 1 of what goes wrong; ``slow_s`` are seconds. All zero: an institution as it should be.

    At the door: ``deaf`` takes the message and closes the line without a word, ``busy`` answers 503, ``garbled``
    answers what cannot be read, ``slow_s`` waits before it answers. Of answers: ``silent`` are never sent,
    ``malformed`` are cut off, ``forged`` are signed by a wrong key, ``repeated`` come three times, ``replayed`` come
    again later under their old signature, ``late`` are held back so that others overtake them. Of the book of a day:
    ``book_closed`` answers 503, ``book_missing`` leaves entries out, ``book_extra`` (a number) makes some up.
    """

    deaf: float = 0.0
    busy: float = 0.0
    garbled: float = 0.0
    slow_s: float = 0.0
    silent: float = 0.0
    malformed: float = 0.0
    forged: float = 0.0
    repeated: float = 0.0
    replayed: float = 0.0
    late: float = 0.0
    book_closed: float = 0.0
    book_missing: float = 0.0
    book_extra: float = 0.0

    def door(self, chance: Random) -> str:
        """Return what goes wrong with one message at the door; empty: nothing."""
        return self._draw(chance, "deaf", "busy", "garbled")

    def answer(self, chance: Random) -> str:
        """Return what goes wrong with one answer; empty: nothing."""
        return self._draw(chance, "silent", "malformed", "forged", "repeated", "replayed", "late")

    def told(self, values: dict[str, Any]) -> "Faults":
        """Return these faults with ``values`` in place of some."""
        known = {each.name for each in fields(self)}
        return replace(self, **{name: float(value) for name, value in values.items() if name in known})

    def _draw(self, chance: Random, *names: str) -> str:
        draw = chance.random()
        for name in names:
            draw -= getattr(self, name)
            if draw < 0:
                return name
        return ""
