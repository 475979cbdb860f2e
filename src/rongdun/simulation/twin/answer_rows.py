"""Rows of a bank's and of a payment institution's statement, with the dirt seen in practice. Polars, pure."""

from typing import Final

import numpy as np
import polars as pl

from rongdun.simulation.twin.answer_files import Style
from rongdun.simulation.twin.draws import Mask, some, stream
from rongdun.simulation.twin.params import Answers, Params

PURPOSES: Final = {
    "purchase": "消费", "platform": "网上支付", "payout": "转账", "friend": "转账", "top_up": "充值",
    "withdrawal": "提现", "own": "转账", "cash_out": "取款", "cash_in": "存款", "trade": "货款转账", "rent": "转账",
    "salary": "代发工资", "bill": "缴费", "fee": "短信服务费", "redemption": "赎回转入", "loan": "放款转入",
    "transfer": "转账", "background": "转账",
}  # fmt: skip
_WITHOUT_PARTY: Final = ("cash_out", "cash_in", "fee")
_CASH: Final = ("cash_out", "cash_in")
_BY_OTHERS: Final = ("salary", "payout", "fee", "loan", "redemption")


def bank_rows(moved: pl.DataFrame, style: Style, params: Params) -> pl.DataFrame:
    """Return the reply «交易明细信息» (32 columns, §10.4) of one bank."""
    rows = _shown(moved, style, params)
    nobody = pl.col("class").is_in(_WITHOUT_PARTY)
    wallet = pl.col("other_institution").is_in(params.institutions.payments) & pl.col("reserve")
    number = pl.when(nobody).then(None).when(wallet).then(_reserve(params)).otherwise("told_number")
    name = pl.when(nobody).then(None).when(wallet).then(
        pl.concat_str("other_institution", pl.lit("客户备付金"))
    ).otherwise("told_name")  # fmt: skip
    empty = pl.lit(None, pl.String)
    table = rows.select(
        pl.col("number").alias("交易卡号"),
        pl.coalesce("alias", "number").alias("交易账号"),
        pl.lit("成功").alias("查询反馈结果原因"),
        pl.col("name").alias("交易户名"),
        pl.col("owner_id").alias("交易证件号码"),
        pl.col("told_time").alias("交易时间"),
        pl.col("told_amount").alias("交易金额"),
        pl.col("told_balance").alias("交易余额"),
        pl.col("way").alias("收付标志"),
        number.alias("交易对手账卡号"),
        pl.when(pl.col("class").is_in(_CASH))
        .then(pl.lit("现金"))
        .otherwise(pl.lit("转账"))
        .alias("现金标志"),
        name.alias("对手户名"),
        empty.alias("对手身份证号"),
        pl.when(nobody).then(None).otherwise("other_institution").alias("对手开户银行"),
        pl.col("purpose").alias("摘要说明"),
        pl.lit("CNY").alias("交易币种"),
        empty.alias("交易网点名称"),
        pl.lit("演示市").alias("交易发生地"),
        pl.col("success").alias("交易是否成功"),
        empty.alias("传票号"),
        pl.col("told_ip").alias("IP地址"),
        pl.col("mac").alias("MAC地址"),
        empty.alias("对手交易余额"),
        pl.col("serial").alias("交易流水号"),
        empty.alias("日志号"),
        empty.alias("凭证种类"),
        empty.alias("凭证号"),
        empty.alias("交易柜员号"),
        empty.alias("备注"),
        empty.alias("商户名称"),
        empty.alias("商户代码"),
        pl.col("channel").cast(pl.String).alias("交易类型"),
    )
    return _untidy(table, style, params)


def payment_rows(moved: pl.DataFrame, style: Style, params: Params) -> pl.DataFrame:
    """Return a payment institution's export: layout A (§10.2); of every second one layout B (§10.3)."""
    rows = _shown(moved, style, params)
    banks = pl.col("other_institution").is_in(params.institutions.banks)
    own, out = pl.col("number"), pl.col("direction") < 0
    user = pl.when(~banks).then("told_number")
    card = pl.when(banks).then("told_number")
    sides = {
        "payer": pl.when(out).then(own).otherwise(user),
        "payer_bank": pl.when(~out & banks).then("other_institution"),
        "payer_card": pl.when(~out).then(card),
        "payee": pl.when(out).then(user).otherwise(own),
        "payee_bank": pl.when(out & banks).then("other_institution"),
        "payee_card": pl.when(out).then(card),
    }
    table = rows.with_columns(**sides)
    second = (style.place - len(params.institutions.banks)) % 2 == 1
    return _untidy((_summary if second else _export)(table), style, params)


