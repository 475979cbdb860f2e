"""Guesses, trials and layouts as the API shows them."""

import re
from collections.abc import Sequence
from typing import Any

from rongdun.domains.tracing.guessing import Guess, guesses, heading_row
from rongdun.domains.tracing.heads import Sheet
from rongdun.domains.tracing.mapping import Trial
from rongdun.domains.tracing.model import ImportFile, StatementLayout
from rongdun.domains.tracing.paths import masked_path
from rongdun.domains.tracing.schemas import Words
from rongdun.domains.tracing.schemas_layouts import (
    FileGuessOut,
    GuessOut,
    LayoutOut,
    RoleOut,
    SheetOut,
    TrialOut,
    TrialReasonOut,
    TrialRowOut,
)
from rongdun.domains.tracing.views import reason_text, words
from rongdun.kernel.account import mask_account
from rongdun.kernel.errors import Text
from rongdun.kernel.person_name import mask_name
from rongdun.runtime.masking import mask_text

ROLES: dict[str, Text] = {
    "account": Text("本方账号/卡号", "Own account"),
    "account_alias": Text("本方另一账号", "Own account, other number"),
    "owner_name": Text("本方户名", "Own name"),
    "owner_id": Text("本方证件号码", "Own id number"),
    "time": Text("交易时间", "Time"),
    "date": Text("交易日期（另有时刻列）", "Date (time of day beside it)"),
    "clock": Text("交易时刻", "Time of day"),
    "amount": Text("金额", "Amount"),
    "amount_in": Text("收入金额", "Amount in"),
    "amount_out": Text("支出金额", "Amount out"),
    "direction": Text("收付标志", "Direction"),
    "balance": Text("余额", "Balance"),
    "currency": Text("币种", "Currency"),
    "cp_account": Text("对方账号/卡号", "Counterparty account"),
    "cp_name": Text("对方户名", "Counterparty"),
    "cp_id": Text("对方证件号码", "Counterparty id number"),
    "cp_bank": Text("对方机构", "Counterparty institution"),
    "channel": Text("渠道/交易类型", "Channel"),
    "purpose": Text("摘要/用途", "Purpose"),
    "remark": Text("备注", "Remark"),
    "success": Text("交易结果", "Result"),
    "cash": Text("现金标志", "Cash mark"),
    "serial": Text("流水号", "Serial"),
    "log_serial": Text("日志号/订单号", "Log serial"),
    "merchant_name": Text("商户名称", "Merchant"),
    "merchant_code": Text("商户号", "Merchant code"),
    "terminal": Text("终端号", "Terminal"),
    "ip": Text("IP 地址", "IP address"),
    "mac": Text("MAC 地址", "MAC address"),
    "device": Text("设备号", "Device"),
    "place": Text("交易发生地", "Place"),
    "branch": Text("网点", "Branch"),
}
"""Meanings an officer may choose, in the order they are offered."""

_SAMPLE = 20
_NAME = re.compile(r"[\u3400-\u9fff·]{2,8}")
_NAMES = frozenset({"owner_name", "cp_name"})
_PLAIN = frozenset({"time", "date", "clock", "amount", "amount_in", "amount_out", "balance"})


def guess_out(file: ImportFile, sheets: Sequence[Sheet]) -> FileGuessOut:
    """Return what an unknown file looks like."""
    roles = [RoleOut(role=role, name=words(name)) for role, name in ROLES.items()]
    shown = [_sheet(sheet) for sheet in sheets]
    return FileGuessOut(file_id=file.id, path=masked_path(file.path), sheets=shown, roles=roles)


def trial_out(trial: Trial) -> TrialOut:
    """Return what a mapping makes of its file, personal data masked."""
    reasons = [
        TrialReasonOut(column=column or "", reason=reason, text=words(reason_text(reason)), count=count)
        for (column, reason), count in trial.reasons.most_common(20)
    ]
    return TrialOut(
        rows=trial.rows,
        taken=trial.taken,
        rejected=trial.rejected,
        sample=[_row(row) for row in trial.sample],
        reasons=reasons,
    )


def own_layout_out(layout: StatementLayout) -> LayoutOut:
    """Return a layout a unit has made."""
    return LayoutOut(
        id=str(layout.id),
        title=Words(zh=layout.title, en=layout.title),
        table=layout.mapping["table"],
        unit_path=layout.unit_path,
        maker_name=layout.maker_name,
        created_at=layout.created_at,
        active=layout.active,
        version=layout.version,
        columns=layout.mapping["columns"],
    )


def shipped_layouts_out() -> list[LayoutOut]:
    """Return the layouts that ship."""
    from rongdun.analytics.statements.layout import builtin_layouts

    return [
        LayoutOut(
            id=layout.id,
            title=words(layout.title),
            table=layout.table,
            unit_path=None,
            maker_name="",
            created_at=None,
            active=True,
            version=None,
            columns={role: list(names) for role, names in layout.columns.items()},
        )
        for layout in builtin_layouts()
    ]


def masked_cell(cell: str, role: str | None) -> str:
    """Return a cell of an unknown file fit to be shown; what may be a name is masked unless its column is none."""
    if role is None or role in _NAMES:
        found = mask_name(cell) if _NAME.fullmatch(cell) else cell
        return masked_path(mask_text(masked_path(found)))
    return cell if role in _PLAIN else mask_text(masked_path(cell))


def _sheet(sheet: Sheet) -> SheetOut:
    row = heading_row(sheet.rows)
    headings, below = sheet.rows[row], sheet.rows[row + 1 :]
    found = guesses(headings, below)
    roles = [_role(found.get(place)) for place in range(max(map(len, sheet.rows)))]
    columns = [
        GuessOut(
            place=place,
            heading=heading,
            role=roles[place],
            score=round(found[place].score, 2) if roles[place] else 0,
            reason=words(found[place].reason) if roles[place] else None,
            cells=[masked_cell(line[place], roles[place]) for line in below[:3] if place < len(line)],
        )
        for place, heading in enumerate(headings)
    ]
    rows = [
        line if number == row else [masked_cell(cell, roles[place]) for place, cell in enumerate(line)]
        for number, line in enumerate(sheet.rows[:_SAMPLE])
    ]
    return SheetOut(name=sheet.name, heading_row=row, rows=rows, columns=columns)


def _role(guess: Guess | None) -> str | None:
    return guess.role if guess is not None and guess.role in ROLES else None


def _row(row: dict[str, Any]) -> TrialRowOut:
    return TrialRowOut(
        time=row["time"],
        account=mask_account(row["account"]),
        direction=row["direction"],
        amount_fen=row["amount_fen"],
        balance_fen=row["balance_fen"],
        cp_account=mask_account(row["cp_account"]) if row["cp_account"] else "",
        cp_name=mask_name(row["cp_name"]) if row["cp_name"] else "",
        purpose=mask_text(row["purpose"] or ""),
    )
