"""When two rows of two books are one transfer: evidence in bits, with the words that say why. Pure.

The bits are set by hand ([D]), one named account after the twin's truth (seeds 21–23: with ten minutes between the
clocks, 98 to 100 of 100 such pairs are real); the sum stands against a prior of :data:`PRIOR_BITS` for two rows of
opposite direction and equal amount within three days.
"""

from typing import Final, TypeAlias

import polars as pl

from rongdun.analytics.statements.schema import DAY
from rongdun.kernel.errors import Text

WINDOW_HOURS: Final = 72
EARLY_MINUTES: Final = 60
"""The payee's book may be behind by three days, or ahead by an hour of wrong clocks."""

PRIOR_BITS: Final = -8.0
PAIRED_BITS: Final = 2.5
UNSURE_BITS: Final = 0.0
MARGIN_BITS: Final = 1.0
"""A pair is unsure when a row left over would fit within this margin."""

SERIAL_LENGTH: Final = 6
"""Shorter serials repeat by chance."""

REASONS: Final = {
    "serial": Text("流水号一致", "same serial"),
    "both_accounts": Text("双方账号互指", "each names the other's account"),
    "one_account": Text("一方指明对方账号", "one names the other's account"),
    "masked_account": Text("打码账号相符", "a masked account fits"),
    "both_names": Text("双方户名相符", "both names agree"),
    "one_name": Text("一方户名相符", "one name agrees"),
    "name_differs": Text("户名不符", "a name differs"),
    "within_minute": Text("相差一分钟内", "within a minute"),
    "within_10_minutes": Text("相差十分钟内", "within ten minutes"),
    "within_2_hours": Text("相差两小时内", "within two hours"),
    "within_day": Text("相差一天内", "within a day"),
    "within_3_days": Text("相差三天内", "within three days"),
    "same_day": Text("同一天", "the same day"),
    "several_fit": Text("另有行同样相符", "another row fits as well"),
}

_RESERVE: Final = "备付金|财付通|支付宝|支付科技|网银在线|拉卡拉|快钱支付"
"""Banks write a payment institution's pooled account where the money went to or came from a wallet [D]."""

_SKEWS: Final = (
    (60, "within_minute", 4.0),
    (600, "within_10_minutes", 2.0),
    (7_200, "within_2_hours", 0.0),
    (86_400, "within_day", -2.0),
)
_LONGEST: Final = ("within_3_days", -4.0)


def possible() -> pl.Expr:
    """Return the condition of a candidate: within the window, and no plain account contradicting."""
    skew = (pl.col("time_r") - pl.col("time_l")).dt.total_microseconds()
    hour = 3_600 * 1_000_000
    by_day = pl.max_horizontal("time_precision_l", "time_precision_r") == DAY
    by_day |= pl.min_horizontal("time_precision_l", "time_precision_r") == DAY
    early = pl.when(by_day).then(-24 * hour).otherwise(-EARLY_MINUTES * 60 * 1_000_000)
    return skew.is_between(early, WINDOW_HOURS * hour) & ~_contradicts("l", "r") & ~_contradicts("r", "l")


def is_reserve(cp_name: str = "cp_name") -> pl.Expr:
    """Tell of a payment institution's pooled account as counterparty: it stands for some wallet, and names none."""
    return pl.col(cp_name).str.contains(_RESERVE).fill_null(value=False)


def evidence() -> list[pl.Expr]:
    """Return the expressions ``bits`` and ``reason`` over candidate rows with suffixes ``_l`` and ``_r``."""
    named_right, named_left = _names_account("l", "r"), _names_account("r", "l")
    parts = [
        _when(_same_serial(), "serial", 8.0),
        _when(named_left & named_right, "both_accounts", 13.0),
        _when(named_left ^ named_right, "one_account", 8.5),
        _when(_mask_fits("l", "r") | _mask_fits("r", "l"), "masked_account", 2.0),
        *_name_parts(),
        _skew_part(),
    ]
    bits = pl.lit(PRIOR_BITS) + pl.sum_horizontal(
        pl.when(is_so).then(value).otherwise(0.0) for is_so, _, value in parts
    )
    words = [pl.when(is_so).then(word) for is_so, word, _ in parts]
    return [bits.alias("bits"), pl.concat_str(words, separator="+", ignore_nulls=True).alias("reason")]


def score(bits: pl.Expr) -> pl.Expr:
    """Return evidence in bits as a number between 0 and 1."""
    return 1.0 / (1.0 + (-bits * pl.lit(2.0).log()).exp())


