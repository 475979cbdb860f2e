"""A trace on paper: the fund-flow table as a workbook and as PDF, masked, or in clear with a purpose and on record."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rongdun.analytics.tracing.flow_table import (
    FlowHead,
    FlowHolding,
    FlowLine,
    FlowParty,
    flow_table,
    heading_of,
)
from rongdun.analytics.tracing.flow_words import BOOKS, ENDS, MEANING, OPENINGS
from rongdun.analytics.tracing.index.hubs import REASONS
from rongdun.domains.oversight import check_purpose
from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.model import Trace
from rongdun.domains.tracing.traces.results import Opened
from rongdun.domains.tracing.traces.told import NOBODY, Told, ToldHolding, ToldTransfer
from rongdun.domains.tracing.traces.views import victim_labels
from rongdun.domains.tracing.traces.words import MARKS
from rongdun.kernel.account import mask_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Forbidden, Text
from rongdun.kernel.money import format_yuan
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.downloads import watermark_of
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.letters import frame_of, render
from rongdun.runtime.uow import Uow

TITLE = Text("资金流向表", "Fund-flow table")
MOST_PRINTED = 1000
"""Lines a PDF holds; the workbook holds them all."""

_TEMPLATE = Path(__file__).parent / "letters" / "flow.typ"


@dataclass(frozen=True, slots=True)
class Paper:
    """What an export is made of."""

    head: FlowHead
    lines: list[FlowLine]
    holdings: list[FlowHolding]


def clear_allowed(uow: Uow, found: Trace, rule: str, kind: str, *, purpose: str, note: str) -> bool:
    """Tell whether an export is in clear: with a purpose, and for those who trace. Either way it goes on record."""
    clear = bool(purpose)
    if clear and not uow.actor.may("trace.run"):
        raise Forbidden(extra={"permission": "trace.run"})
    if clear:
        check_purpose(uow, purpose, note.strip())
    uow.record(
        "trace.flow_table_taken",
        found.reference,
        unit_path=found.unit_path,
        purpose=purpose or None,
        after={"rule": rule, "kind": kind, "clear": clear},
        note=note.strip(),
    )
    return clear


def paper_of(uow: Uow, found: Trace, opened: Opened, *, clear: bool, language: Language) -> Paper:
    """Return the lines of an export, tier by tier and in time."""
    told = opened.told
    told_as = _Words.of(told, clear=clear, marks=_marks(uow, found, opened, language))
    lines = [
        told_as.line(one, victim, fen, end)
        for one in told.transfers
        for (victim, fen), end in zip(one.shares, one.ends, strict=True)
    ]
    holdings = [told_as.holding(one) for one in told.holdings]
    return Paper(
        _head(uow, found, told, told_as, language),
        sorted(lines, key=lambda one: (one.tier, one.time)),
        sorted(holdings, key=lambda one: (one.tier, one.victim, one.first_in)),
    )


def workbook(paper: Paper) -> bytes:
    """Return the fund-flow table as a workbook."""
    return flow_table(paper.head, paper.lines, paper.holdings)


def letter(uow: Uow, found: Trace, paper: Paper, *, language: Language) -> bytes:
    """Return the fund-flow table as PDF, as the centre's letters look; long ones end after the first lines."""
    frame = frame_of(uow, title=TITLE, number=found.number, language=language)
    head = paper.head
    data = {
        "title": found.title,
        "heading": heading_of(head),
        "meaning": say(MEANING[head.rule], language),
        "sums": [format_yuan(fen) for fen in head.sums],
        "notes": list(head.notes),
        "lines": [_printed(one, language) for one in paper.lines[:MOST_PRINTED]],
        "more": max(len(paper.lines) - MOST_PRINTED, 0),
        "holdings": [_printed_holding(one, language) for one in paper.holdings[:MOST_PRINTED]],
    }
    return render(_TEMPLATE, data, frame=frame, at=uow.now)