def _export(rows: pl.DataFrame) -> pl.DataFrame:
    empty = pl.lit(None, pl.String)
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("序号"),
        pl.col("serial").alias("交易流水号"),
        pl.col("payer").alias("付款支付帐号"),
        pl.col("payer_bank").alias("付款银行卡银行名称"),
        pl.col("payer_card").alias("付款银行卡号"),
        pl.col("told_amount").alias("交易金额"),
        pl.col("told_balance").alias("交易余额"),
        pl.col("payee").alias("收款支付帐号"),
        pl.col("payee_bank").alias("收款银行卡银行名称"),
        pl.col("payee_card").alias("收款银行卡号"),
        pl.col("purpose").alias("交易类型"),
        pl.col("told_time").alias("交易时间"),
        pl.lit("余额支付").alias("支付类型"),
        pl.col("way").alias("交易主体的出入账标识"),
        pl.lit("人民币").alias("币种"),
        empty.alias("消费POS机编号"),
        empty.alias("收款方的商户号"),
        pl.lit("手机").alias("交易设备类型"),
        pl.col("told_ip").alias("交易支付设备IP"),
        pl.col("mac").alias("MAC地址"),
        empty.alias("交易地点经度"),
        empty.alias("交易地点纬度"),
        pl.concat_str(pl.lit("SYN-"), pl.col("device").cast(pl.String)).alias("交易设备号"),
        empty.alias("银行外部渠道交易流水号"),
        empty.alias("备注"),
    )


def _summary(rows: pl.DataFrame) -> pl.DataFrame:
    shop = (pl.col("direction") < 0) & (pl.col("class") == "purchase")
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("序号"),
        pl.lit(None, pl.String).alias("支付订单号"),
        pl.col("purpose").alias("交易类型"),
        pl.lit("余额支付").alias("支付类型"),
        pl.col("way").alias("交易主体的出入账标识"),
        pl.col("told_time").alias("交易时间"),
        pl.lit("CNY").alias("币种"),
        pl.col("told_amount").alias("交易金额"),
        pl.col("serial").alias("交易流水号"),
        pl.col("told_balance").alias("交易余额"),
        pl.col("payee_bank").alias("收款方银行卡所属银行名称"),
        pl.col("payee_card").alias("收款方银行卡所属银行卡号"),
        pl.col("payee").alias("收款方的支付帐号"),
        pl.when(shop).then("told_name").alias("收款方的商户名称"),
        pl.col("payer_bank").alias("付款方银行卡所属银行名称"),
        pl.col("payer_card").alias("付款方银行卡所属银行卡号"),
        pl.col("payer").alias("付款方的支付帐号"),
        pl.col("told_ip").alias("交易支付设备ip"),
        pl.col("mac").alias("mac地址"),
        pl.lit(None, pl.String).alias("备注"),
    )


def _shown(moved: pl.DataFrame, style: Style, params: Params) -> pl.DataFrame:
    """Add what is written in cells: amounts, times, words, numbers as told, addresses; and failed attempts."""
    random, told = stream(style.seed, "dirt", style.place), params.answers
    rows = _with_failed(moved, some(random, len(moved), told.failed_share))
    draws = {name: random.random(len(rows)) for name in ("name", "number", "ip", "reserve", "wide")}
    rows = rows.with_columns(pl.Series(f"draw_{name}", draw) for name, draw in draws.items())
    sign = pl.when((pl.col("direction") < 0) & style.signed).then(pl.lit("-")).otherwise(pl.lit(""))
    balance = pl.when(pl.col("success") == "1").then(_yuan("balance_fen", style))
    number = pl.col("transaction").cast(pl.String).str.zfill(12)
    return rows.with_columns(
        pl.col("time").dt.convert_time_zone("Asia/Shanghai").dt.strftime(style.time).alias("told_time"),
        pl.concat_str(sign, _yuan("amount_fen", style)).alias("told_amount"),
        balance.alias("told_balance"),
        _told_way(style).alias("way"),
        _told_number(told).alias("told_number"),
        _told_name(told).alias("told_name"),
        (pl.col("draw_reserve") < told.reserve_share).alias("reserve"),
        pl.col("class").cast(pl.String).replace_strict(PURPOSES).alias("purpose"),
        _seen(_ip(), told).alias("told_ip"),
        _seen(_mac(style), told).alias("mac"),
        pl.concat_str(pl.lit("SYN"), number, "mark").alias("serial"),
    )


def _told_way(style: Style) -> pl.Expr:
    came, went = (pl.lit(word) for word in style.ways)
    return pl.when(pl.col("direction") > 0).then(came).otherwise(went)


