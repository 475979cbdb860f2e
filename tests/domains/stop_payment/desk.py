"""Helpers of the order desk's tests: officers, accounts, answers. Everything is visibly synthetic."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import text

from rongdun.domains import cases, exchange, stop_payment
from rongdun.domains.cases import CaseDraft, Person, Victim
from rongdun.domains.exchange import Instruction, Kind, Outcome, Reply
from rongdun.domains.stop_payment import Draft, Target, Transfer, finding, following, receiving, sending
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.sweeping import sweep
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope, SubjectRef
from rongdun.runtime.jobs import Work
from rongdun.runtime.uow import AuditDraft, Uow

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon of a Monday in Shanghai."""
CITY, CENTRE, GULOU, BANK = "cn.fj.fz.", "cn.fj.fz.centre.", "cn.fj.fz.gulou.", "cn.fj.fz.bank_gs."
CODE, OTHER_CODE = "999100000018", "999100000026"
UNITS = (
    ("cn.fj.", "province", "福建演示"),
    (CITY, "city", "演示市局"),
    (CENTRE, "centre", "演示反诈中心"),
    (GULOU, "county", "演示鼓楼分局"),
    (GULOU + "dongjie.", "station", "演示东街所"),
    (BANK, "bank", "演示工商银行"),
)
DRAFTER = ("order.read", "order.draft")
LEADER = ("order.read", "order.draft", "order.review", "order.override")
COUNTY = ("order.read", "order.review", "freeze.approve_county", "case.approve", "case.read")
CITY_HEAD = ("order.read", "freeze.approve_city")
CARDS = (f"62999900000{number:05d}018" for number in count(1))


def officer(path: str, *permissions: str, scope: str = "", name: str = "演示·郑四") -> Actor:
    """Return somebody of the unit at ``path``."""
    return Actor(
        user_id=new_id(),
        login="officer",
        name=name,
        unit_id=new_id(),
        unit_path=path,
        roles=frozenset(),
        permissions=frozenset(permissions),
        scope=Scope.subtree(scope or path),
        session_id=new_id(),
        unit_name="演示单位",
    )


