"""Telling whoever waits what the database is doing."""

from typing import Protocol

from rongdun.kernel.errors import Text
from rongdun.runtime.logs import get_logger

_log = get_logger("localpg")


class Report(Protocol):
    """Takes one sentence of progress."""

    def __call__(self, words: Text, /) -> None:
        """Show ``words`` to whoever waits."""
        ...


def to_log(words: Text) -> None:
    """Write progress to the program's log."""
    _log.info("database", said=f"{words.zh} / {words.en}")