Part: TypeAlias = tuple[pl.Expr, pl.Expr, pl.Expr]


def _when(condition: pl.Expr, word: str, bits: float) -> Part:
    return condition.fill_null(value=False), pl.lit(word), pl.lit(bits)


def _same_serial() -> pl.Expr:
    return (pl.col("serial_l") == pl.col("serial_r")) & (pl.col("serial_l").str.len_chars() >= SERIAL_LENGTH)


def _names_account(one: str, other: str) -> pl.Expr:
    named = pl.col(f"cp_account_{one}")
    own = (named == pl.col(f"account_{other}")) | (named == pl.col(f"account_alias_{other}")).fill_null(
        value=False
    )
    return own.fill_null(value=False)


def _contradicts(one: str, other: str) -> pl.Expr:
    """Tell of a plain counterparty that is neither the other's account, nor its alias, nor a card linked to it.

    A payment institution's pooled account contradicts nothing: the wallet behind it may be the other's account.
    """
    named = pl.col(f"cp_account_{one}")
    linked = (named == pl.col(f"linked_card_{other}")).fill_null(value=False)
    masked = named.str.contains("*", literal=True).fill_null(value=False)
    plain = named.is_not_null() & ~masked & ~is_reserve(f"cp_name_{one}")
    return (plain & ~_names_account(one, other) & ~linked) | (masked & ~_mask_fits(one, other))


def _mask_fits(one: str, other: str) -> pl.Expr:
    """Tell whether a masked number (``6222****1234``) has the other's first and last digits.

    A mask may hide any length.
    """
    masked = pl.col(f"cp_account_{one}")
    account = pl.col(f"account_{other}")
    head = masked.str.extract(r"^([^*]*)\*", 1).fill_null("")
    tail = masked.str.extract(r"\*([^*]*)$", 1).fill_null("")
    shown = head.str.len_chars() + tail.str.len_chars() >= 4
    is_masked = masked.str.contains("*", literal=True).fill_null(value=False)
    return is_masked & shown & account.str.starts_with(head) & account.str.ends_with(tail)


def _name_parts() -> list[Part]:
    sides = [_name_agrees("l", "r"), _name_agrees("r", "l")]
    agrees = [side.fill_null(value=False) for side in sides]
    differs = [(~side).fill_null(value=False) for side in sides]
    return [
        _when(agrees[0] & agrees[1], "both_names", 6.0),
        _when((agrees[0] ^ agrees[1]), "one_name", 3.0),
        _when(differs[0] | differs[1], "name_differs", -4.0),
    ]


def _name_agrees(one: str, other: str) -> pl.Expr:
    """Compare names; null where one is missing or a pooled account's. A masked character (``张*``) agrees with any."""
    told, owner = pl.col(f"cp_name_{one}"), pl.col(f"owner_name_{other}")
    masked = told.str.contains("*", literal=True) | owner.str.contains("*", literal=True)
    head = (told.str.slice(0, 1) == owner.str.slice(0, 1)) | (told.str.slice(-1) == owner.str.slice(-1))
    return (
        pl.when(is_reserve(f"cp_name_{one}"))
        .then(None)
        .when(masked)
        .then(head & (told.str.len_chars() == owner.str.len_chars()))
        .otherwise(told == owner)
    )


def _skew_part() -> Part:
    skew = (pl.col("time_r") - pl.col("time_l")).dt.total_microseconds().abs() / 1_000_000
    by_day = pl.min_horizontal("time_precision_l", "time_precision_r") == DAY
    civil = [pl.col(f"time_{side}").dt.offset_by("8h").dt.date() for side in ("l", "r")]
    word, bits = pl.lit(_LONGEST[0]), pl.lit(_LONGEST[1])
    for seconds, name, value in reversed(_SKEWS):
        word = pl.when(skew <= seconds).then(pl.lit(name)).otherwise(word)
        bits = pl.when(skew <= seconds).then(pl.lit(value)).otherwise(bits)
    same_day = by_day & (civil[0] == civil[1])
    next_day = by_day & ~same_day
    day_bits = pl.when((civil[1] - civil[0]).dt.total_days() == 1).then(-1.0).otherwise(-4.0)
    word = (
        pl.when(same_day)
        .then(pl.lit("same_day"))
        .when(next_day)
        .then(pl.lit("within_3_days"))
        .otherwise(word)
    )
    bits = pl.when(same_day).then(1.0).when(next_day).then(day_bits).otherwise(bits)
    return pl.lit(value=True), word, bits
