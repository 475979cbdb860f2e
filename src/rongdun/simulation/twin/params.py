"""The twin's parameters: one file, a tag and a source on every line, read into typed shapes."""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec

from rongdun.kernel.errors import Text
from rongdun.simulation.twin.errors import WrongParams

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Rate = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Shares = Annotated[list[Share], msgspec.Meta(min_length=1)]


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: every name must be there and none beside it."""


class World(_Group, frozen=True):
    """When it begins, and the prefixes that make every number visibly invented."""

    start: date
    bank_prefix: str
    account_prefix: str
    wallet_prefix: str
    phone_prefix: str
    region: str


class Institutions(_Group, frozen=True):
    """Who keeps accounts, and what share of them."""

    banks: Annotated[list[str], msgspec.Meta(min_length=1, max_length=90)]
    bank_shares: Shares
    payments: Annotated[list[str], msgspec.Meta(min_length=1, max_length=9)]
    payment_shares: Shares


class People(_Group, frozen=True):
    """Ages, districts and what people have."""

    age_bands: list[int]
    age_shares: Shares
    district_shares: Shares
    opening_median_yuan: Positive
    opening_sigma: Rate
    wallet_median_yuan: Positive
    wallet_sigma: Rate
    second_share: Share
    second_median_yuan: Positive
    second_sigma: Rate


class Businesses(_Group, frozen=True):
    """Shops, employers, platforms and their means."""

    merchants_per_person: Positive
    merchant_wallet_share: Share
    merchant_opening_yuan: Positive
    employers_per_person: Positive
    payroll_months: Positive
    platforms: Count
    utilities: Count
    funds: Count
    lenders: Count
    big_opening_yuan: Positive
    vault_yuan_per_person: Positive
    incubator_share: Share


class Everyday(_Group, frozen=True):
    """Legal money: how often (a person and day) and how much."""

    purchases: Rate
    purchase_median_yuan: Positive
    purchase_sigma: Rate
    merchant_skew: Positive
    platform_purchases: Rate
    platform_median_yuan: Positive
    platform_sigma: Rate
    platform_payouts: Rate
    payout_median_yuan: Positive
    friends: Rate
    friend_median_yuan: Positive
    friend_sigma: Rate
    friend_reach: Positive
    friend_strangers: Share
    own_transfers: Rate
    own_median_yuan: Positive
    own_sigma: Rate
    second_uses: Rate
    cash_out: Rate
    cash_in: Rate
    cash_median_yuan: Positive
    trade: Rate
    trade_median_yuan: Positive
    trade_sigma: Rate
    rent_share: Share
    rent_median_yuan: Positive
    salary_share: Share
    salary_median_yuan: Positive
    salary_sigma: Rate
    paydays: list[int]
    bill_share: Share
    bill_median_yuan: Positive
    fee_share: Share
    fee_yuan: Positive
    sweeper_share: Share
    sweeps_per_day: Rate
    mobile_share: Share
    hours: Annotated[list[Rate], msgspec.Meta(min_length=24, max_length=24)]


class Arrivals(_Group, frozen=True):
    """How many scams, when, and of whom."""

    reports_per_million_day: Rate
    intensity: Rate
    consummated_share: Share
    hours: Annotated[list[Rate], msgspec.Meta(min_length=24, max_length=24)]
    crews_per_scam_day: Positive
    victim_ages: list[Rate]
    female_share: Share
    unreported_share: Share


class Scams(_Group, frozen=True):
    """By type: how often, how much, how many transfers, how far apart, after what contact, told how late."""

    share: dict[str, Share]
    median_yuan: dict[str, Positive]
    transfers: dict[str, Annotated[float, msgspec.Meta(ge=1)]]
    gap_hours: dict[str, Positive]
    contact_days: dict[str, Positive]
    delay_stretch: dict[str, Positive]


class Loss(_Group, frozen=True):
    """How much a victim loses and how it is paid."""

    scale: Positive
    sigma: Rate
    least_yuan: Positive
    most_yuan: Positive
    enterprise_share: Share
    enterprise_least_yuan: Positive
    enterprise_most_yuan: Positive
    ladder: Positive
    topup_share: Share
    loan_share: Share
    wallet_share: Share
    rebate_share: Share
    rebate_gain: Positive


class Delay(_Group, frozen=True):
    """From the last transfer to the report: buckets, log-uniform inside."""

    edges_hours: list[Positive]
    shares: Shares


class Exits(_Group, frozen=True):
    """Where money leaves the accounts, by share of scams."""

    delivered: Share
    cash: Share
    goods: Share
    crypto: Share


class Laundering(_Group, frozen=True):
    """Tiers: how long money lies, how it is split, pooled, kept and taken out, and by which accounts."""

    era: str
    depths: list[int]
    depth_shares: Shares
    dwell_median_minutes: Positive
    dwell_sigma: Rate
    hop_least_minutes: Positive
    hop_most_minutes: Positive
    gap_seconds: Positive
    fan_first_most: Count
    fan_first_mode: Count
    fan_first_least: Count
    fan_room: Annotated[float, msgspec.Meta(ge=1)]
    fan_parts_most: Count
    fan_most: Count
    least_part_yuan: Positive
    limit_yuan: Positive
    corporate_limit_yuan: Positive
    left_least: Share
    left_most: Share
    fee_most: Share
    round_share: Share
    parked_share: Share
    parked_median_hours: Positive
    parked_sigma: Rate
    rotation_hours: Annotated[list[Positive], msgspec.Meta(min_length=1, max_length=15)]
    slots: list[Annotated[int, msgspec.Meta(ge=1, le=64)]]
    new_share: Share
    second_share: Share
    corporate_share: Share
    wallet_share: Share
    mule_ages: list[Rate]
    dormant_days: tuple[Positive, Positive]
    dormant_median_yuan: Positive
    test_share: Share
    test_most_yuan: Positive
    test_hours: tuple[Positive, Positive]
    mobile_share: Share
    devices_per_crew: Count
    feeder_yuan: Positive
    newest_share: Share
    oldest_share: Share
    shell_group: tuple[Count, Count]
    crypto_traders_per_crew: Count
    atm_note_yuan: Positive
    atm_most: Count
    exits: dict[str, Exits]

    @property
    def exit_mix(self) -> Exits:
        """The mix of the era that holds."""
        return self.exits[self.era]


class Reports(_Group, frozen=True):
    """How what victims tell differs from what was."""

    minutes_noise: Rate
    round_time_share: Share
    typo_share: Share
    masked_share: Share
    amount_noise_share: Share
    forgotten_share: Share
    duplicate_share: Share
    prank_share: Share


class Answers(_Group, frozen=True):
    """The dirt of banks' files, as shares of rows (of banks: ``xlsx_share``)."""

    xlsx_share: Share
    blank_name_share: Share
    masked_share: Share
    scientific_share: Share
    reserve_share: Share
    blank_ip_share: Share
    tab_share: Share
    null_share: Share
    duplicate_share: Share
    failed_share: Share


