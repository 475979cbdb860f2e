"""One case out of files: statements and the victims' transfers in; trace, advice and drafted orders out.

No server, no database. What is written: ``ledger/``, ``trace.json``, ``资金流向表.xlsx``, ``orders/*.xml``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.advice.advise import advise
from rongdun.analytics.tracing.advice.model import Means, Suggestion
from rongdun.analytics.tracing.advice.prior import BELIEVED, load_prior
from rongdun.analytics.tracing.advice.situation import Desk, Key, Told, situation_of
from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.index.hubs import HubPolicy
from rongdun.analytics.tracing.index.store import LABELS_FILE, open_index
from rongdun.analytics.tracing.model import Attribution, Bounds, Rule, Seed, SubLedger
from rongdun.analytics.tracing.result import as_json
from rongdun.analytics.tracing.trace import Asked, Trace, attributed, ground_of, latest
from rongdun.entrypoints.case_orders import Draft, drafts
from rongdun.entrypoints.trace_files import read_seeds, store_labels
from rongdun.entrypoints.trace_table import workbook_of
from rongdun.entrypoints.written import written
from rongdun.kernel.clock import Clock
from rongdun.kernel.errors import Invalid, Text

if TYPE_CHECKING:
    from rongdun.analytics.ledger.report import ImportReport

TRACE: Final = "trace.json"
TABLE: Final = "资金流向表.xlsx"
LEDGER: Final = "ledger"
ORDERS: Final = "orders"
_ASK_AGAIN: Final = 5.0
"""Minutes for which a statement that reaches to the moment of the decision is not asked for again."""


class NothingToRead(Invalid):
    """The folder of statements is empty."""

    code = "nothing_to_read"
    message = Text("{where} 里没有文件", "There is no file in {where}")
    action = Text("请把流水文件放进去，再指给 --files", "Put the statements there and name it with --files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a case is run on; ``as_of`` 0 stands for the last moment that the files or the seeds tell."""

    files: Sequence[Path]
    seeds: Path
    out: Path
    rule: Rule
    as_of: int = 0
    labels: Path | None = None
    prior: Path | None = None
    passwords: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it."""

    report: "ImportReport"
    trace: Trace
    told: dict[str, Any]
    advice: list[Suggestion]
    orders: list[Draft]
    documents: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return what is printed with ``--json``."""
        return {
            "import": self.report.as_json(),
            "trace": self.told,
            "advice": [_advice(one) for one in self.advice],
            "orders": [one.as_json() for one in self.orders],
            "documents": self.documents,
        }


def run_case(given: Given, clock: Clock, progress: "Any" = None) -> Ran:
    """Import, trace, advise and draft; write all of it under ``given.out``. The seeds and the prior are read first.

    Raises what reading them raises, :class:`NothingToRead`, and what import and trace raise.
    """
    seeds, prior = read_seeds(given.seeds), load_prior(given.prior)
    paths = _paths(given)
    report = Ledger(given.out / LEDGER, clock).import_paths(
        paths, passwords=given.passwords, progress=progress
    )
    if given.labels is not None:
        store_labels(given.labels, given.out / LEDGER / LABELS_FILE)
    trace = _traced(given, seeds)
    found = _by_every_rule(trace)
    now = trace.asked.as_of
    advice = advise(
        situation_of(
            trace.subledger,
            found,
            now,
            Desk(told=_covered(trace.subledger, now), means=Means(ask_again_minutes=_ASK_AGAIN)),
        ),
        prior,
    )
    orders = drafts(advice, trace, found, seeds)
    told = as_json(trace.subledger, trace.arrivals, trace.attribution)
    return Ran(report, trace, told, advice, orders, _write(given, trace, told, orders, clock))


def _paths(given: Given) -> list[Path]:
    """Return what is to be read: not the seeds nor what this command wrote, should they lie in the same folder."""
    own = {given.seeds.resolve(), given.out.resolve()}
    own |= {one.resolve() for one in (given.labels, given.prior) if one is not None}
    paths: list[Path] = []
    for path in given.files:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        if not inside:
            raise NothingToRead(NothingToRead.message.format(where=path))
        kept = [one for one in inside if one.resolve() not in own]
        paths += [path] if len(kept) == len(inside) else kept
    return paths


def _traced(given: Given, seeds: Sequence[Seed]) -> Trace:
    index = open_index(given.out / LEDGER)
    asked = Asked(given.rule, Bounds(), HubPolicy(), given.as_of or latest(index, seeds))
    return attributed(index, ground_of(index, seeds, asked), seeds, asked)


def _by_every_rule(trace: Trace) -> dict[Rule, Attribution]:
    """Return what each rule says on the same ground; the rule that was asked first."""
    found = {trace.asked.rule: trace.attribution}
    for rule in BELIEVED:
        if rule not in found:
            found[rule] = attribute(trace.subledger, trace.arrivals, rule, trace.asked.bounds)
    return found


def _covered(sub: SubLedger, now: int) -> dict[Key, Told]:
    """Return until when each statement speaks: an institution's files were handed over together.

    An account without a row after its last lay still until the institution's last row, as far as files can tell.
    """
    accounts = sub.accounts
    last: dict[str, int] = {}
    for place, institution in enumerate(accounts.institution):
        if accounts.observed[place]:
            last[institution] = max(last.get(institution, 0), int(accounts.observed_until[place]))
    return {
        (accounts.institution[place], accounts.number[place]): Told(
            statement_until=min(now, last[accounts.institution[place]])
        )
        for place in range(len(accounts))
        if accounts.observed[place]
    }


def _write(
    given: Given, trace: Trace, told: dict[str, Any], orders: Sequence[Draft], clock: Clock
) -> list[str]:
    """Write everything; return the names under ``given.out``. Drafts of an earlier run are taken away."""
    folder = given.out / ORDERS
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9][0-9]-*.xml"):
        old.unlink()
    content = {TRACE: (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()}
    content[TABLE] = workbook_of(trace, given.out.resolve().name, clock)
    content |= {one.file: one.xml for one in orders}
    for name, data in content.items():
        written(given.out / name, data)
    return list(content)


def _advice(one: Suggestion) -> dict[str, Any]:
    return {
        "action": one.action.value,
        "institution": one.institution,
        "account": one.number,
        "amount_fen": one.amount_fen,
        "expected_fen": one.expected_fen,
        "fen_per_minute": round(one.fen_per_minute),
        "why": one.why[0],
        "why_en": one.why[1],
        "change": one.change[0],
        "change_en": one.change[1],
    }
