"""An institution's own book of a day, asked for over its interface: what reconciliation compares ours with."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from rongdun.adapters.banks.post import NoAnswer, Post
from rongdun.adapters.banks.signing import signed_headers, signer_for
from rongdun.domains.exchange import MARGIN, Institution, Line
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text, Unavailable
from rongdun.runtime.settings import Settings


class BookUnavailable(Unavailable):
    """The institution did not tell its book of that day."""

    code = "book_unavailable"
    message = Text("该机构没有提供当日账册", "The institution did not tell its book of that day")
    action = Text("请稍后再试，或请其联络员提供", "Try again later, or ask its liaison")


def their_lines(settings: Settings, sender: Institution, day: date, now: datetime) -> Sequence[Line]:
    """Return an institution's book of ``day`` (Shanghai) and of the hour on either side.

    It is asked at ``orders`` beside the address that messages are posted to [D]. Raises :class:`BookUnavailable`.
    """
    if sender.transport != "https":
        raise BookUnavailable()
    url = f"{sender.url.rpartition('/')[0]}/orders"
    start = datetime.combine(day, time(), SHANGHAI) - MARGIN
    span = {"start": start.isoformat(), "end": (start + timedelta(days=1) + 2 * MARGIN).isoformat()}
    signer = signer_for(settings.keys, sender.public_key)
    headers = signed_headers(signer, "GET", urlsplit(url).path, b"", now)
    post = Post(certificate=_path(settings.exchange_cert), authority=_path(settings.exchange_ca))
    try:
        answer = post.send(f"{url}?{urlencode(span)}", b"", headers, method="GET")
        if answer.status != 200:
            raise BookUnavailable()
        return [_line(each) for each in json.loads(answer.body)["orders"]]
    except (NoAnswer, ValueError, KeyError, TypeError) as error:
        raise BookUnavailable() from error
    finally:
        post.close()


def _line(told: dict[str, Any]) -> Line:
    held = told["held_fen"]
    return Line(
        application_id=str(told["application_id"]),
        kind=str(told["kind"]),
        at=datetime.fromisoformat(told["received_at"]),
        outcome=str(told["outcome"]),
        held_fen=None if held is None else int(held),
        done=int(told["done"]) or 1,
    )


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None
