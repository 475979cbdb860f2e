"""An entry in an institution's book, however the book came, and the error that there is no book."""

from datetime import datetime
from typing import Any

from rongdun.domains.exchange import Line
from rongdun.kernel.errors import Text, Unavailable


class BookUnavailable(Unavailable):
    """The institution did not tell its book of that day."""

    code = "book_unavailable"
    message = Text("该机构没有提供当日账册", "The institution did not tell its book of that day")
    action = Text("请稍后再试，或请其联络员提供", "Try again later, or ask its liaison")

    @classmethod
    def because(cls, why: Text) -> "BookUnavailable":
        """Return the error with what is wrong."""
        return cls(Text(f"{cls.message.zh}：{why.zh}", f"{cls.message.en}: {why.en}"))


def line_told(told: dict[str, Any]) -> Line:
    """Return an entry as it is told; :class:`ValueError`, ``KeyError`` or ``TypeError`` where it is not well-formed."""
    held, at = told["held_fen"], datetime.fromisoformat(told["received_at"])
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    return Line(
        application_id=str(told["application_id"]),
        kind=str(told["kind"]),
        at=at,
        outcome=str(told["outcome"]),
        held_fen=None if held is None else int(held),
        done=int(told["done"]) or 1,
    )