@dataclass
class Desk:
    """The desk under test: its centre, its clock, and the people at it."""

    centre: Centre
    clock: FixedClock
    client: TestClient
    recorded: list[AuditDraft] = field(default_factory=list)
    drafter: Actor = field(default_factory=lambda: officer(CENTRE, *DRAFTER, scope=CITY))
    leader: Actor = field(default_factory=lambda: officer(CENTRE, *LEADER, scope=CITY, name="演示·何十二"))
    county: Actor = field(default_factory=lambda: officer(GULOU, *COUNTY, name="演示·翁二十二"))
    city: Actor = field(default_factory=lambda: officer(CITY, *CITY_HEAD, name="演示·魏二十四"))
    handler: Actor = field(
        default_factory=lambda: officer(GULOU, *DRAFTER, "case.read", "case.write", name="演示·高十七")
    )
    bank: Actor = field(
        default_factory=lambda: officer(BANK, "order.read", "order.answer", name="演示·卢二十六")
    )
    actor: Actor | None = None
    serial: Any = field(default_factory=lambda: count(1))

    # -- over HTTP ---------------------------------------------------------------------------------------------------
    def call(
        self, method: str, path: str, status: int = 200, *, by: Actor | None = None, **options: Any
    ) -> Any:
        """Call the API as somebody; return the JSON answer, or the bytes of a file."""
        self.actor = by or self.drafter
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    # -- directly ----------------------------------------------------------------------------------------------------
    def seed(self) -> None:
        """Put units and institutions in place."""
        with self.centre.transact() as uow:
            ids: dict[str, UUID] = {}
            for path, kind, name in UNITS:
                above, _, code = path.rstrip(".").rpartition(".")
                ids[path] = new_id()
                values = {"id": ids[path], "kind": kind, "path": path, "name": name, "now": uow.now}
                values |= {"code": code, "parent": ids.get(above + ".")}
                uow.session.execute(
                    text(
                        "insert into units (id, parent_id, kind, code, path, district, name, created_at, updated_at)"
                        " values (:id, :parent, :kind, :code, :path, '350102', :name, :now, :now)"
                    ),
                    values,
                )
            same = {"kind": "bank", "transport": "form", "profile": "national", "aliases": []}
            exchange.add_institution(uow, {**same, "code": CODE, "name": "演示工商银行", "unit_path": BANK})
            exchange.add_institution(
                uow, {**same, "code": OTHER_CODE, "name": "演示建设银行", "unit_path": "cn.fj.fz.bank_js."}
            )

    def report(self) -> SubjectRef:
        """Return a report nobody has made a case of yet."""
        return SubjectRef("report", str(new_id()), "演示警情")

    def case(self, *, filed: bool = True) -> SubjectRef:
        """Return a case of the county, filed or not."""
        victim = Victim(person=Person(name="演示甲"), loss_fen=5_000_000)
        draft = CaseDraft(
            unit_path=GULOU, unit_name="演示鼓楼分局", fraud_type="02", story="演示", victims=[victim]
        )
        with self.centre.transact(self.handler) as uow:
            case = cases.open_case(uow, draft)
            case_id, number = case.id, case.number
        if filed:
            self.file(case_id)
        return SubjectRef("case", str(case_id), number)

    def file(self, case_id: UUID) -> None:
        """File a case, as the county's approver would have done."""
        proposed = (
            "update cases set state = 'UNDER_REVIEW', proposal = 'file', proposed_by = :by where id = :id"
        )
        decided = "update cases set state = 'FILED', filed_at = now(), decided_by = :by where id = :id"
        with self.centre.transact(self.county) as uow:
            uow.session.execute(text(proposed), {"id": case_id, "by": self.handler.user_id})
            uow.session.execute(text(decided), {"id": case_id, "by": self.county.user_id})

    def draft(self, kind: str = "stop", *, by: Actor | None = None, **changes: Any) -> Order:
        """Make a draft of an order: 50,000 yuan ten minutes ago unless told otherwise."""
        number = changes.pop("number", None) or next(CARDS)
        target = Target(
            institution=changes.pop("bank", "演示工商银行"), number=number, name=changes.pop("name", "演示乙")
        )
        moved = Transfer(
            amount_fen=changes.pop("amount_fen", 5_000_000),
            time=changes.pop("time", self.clock.now() - timedelta(minutes=10)),
            institution="演示建设银行",
            number="6299991000000000036",
            name="演示甲",
        )
        fields: dict[str, Any] = {
            "subject": self.report() if kind != "freeze" else None,
            "urgent": kind != "freeze",
        }
        fields |= {"months": 6, "reason": "演示"} if kind == "freeze" else {"reason": "演示"}
        fields |= {"amount_fen": moved.amount_fen} if kind == "freeze" else {}
        fields |= {"question": "query_transactions"} if kind == "query" else {}
        fields |= changes
        fields["subject"] = fields["subject"] or self.case()
        with self.centre.transact(by or self.drafter) as uow:
            return stop_payment.make(uow, Draft(kind=kind, target=target, transfer=moved, **fields))

    def order(self, order: Order) -> Order:
        """Return how an order stands now."""
        with self.centre.transact() as uow:
            return finding.find(uow, order.id)

    def act(self, order: Order, what: Any, *, by: Actor | None = None, **options: Any) -> Order:
        """Let somebody do ``what`` to the present version of an order."""
        options.setdefault("version", self.order(order).version)
        with self.centre.transact(by or self.leader) as uow:
            done: Order = what(uow, order.id, **options)
        return done

    def sent(self, kind: str = "stop", **changes: Any) -> Order:
        """Return an order on its way: an urgent stop or query, or a freeze approved by the county."""
        order = self.draft(kind, **changes)
        if kind == "freeze":
            self.act(order, sending.approve, by=self.county, level="county")
            return self.act(order, sending.send_order, by=self.leader)
        return self.act(order, sending.send_order, by=self.drafter)

    def stopped(self, **changes: Any) -> Order:
        """Return a stop the bank has carried out now."""
        order = self.sent("stop", **changes)
        self.answer(order, Outcome.DONE, held_fen=5_000_000, balance_fen=5_000_000)
        return self.order(order)

    def frozen(self, **changes: Any) -> Order:
        """Return a freeze the bank has carried out now."""
        order = self.sent("freeze", **changes)
        self.answer(order, Outcome.DONE, held_fen=3_000_000, balance_fen=3_000_000)
        return self.order(order)

    def instruction(self, order: Order, kind: str = "") -> Any:
        """Return the last instruction of an order (of a kind) that went out."""
        with self.centre.transact() as uow:
            rows = uow.session.execute(
                text(
                    "select application_id, kind, state, outcome from order_steps where order_id = :id"
                    " and sent_at is not null and (:kind = '' or kind = :kind) order by sent_at, id"
                ),
                {"id": order.id, "kind": kind},
            ).all()
        return rows[-1]

    def told(self, uow: Uow, order: Order) -> Instruction:
        """Return what the bank is told of an order."""
        name = self.instruction(order).application_id
        return stop_payment.instructions_for(uow, [name])[name]

    def reply(self, order: Order, outcome: Outcome, *, kind: str = "", **changes: Any) -> Reply:
        """Return an answer of the order's bank to its last instruction (of a kind)."""
        step = self.instruction(order, kind)
        fields: dict[str, Any] = {
            "application_id": step.application_id,
            "kind": Kind(step.kind),
            "institution": CODE,
            "message_id": f"M{next(self.serial)}",
            "outcome": outcome,
            "answered_at": self.clock.now(),
        }
        return Reply(**{**fields, **changes})

    def take(self, reply: Reply) -> str:
        """Take an answer as the inbox does; return what it did."""
        with self.centre.transact() as uow:
            return receiving.receive(uow, reply)

    def answer(self, order: Order, outcome: Outcome, *, kind: str = "", **changes: Any) -> str:
        """Let the order's bank answer."""
        return self.take(self.reply(order, outcome, kind=kind, **changes))

    def sweep(self) -> None:
        """Let a minute's sweep happen now."""
        sweep(Work(self.centre.transact, self.centre.services))

    def messages(self, order: Order) -> list[str]:
        """Return the kinds of messages of an order that went into the outbox, in order."""
        with self.centre.transact() as uow:
            rows = uow.session.execute(
                text(
                    "select kind from outbox where channel = 'bank' and payload->>'order_id' = :id order by seq"
                ),
                {"id": str(order.id)},
            )
            return [kind for (kind,) in rows]

    def clocks(self, order: Order) -> dict[str, datetime]:
        """Return the open clocks of an order by rule: when each is due."""
        with self.centre.transact() as uow:
            rows = uow.session.execute(
                text(
                    "select rule_key, due_at from deadlines where subject_kind = 'order' and subject_id = :id"
                    " and closed_at is null"
                ),
                {"id": str(order.id)},
            )
            return {key: due for key, due in rows}

    def outcome_of(self, order: Order, key: str) -> list[str | None]:
        """Return how the clocks of a rule on an order ended, the oldest first."""
        with self.centre.transact() as uow:
            rows = uow.session.execute(
                text(
                    "select outcome from deadlines where subject_id = :id and rule_key = :key"
                    " order by started_at, created_at"
                ),
                {"id": str(order.id), "key": key},
            )
            return [outcome for (outcome,) in rows]


__all__ = ["Desk", "Uow", "following", "officer", "sending"]
