"""An institution's own book of a day, by its interface or as a file: what reconciliation compares ours with."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from rongdun.adapters.banks.book_files import dropped_lines
from rongdun.adapters.banks.book_lines import BookUnavailable, line_told
from rongdun.adapters.banks.post import NoAnswer, Post
from rongdun.adapters.banks.signing import signed_headers, signer_for
from rongdun.domains.exchange import FILE_DROP, MARGIN, Institution, Line
from rongdun.kernel.clock import SHANGHAI
from rongdun.runtime.settings import Settings


def their_lines(settings: Settings, sender: Institution, day: date, now: datetime) -> Sequence[Line]:
    """Return an institution's book of ``day`` (Shanghai) and of the hour on either side.

    Over an interface it is asked at ``orders`` beside the address that messages are posted to [D]; on a closed network
    it is what the institution laid down. Raises :class:`BookUnavailable`.
    """
    if sender.transport == FILE_DROP:
        return dropped_lines(settings, sender, day, now)
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
        return [line_told(each) for each in json.loads(answer.body)["orders"]]
    except (NoAnswer, ValueError, KeyError, TypeError) as error:
        raise BookUnavailable() from error
    finally:
        post.close()


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None
