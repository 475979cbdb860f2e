"""Prevents a closed network from going unchecked: books laid down as files are compared as those asked for are."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from rongdun.adapters.banks.books import their_lines
from rongdun.adapters.banks.signing import Signer, signed_headers
from rongdun.domains.exchange import institution
from rongdun.domains.exchange.partners import seen_institutions
from rongdun.entrypoints.exchange import files_tick
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.scope import Scope
from tests.adapters.banks.conftest import key
from tests.adapters.banks.made import BANK
from tests.adapters.banks.test_nightly import APPLICATION, Night, night

__all__ = ["night"]


@dataclass
class Closed:
    """Nights with an institution that no line leads to: it lays files down, and so does the centre."""

    night: Night
    day: date
    folder: Path

    def lay(
        self, orders: Sequence[Any], *, day: date | None = None, signer: Signer | None = None, **changes: Any
    ) -> None:
        """Lay a book down as the institution does: the file whole, then its manifest, each by a rename."""
        day = day or self.day
        told = {"day": day.isoformat(), "orders": list(orders)}
        body = changes.pop("body", json.dumps(told).encode())
        name = changes.pop("name", day.isoformat())
        moment = datetime.combine(day + timedelta(days=1), time(0, 30), SHANGHAI)
        headers = signed_headers(signer or self.night.town.bank_key, "FILE", f"/{name}.json", body, moment)
        manifest = {
            "file": f"{name}.json",
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "headers": headers,
        }
        self._rename(f"{name}.json", changes.pop("instead", body))
        self._rename(f"{name}.manifest.json", json.dumps(manifest).encode())

    def _rename(self, name: str, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "part").write_bytes(content)
        (self.folder / "part").rename(self.folder / name)

    def told(self, name: str = "") -> Any:
        """Return what the centre acknowledged."""
        return json.loads((self.folder / f"{name or self.day.isoformat()}.ack.json").read_text())

    def lying(self) -> list[str]:
        """Return what still lies there untaken."""
        return sorted(path.name for path in self.folder.glob("*.json") if not path.name.endswith(".ack.json"))

    def sent(self) -> dict[str, Any]:
        """Return the entry of an instruction that the centre laid down today and the bank has not answered."""
        self.night.town.order(APPLICATION)
        self.night.town.courier.tick()
        (laid,) = self.night.town.letters()
        assert (laid.state, laid.receipt) == ("sent", f"{BANK}/{APPLICATION}.xml")
        return entry(APPLICATION, laid.settled_at or laid.created_at)


def entry(application_id: str, at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "application_id": application_id,
        "kind": "stop",
        "received_at": at.isoformat(),
        "outcome": "",
        "held_fen": None,
        "done": 1,
        **changes,
    }


@pytest.fixture
def closed(night: Night) -> Closed:
    town = night.town
    with town.centre.transact() as uow:
        uow.session.execute(text("update exchange_institutions set transport = 'file_drop', url = ''"))
    folder = town.centre.services.settings.data_dir / "exchange" / "incoming" / BANK / "books"
    return Closed(night, (night.midnight - timedelta(hours=1)).astimezone(SHANGHAI).date(), folder)


def test_a_book_that_agrees_is_compared_acknowledged_and_kept(closed: Closed) -> None:
    closed.lay([closed.sent()])
    closed.night.run(0.5)
    assert closed.night.days() == [] and len(closed.lying()) == 2
    closed.night.run(1.25)
    closed.night.run(1.5)
    assert closed.night.days() == [("agreed", 0)]
    assert closed.night.differences() == [[]] and closed.night.clocks() == []
    told = closed.told()
    assert (told["state"], told["entries"], told["differences"]) == ("compared", 1, 0)
    assert closed.lying() == [] and (closed.folder / "done" / f"{closed.day}.json").exists()


def test_a_missing_book_is_waited_for_until_noon_and_stays_on_the_board(closed: Closed) -> None:
    closed.sent()
    closed.night.run(1.25)
    assert closed.night.days() == [("waiting", 1)]
    assert closed.night.clocks() == [("exchange.day_book", False)]
    closed.night.run(12.0)
    closed.night.run(12.25)
    assert closed.night.days() == [("unanswered", 2)]
    assert closed.night.clocks() == [("exchange.day_book", False)] and closed.night.differences() == []
    assert "没有放入当日账册文件" in errors(closed)
    assert errors(closed, english=True).endswith("no book of that day was laid down")


def test_a_late_book_is_compared_when_it_comes_and_clears_the_board(closed: Closed) -> None:
    line = closed.sent()
    closed.night.run(1.25)
    closed.lay([line])
    closed.night.run(3.0)
    assert closed.night.days() == [("agreed", 1)]
    assert closed.night.clocks() == [("exchange.day_book", True)]


def test_one_that_comes_after_the_term_still_clears_the_board(closed: Closed) -> None:
    line = closed.sent()
    closed.night.run(12.0)
    assert closed.night.days() == [("unanswered", 1)]
    closed.lay([line])
    closed.night.run(13.0)
    assert closed.night.clocks() == [("exchange.day_book", True)]
    assert closed.night.differences() == [[]]


def test_what_differs_stands_on_the_board_until_a_corrected_book_agrees(closed: Closed) -> None:
    line = closed.sent()
    stranger = entry("0199aaaa-0000-7000-8000-0000000000b2", datetime.fromisoformat(line["received_at"]))
    closed.lay([stranger])
    closed.night.run(1.25)
    assert closed.night.days() == [("differing", 0)]
    assert closed.night.differences() == [["unknown_to_them", "unknown_to_us"]]
    assert closed.night.clocks() == [("exchange.differences", False)]
    assert closed.told()["differences"] == 2
    closed.lay([line])
    closed.night.run(2.0)
    assert closed.night.days() == [("agreed", 0)]
    assert closed.night.clocks() == [("exchange.differences", True)]


def test_a_day_that_differs_is_compared_again_the_next_night_with_the_book_that_was_kept(
    closed: Closed,
) -> None:
    line = closed.sent()
    closed.lay([{**line, "outcome": "done", "held_fen": 5_000_000}])
    closed.night.run(1.25)
    assert closed.night.differences() == [["reply_missing"]]
    closed.night.run(22.0)
    assert closed.night.differences() == [["reply_missing"]] * 2
    assert closed.night.days() == [("differing", 0)]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "无法读取"),
        (b"{", "无法读取"),
        (b"[]", "无法读取"),
        (b"[" * 100_000, "无法读取"),
        (b'{"day": "DAY"}', "无法读取"),
        (b'{"day": "DAY", "orders": [{"application_id": "x"}]}', "无法读取"),
        (b'{"day": "2020-01-01", "orders": []}', "不是这一天"),
    ],
)
def test_a_malformed_book_is_refused_with_the_reason_and_the_day_goes_on_waiting(
    closed: Closed, body: bytes, why: str
) -> None:
    line = closed.sent()
    closed.lay([], body=body.replace(b"DAY", closed.day.isoformat().encode()))
    closed.night.run(1.25)
    assert closed.night.days() == [("waiting", 1)]
    assert closed.night.clocks() == [("exchange.day_book", False)]
    assert closed.told()["state"] == "refused" and why in closed.told()["why"]
    closed.night.run(1.5)
    assert why in errors(closed), (
        "the page goes on saying what is wrong with the file, not that there is none"
    )
    closed.lay([line])
    closed.night.run(2.0)
    assert closed.night.days() == [("agreed", 2)]
    assert errors(closed) == ""


def test_moments_without_their_zone_are_refused(closed: Closed) -> None:
    closed.lay([{**closed.sent(), "received_at": f"{closed.day}T10:00:00"}])
    closed.night.run(1.25)
    assert closed.told()["state"] == "refused"


def test_what_somebody_else_signed_or_changed_is_turned_away_and_counted(closed: Closed) -> None:
    line = closed.sent()
    closed.lay([line], signer=key("somebody"))
    closed.night.run(1.25)
    assert closed.told()["state"] == "turned_away"
    closed.lay([], instead=b'{"day": "x", "orders": []}')
    closed.night.run(1.5)
    closed.night.run(1.75)
    assert closed.told()["state"] == "turned_away"
    assert closed.night.days() == [("waiting", 3)] and closed.night.differences() == []
    with closed.night.town.centre.services.database.session(Scope.everything()) as session:
        assert session.execute(text("select refusals from exchange_institutions")).scalar_one() == 2


def test_a_book_signed_for_one_day_is_none_for_another(closed: Closed) -> None:
    earlier = closed.day - timedelta(days=1)
    closed.lay([], day=earlier)
    for name in (f"{earlier}.json", f"{earlier}.manifest.json"):
        (closed.folder / name).rename(closed.folder / name.replace(str(earlier), str(closed.day)))
    closed.night.run(1.25)
    assert closed.told()["state"] == "turned_away"
    assert closed.night.days() == [("waiting", 1)]


def test_a_book_without_its_manifest_is_half_a_book(closed: Closed) -> None:
    closed.folder.mkdir(parents=True)
    (closed.folder / f"{closed.day}.json").write_text('{"day": ')
    closed.night.run(1.25)
    assert closed.night.days() == [("waiting", 1)]
    assert closed.lying() == [f"{closed.day}.json"]


def test_a_file_that_is_named_by_no_day_is_refused(closed: Closed) -> None:
    closed.lay([], name="book")
    closed.night.run(1.25)
    assert "文件名应为日期" in closed.told("book")["why"]


def test_todays_book_lies_there_until_the_day_is_over(closed: Closed) -> None:
    closed.lay([], day=closed.day + timedelta(days=1))
    closed.night.run(1.25)
    assert len(closed.lying()) == 2 and closed.night.days() == [("waiting", 1)]


def test_the_desk_can_compare_a_book_that_lies_there_at_once(closed: Closed) -> None:
    line = closed.sent()
    settings, town = closed.night.town.centre.services.settings, closed.night.town
    closed.lay([line])
    with town.centre.transact() as uow:
        sender = institution(uow, BANK)
        assert sender is not None
        (told,) = their_lines(settings, sender, closed.day, uow.now)
    assert (told.application_id, told.at.isoformat()) == (APPLICATION, line["received_at"])
    assert len(closed.lying()) == 2


def test_books_are_no_messages(closed: Closed) -> None:
    closed.lay([closed.sent()])
    files_tick(closed.night.town.centre, closed.night.town.desk)()
    assert len(closed.lying()) == 2 and closed.night.town.inbox() == []


def test_without_a_registered_key_the_board_says_so(closed: Closed) -> None:
    with closed.night.town.centre.transact() as uow:
        uow.session.execute(text("update exchange_institutions set public_key = ''"))
    closed.lay([])
    closed.night.run(1.25)
    assert closed.night.days() == [("waiting", 1)]
    assert "没有登记公钥" in errors(closed)
    assert errors(closed, english=True).endswith("its public key is not known here")


def errors(closed: Closed, *, english: bool = False) -> str:
    """Return what the page of institutions says of the last day, in one of its two languages."""
    with closed.night.town.centre.transact() as uow:
        (seen,) = seen_institutions(uow)
    why = seen.last_day.why if seen.last_day else None
    return "" if why is None else why.en if english else why.zh