@dataclass(frozen=True, slots=True)
class _Words:
    told: Told
    clear: bool
    marks: dict[int, str]
    victims: Sequence[str]
    held: dict[tuple[int, int], ToldHolding]

    @classmethod
    def of(cls, told: Told, *, clear: bool, marks: dict[int, str]) -> "_Words":
        victims = told.victims if clear else victim_labels(told.victims)
        # Of two holdings of one victim the first is the nearer one.
        held = {(one.account, one.victim): one for one in reversed(told.holdings)}
        return cls(told, clear, marks, victims, held)

    def party(self, place: int) -> FlowParty:
        if place == NOBODY:
            return FlowParty("", "", "")
        one = self.told.accounts[place]
        if self.clear:
            return FlowParty(one.name, one.number, one.institution)
        return FlowParty(mask_name(one.name) if one.name else "", mask_account(one.number), one.institution)

    def line(self, one: ToldTransfer, victim: int, fen: int, end: str) -> FlowLine:
        at = one.payer if one.payer != NOBODY else one.payee
        return FlowLine(
            tier=self.tier(one, victim),
            victim=self.victims[victim],
            payer=self.party(one.payer),
            payee=self.party(one.payee),
            time=one.time,
            amount_fen=one.amount_fen,
            share_fen=fen,
            end=end if end != "followed" else self.end_at(one.payee, victim),
            opening=self.told.accounts[at].opening if at != NOBODY else "",
            books="hand" if one.hand else one.books,
        )

    def tier(self, one: ToldTransfer, victim: int) -> int:
        """Return the tier a transfer leads to: the payer's and one; a seed leads to tier one."""
        if one.payer == NOBODY:
            return 1
        found = self.held.get((one.payer, victim))
        return found.tier + 1 if found else 1

    def end_at(self, place: int, victim: int) -> str:
        found = self.held.get((place, victim))
        return found.end if found and found.end not in ("", "retained") else "followed"

    def holding(self, one: ToldHolding) -> FlowHolding:
        account = self.told.accounts[one.account]
        return FlowHolding(
            tier=one.tier,
            victim=self.victims[one.victim],
            account=self.party(one.account),
            in_fen=one.in_fen,
            out_fen=one.out_fen,
            left_fen=one.left_fen,
            first_in=one.first_in,
            last_out=one.last_out,
            dwell_s=one.dwell_s,
            end=one.end,
            opening=account.opening,
            observed_until=account.observed_until,
            mark=self.marks.get(one.account, ""),
        )


def _marks(uow: Uow, found: Trace, opened: Opened, language: Language) -> dict[int, str]:
    places = {address: place for place, address in enumerate(opened.addresses)}
    said: dict[int, list[str]] = {}
    for row in store.marks_of(uow.session, uow.actor.scope, found.id):
        if row.account in places:
            said.setdefault(places[row.account], []).append(say(MARKS[row.mark], language))
    return {place: "、".join(words) for place, words in said.items()}


def _head(uow: Uow, found: Trace, told: Told, told_as: _Words, language: Language) -> FlowHead:
    sums = told.totals
    return FlowHead(
        number=found.number,
        title=f"{say(TITLE, language)} {found.title}",
        rule=told.rule,
        as_of=told.as_of,
        made=int(uow.now.timestamp() * 1_000_000),
        sums=(sums.seeds_fen, sums.left_fen, sums.ended_fen, sums.frontier_fen, sums.limit_fen),
        mark=watermark_of(uow).line(language),
        simulated=uow.settings.demo,
        language=language,
        notes=[_stop(told_as, one.account, one.reason, language) for one in told.stops],
    )


def _stop(told_as: _Words, place: int, reason: str, language: Language) -> str:
    party = told_as.party(place)
    at = " ".join(part for part in (party.name, party.institution, party.account) if part)
    why = say(REASONS.get(reason, ENDS["hub"]), language)
    return say(Text(f"止于 {at}:{why}", f"Stopped at {at}: {why}"), language)


def _printed(one: FlowLine, language: Language) -> dict[str, Any]:
    word = _word(language)
    return {
        "tier": one.tier,
        "victim": one.victim,
        "payer": asdict(one.payer),
        "payee": asdict(one.payee),
        "time": _civil(one.time),
        "amount": format_yuan(one.amount_fen),
        "share": format_yuan(one.share_fen),
        "end": word(ENDS, one.end),
        "source": word(BOOKS, one.books),
    }


def _printed_holding(one: FlowHolding, language: Language) -> dict[str, Any]:
    word = _word(language)
    return {
        "tier": one.tier,
        "victim": one.victim,
        "account": asdict(one.account),
        "in": format_yuan(one.in_fen),
        "out": format_yuan(one.out_fen),
        "left": format_yuan(one.left_fen),
        "end": word(ENDS, one.end),
        "opening": word(OPENINGS, one.opening),
        "mark": one.mark,
    }


def _word(language: Language) -> Callable[[Any, str], str]:
    return lambda words, code: say(words[code], language) if code in words else code


def _civil(micros: int) -> str:
    return f"{datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