def _told_number(told: Answers) -> pl.Expr:
    """Return the counterparty's number: some masked, some turned into scientific notation with digits lost."""
    other = pl.col("other_number")
    hidden = pl.concat_str(other.str.slice(0, 6), pl.lit("*********"), other.str.slice(-4))
    power = (other.str.len_chars() - 1).cast(pl.String)
    science = pl.concat_str(other.str.slice(0, 1), pl.lit("."), other.str.slice(1, 5), pl.lit("E+"), power)
    draw, masked = pl.col("draw_number"), told.masked_share
    return (
        pl.when(draw < masked)
        .then(hidden)
        .when(draw < masked + told.scientific_share)
        .then(science)
        .otherwise(other)
    )


def _told_name(told: Answers) -> pl.Expr:
    """Return the counterparty's name: often left out, sometimes with a full-width space behind it."""
    wide = pl.when(pl.col("draw_wide") < told.tab_share).then(pl.lit("\u3000")).otherwise(pl.lit(""))
    named = pl.col("draw_name") >= told.blank_name_share
    return pl.when(named).then(pl.concat_str("other_name", wide))


def _seen(address: pl.Expr, told: Answers) -> pl.Expr:
    """Return the address where the account's holder acted and the bank kept it."""
    by_others = pl.col("class").is_in(_BY_OTHERS) | (pl.col("direction") > 0)
    return pl.when(~by_others & (pl.col("draw_ip") >= told.blank_ip_share)).then(address)


def _with_failed(moved: pl.DataFrame, failed: Mask) -> pl.DataFrame:
    """Put a failed attempt before some outgoing movements; it moved nothing and has no balance."""
    rows = moved.with_columns(success=pl.lit("1"), mark=pl.lit(""), turn=pl.lit(1))
    tried = rows.filter(pl.Series(failed) & (moved["direction"] < 0)).with_columns(
        success=pl.lit("0"), mark=pl.lit("F"), turn=pl.lit(0)
    )
    return pl.concat([rows, tried]).sort("account", "transaction", "turn")


def _untidy(table: pl.DataFrame, style: Style, params: Params) -> pl.DataFrame:
    """Repeat some rows at the end, as overlapping requests do; tabs in cells; «-» and «null» for nothing."""
    random, told = stream(style.seed, "untidy", style.place), params.answers
    again = table.filter(pl.Series(some(random, len(table), told.duplicate_share)))
    whole = pl.concat([table, again])
    marks = pl.Series(np.where(random.random(len(whole)) < 0.5, "-", "null"))
    nothing = [
        name
        for name in whole.columns
        if name in ("对手户名", "备注", "IP地址", "交易网点名称", "收款方的商户名称")
    ]
    for name in nothing:
        chosen = pl.Series(some(random, len(whole), told.null_share))
        whole = whole.with_columns(
            pl.when(pl.col(name).is_null() & chosen).then(marks).otherwise(name).alias(name)
        )
    for name in ("摘要说明", "交易流水号"):
        if name in whole.columns:
            chosen = pl.Series(some(random, len(whole), told.tab_share))
            tabbed = pl.concat_str(name, pl.lit("\t"))
            whole = whole.with_columns(pl.when(chosen).then(tabbed).otherwise(name).alias(name))
    return whole


def _yuan(name: str, style: Style) -> pl.Expr:
    whole = (pl.col(name) // 100).cast(pl.String)
    if style.thousands:
        whole = _grouped(whole)
    return pl.concat_str(whole, pl.lit("."), (pl.col(name) % 100).cast(pl.String).str.zfill(2))


def _grouped(whole: pl.Expr) -> pl.Expr:
    """Put a comma between groups of three digits, from the right."""
    groups = whole.str.reverse().str.extract_all(r"\d{1,3}").list.join(",")
    return groups.str.reverse()


def _reserve(params: Params) -> pl.Expr:
    """Return the number of the reserve account (备付金) of the counterparty's payment institution."""
    names = params.institutions.payments
    numbers = {name: f"{params.world.account_prefix}99{place:010d}" for place, name in enumerate(names, 1)}
    return pl.col("other_institution").replace_strict(numbers, default=None, return_dtype=pl.String)


def _ip() -> pl.Expr:
    number = pl.col("ip").cast(pl.Int64)
    parts = [(number // 256**power % 256).cast(pl.String) for power in (3, 2, 1, 0)]
    return pl.concat_str(parts, separator=".")


def _mac(style: Style) -> pl.Expr:
    """Return a hardware address that is locally administered (02…), so that no maker has issued it."""
    number = pl.col("device").cast(pl.Int64)
    digits = [_hex(number // 16**power % 16) for power in range(7, -1, -1)]
    pairs = [
        pl.lit("02"),
        pl.lit("00"),
        *(pl.concat_str(digits[at], digits[at + 1]) for at in range(0, 8, 2)),
    ]
    return pl.concat_str(pairs, separator=("-", ":", "")[style.mac])


def _hex(digit: pl.Expr) -> pl.Expr:
    return pl.lit("0123456789abcdef").str.slice(digit, 1)
