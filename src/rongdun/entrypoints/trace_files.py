"""What a trace is told in files: victims' transfers, and a unit's own labels of accounts."""

import csv
import io
import os
from pathlib import Path
from typing import Final

from rongdun.analytics.statements.exact import Refused, exact_account, exact_moment
from rongdun.analytics.statements.schema import DAY, MASKED
from rongdun.analytics.tracing.model import Kind, Seed
from rongdun.entrypoints.csv_rows import Faults, Row, rows_of
from rongdun.kernel.errors import Invalid, Text
from rongdun.kernel.money import parse_fen

SEEDS: Final = {
    "victim": ("受害人", "被害人", "事主"),
    "institution": ("机构", "银行", "开户行", "收款银行"),
    "account": ("账号", "收款账号", "卡号", "收款卡号"),
    "amount": ("金额", "金额(元)", "转账金额"),
    "time": ("时间", "转账时间", "交易时间"),
}
"""Columns of the victims' transfers and their Chinese headings."""

LABELS: Final = {
    "institution": ("机构", "银行", "开户行"),
    "account": ("账号", "卡号"),
    "kind": ("类别", "标签", "账户类别"),
}

KINDS: Final = {
    Kind.PERSONAL: "个人",
    Kind.CORPORATE: "对公",
    Kind.MERCHANT: "特约商户",
    Kind.PLATFORM: "平台",
    Kind.SALARY: "代发工资",
    Kind.UTILITY: "水务",
    Kind.PAYMENT: "备付金",
    Kind.CRYPTO: "虚拟币",
    Kind.ABROAD: "境外",
}
"""The word that a label in English stands for."""


def read_seeds(path: Path) -> list[Seed]:
    """Return the victims' transfers of a CSV file; raises ``WrongFile`` with every cell that is wrong.

    Amounts in yuan (``12,345.60``, ``1.2万``); times to the minute at least, Shanghai's where no zone is told.
    """
    rows = rows_of(path, SEEDS, frozenset({"institution"}))
    faults = Faults(path)
    seeds = [_seed(row, faults) for row in rows]
    faults.settle()
    return [seed for seed in seeds if seed is not None]


def store_labels(path: Path, target: Path) -> int:
    """Check a file of labels and keep it beside the ledger as ``target``; return how many there are.

    ``kind`` is a word as ``index.kinds`` reads it (虚拟币、代发工资 …) or the English name of a kind (crypto …).
    """
    rows = rows_of(path, LABELS, frozenset({"institution"}))
    faults = Faults(path)
    told = [_label(row, faults) for row in rows]
    faults.settle()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([tuple(LABELS), *told])
    _write(target, text.getvalue())
    return len(told)


def _seed(row: Row, faults: Faults) -> Seed | None:
    victim = row.cells["victim"]
    if not victim:
        faults.add(row, "victim", Text("请填写受害人", "name the victim"))
    account = faults.read(row, "account", _account)
    fen = faults.read(row, "amount", _amount)
    time = faults.read(row, "time", _moment)
    if account is None or fen is None or time is None:
        return None
    return Seed(victim, row.cells["institution"], account, fen, time)


def _account(text: str) -> str:
    if not text:
        raise Refused("account_missing")
    told = exact_account(text, wallet=True)
    if told.flag == MASKED:
        raise Invalid(Text("账号有遮盖，无法确定", "the number is masked and could be several"))
    return told.number


def _amount(text: str) -> int:
    if not text:
        raise Refused("amount_missing")
    fen = parse_fen(text)
    if fen == 0:
        raise Invalid(Text("金额应大于零", "the amount must be more than zero"))
    return fen


def _moment(text: str) -> int:
    if not text:
        raise Refused("time_missing")
    told = exact_moment(text)
    if told.precision == DAY:
        raise Invalid(Text("只有日期，请写到时分", "only a day is told; add hour and minute"))
    if told.micros <= 0:
        raise Refused("bad_time")
    return told.micros


def _label(row: Row, faults: Faults) -> tuple[str, str, str]:
    number = faults.read(row, "account", _account) or ""
    kind = faults.read(row, "kind", _kind) or ""
    return row.cells["institution"], number, kind


def _kind(text: str) -> str:
    word = next((word for kind, word in KINDS.items() if kind.name.lower() == text.lower()), text)
    if not _known(word):
        names = "、".join(KINDS.values())
        raise Invalid(
            Text(
                f"类别不认识，可用：{names}",
                f"unknown kind; use one of: {', '.join(k.name.lower() for k in KINDS)}",
            )
        )
    return word


def _known(word: str) -> bool:
    import polars as pl

    from rongdun.analytics.tracing.index.kinds import kind_of

    frame = pl.DataFrame(
        {"name": [None], "told": [word], "observed": [False]}, schema_overrides={"name": pl.String}
    )
    kind = frame.select(kind_of(pl.col("name"), pl.col("told"), pl.col("observed")).alias("kind"))["kind"][0]
    return Kind(int(kind)) is not Kind.UNKNOWN


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, target)