class Replies(_Group, frozen=True):
    """How fast institutions do what they are told, and how often they do not."""

    stop_median_minutes: Positive
    stop_sigma: Rate
    timeout_share: Share
    timeout_minutes: Positive
    mismatch_share: Share
    not_found_share: Share
    ask_minutes: tuple[Positive, Positive]
    small_share: Share
    small_slower: Positive


class Desk(_Group, frozen=True):
    """What the centre has for a case in an experiment."""

    minutes_stop: Positive
    minutes_ask: Positive
    hours_worked: Positive
    hours_judged: Positive
    delay_sigma: Rate
    least_loss_yuan: Rate


class Params(_Group, frozen=True):
    """Everything a world is made from, beside its seed and its size."""

    world: World
    institutions: Institutions
    people: People
    businesses: Businesses
    everyday: Everyday
    arrivals: Arrivals
    scams: Scams
    loss: Loss
    delay: Delay
    laundering: Laundering
    reports: Reports
    answers: Answers
    replies: Replies
    desk: Desk


def load_params(path: Path | None = None, changes: dict[str, Any] | None = None) -> Params:
    """Return the shipped parameters, changed by what the file at ``path`` and then ``changes`` say.

    Raises :class:`WrongParams` for a name that is not there, a value out of range, or a file that is no TOML.
    """
    told: dict[str, Any] = tomllib.loads(shipped_text())
    try:
        if path is not None:
            _merge(told, tomllib.loads(path.read_text(encoding="utf-8")))
        _merge(told, changes or {})
        params = msgspec.convert(told, Params)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(str(error)) from error
    _check(params)
    return params


@cache
def shipped_text() -> str:
    """Return the shipped file as it stands, tags and sources included."""
    return files("rongdun.simulation.twin").joinpath("params.toml").read_text(encoding="utf-8")


def _merge(told: dict[str, Any], changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if name not in told:
            raise _wrong(name)
        if isinstance(value, dict) and isinstance(told[name], dict):
            _merge(told[name], value)
        else:
            told[name] = value


def _check(params: Params) -> None:
    """Refuse lists of different lengths, and an era that has no mix."""
    scams, money, people = params.scams, params.laundering, params.people
    pairs: dict[str, tuple[Sequence[object], Sequence[object]]] = {
        "institutions.bank_shares": (params.institutions.banks, params.institutions.bank_shares),
        "institutions.payment_shares": (params.institutions.payments, params.institutions.payment_shares),
        "people.age_shares": (people.age_bands[1:], people.age_shares),
        "arrivals.victim_ages": (people.age_shares, params.arrivals.victim_ages),
        "laundering.mule_ages": (people.age_shares, money.mule_ages),
        "laundering.depth_shares": (money.depths, money.depth_shares),
        "laundering.slots": (money.rotation_hours, money.slots),
        "delay.shares": (params.delay.edges_hours[1:], params.delay.shares),
    }
    wrong = [name for name, (one, two) in pairs.items() if len(one) != len(two)]
    columns = {name: getattr(scams, name) for name in scams.__struct_fields__}
    wrong += [f"scams.{name}" for name, column in columns.items() if column.keys() != scams.share.keys()]
    if money.era not in money.exits:
        wrong.append("laundering.era")
    if not 1 <= min(money.depths, default=0) <= max(money.depths, default=0) <= len(money.slots):
        wrong.append("laundering.depths")
    weights = {
        "arrivals.victim_ages": params.arrivals.victim_ages,
        "arrivals.hours": params.arrivals.hours,
        "laundering.mule_ages": money.mule_ages,
        "everyday.hours": params.everyday.hours,
    }
    wrong += [name for name, list_ in weights.items() if not sum(list_)]
    if wrong:
        raise _wrong(", ".join(wrong))


def _wrong(where: str) -> WrongParams:
    return WrongParams(Text(f"参数文件有误:{where}", f"The parameter file is not valid: {where}"))
