"""Statements that come with answers: kept, written as the file a bank would send, and handed to the ledger's import."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rongdun.domains import cases, tracing
from rongdun.domains.exchange import Reply, StatementRow
from rongdun.domains.stop_payment.model import Details, Order, OrderReply, OrderStatement, details_of
from rongdun.domains.stop_payment.moves import changed
from rongdun.kernel.account import parse_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import DomainError
from rongdun.kernel.ids import new_id
from rongdun.kernel.money import format_yuan
from rongdun.runtime.jobs import Job, defer
from rongdun.runtime.uow import Uow

HEADINGS = (
    "交易卡号", "交易账号", "查询反馈结果原因", "交易户名", "交易证件号码", "交易时间", "交易金额", "交易余额",
    "收付标志", "交易对手账卡号", "现金标志", "对手户名", "对手身份证号", "对手开户银行", "摘要说明", "交易币种",
    "交易网点名称", "交易发生地", "交易是否成功", "传票号", "IP地址", "MAC地址", "对手交易余额", "交易流水号",
    "日志号", "凭证种类", "凭证号", "交易柜员号", "备注", "商户名称", "商户代码", "交易类型",
)  # fmt: skip
"""交易明细信息 of the control platform (file-formats 10.4)."""

CONTRADICTS = "balance_contradicts"


def keep(uow: Uow, order: Order, row: OrderReply, reply: Reply) -> OrderStatement:
    """Keep the statement of a stored reply and send it to be imported; a balance it contradicts is marked."""
    times = [one.time for one in reply.rows]
    kept = OrderStatement(
        id=new_id(),
        reply_id=row.id,
        order_id=order.id,
        unit_path=order.unit_path,
        state="WAITING",
        rows=len(reply.rows),
        first_at=min(times),
        last_at=max(times),
        created_at=uow.now,
    )
    uow.session.add(kept)
    uow.session.flush()
    if contradicts(reply):
        order.attention = CONTRADICTS
        changed(uow, order, CONTRADICTS, detail={"reply": str(row.id)})
    from rongdun.domains.stop_payment.jobs import IMPORT

    defer_for(uow, IMPORT, kept.id)
    return kept


def defer_for(uow: Uow, job: Job, statement_id: UUID, at: datetime | None = None) -> None:
    """Enqueue a job about a statement, one at a time."""
    defer(uow, job, lock=f"order_statement:{statement_id}", at=at, statement_id=str(statement_id))


def contradicts(reply: Reply) -> bool:
    """Tell whether the last row's balance is not the balance that the same answer states."""
    stated = [one for one in reply.rows if one.ok and one.balance_fen is not None]
    if reply.balance_fen is None or not stated:
        return False
    last = max(one.time for one in stated)
    return reply.balance_fen not in {one.balance_fen for one in stated if one.time == last}


def file_of(institution: str, told: Details, rows: Sequence[StatementRow]) -> tuple[str, bytes]:
    """Return name and content (GB18030 CSV) of the statement as the bank's own file would be."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, HEADINGS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_line(told, one) for one in sorted(rows, key=lambda one: one.time))
    return f"{institution}交易明细信息.csv", written.getvalue().encode("gb18030")


def _line(told: Details, one: StatementRow) -> Mapping[str, str]:
    return {
        "交易卡号": parse_account(told.number).number,
        "交易户名": told.name,
        "交易证件号码": told.id_number,
        "交易时间": f"{one.time.astimezone(SHANGHAI):%Y%m%d%H%M%S}",
        "交易金额": _yuan(one.amount_fen),
        "交易余额": "" if one.balance_fen is None else _yuan(one.balance_fen),
        "收付标志": "进" if one.incoming else "出",
        "交易对手账卡号": one.counterparty_number,
        "现金标志": "现金" if one.cash else "转账",
        "对手户名": one.counterparty_name,
        "对手身份证号": one.counterparty_id,
        "对手开户银行": one.counterparty_bank,
        "摘要说明": one.summary,
        "交易币种": "CNY",
        "交易发生地": one.place,
        "交易是否成功": "1" if one.ok else "0",
        "IP地址": one.ip,
        "MAC地址": one.mac,
        "交易流水号": one.serial,
        "商户名称": one.merchant,
        "商户代码": one.merchant_number,
        "交易类型": one.channel,
    }


def _yuan(fen: int) -> str:
    return format_yuan(fen).replace(",", "")


def rows_in(body: Mapping[str, Any]) -> list[StatementRow]:
    """Return the rows of a stored answer."""
    return [StatementRow(**{**one, "time": datetime.fromisoformat(one["time"])}) for one in body["rows"]]


def import_rows(uow: Uow, order: Order, kept: OrderStatement, body: Mapping[str, Any]) -> None:
    """Hand a statement to the ledger's import, in the order's unit and in the name of whoever sent the order."""
    told = details_of(uow.vault, order)
    name, content = file_of(order.institution_name, told, rows_in(body))
    handled_by = cases.case_of(uow, order.case_id).unit_path if order.case_id else None
    try:
        with tracing.for_unit(
            uow, user_id=order.sender_id, name=order.sender_name, unit_path=order.unit_path
        ):
            note = f"{order.number} 银行反馈"
            found = tracing.import_content(uow, {name: content}, note=note, case_path=handled_by)
    except DomainError as error:
        kept.state, kept.error = "FAILED", error.message.zh
        changed(uow, order, "statement_failed", detail={"code": error.code})
        return
    kept.state, kept.import_id, kept.file = "IMPORTING", found.id, found.file
    changed(uow, order, "statement_import", detail={"import": str(found.id), "rows": kept.rows})
