"""The shipped rows against the law notes: expected values were copied by hand from the notes, not from the rows."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from rongdun.kernel.policy import NoRuleInForce, PolicyRule, in_force
from rongdun.runtime.policies.seedfile import shipped_rows

TODAY = date(2026, 3, 2)

LAW = {
    # 银发〔2016〕86号
    "stop.validity": (48, "hour"),
    "stop.max_per_account": (2, "count"),
    "stop.max_total": (96, "hour"),
    "report.entry": (30, "minute"),
    "stop.file_and_freeze_target": (24, "hour"),
    "stop.file_and_freeze_limit": (48, "hour"),
    # 公安机关办理刑事案件程序规定
    "freeze.period": (6, "month"),
    "freeze.renewal_max": (6, "month"),
    "freeze.period_major": (1, "year"),
    "freeze.renewal_major_max": (1, "year"),
    "freeze.period_securities": (2, "year"),
    "freeze.period_equity": (6, "month"),
    "freeze.lift_unrelated": (3, "day"),
    "relief.reply": (30, "day"),
    "case.transfer": (24, "hour"),
    "filing.refusal_notice": (3, "day"),
    "filing.reconsideration_apply": (7, "day"),
    "filing.reconsideration_decide": (30, "day"),
    "filing.second_review_apply": (7, "day"),
    "filing.second_review_decide": (30, "day"),
    "filing.review_extension": (30, "day"),
    "filing.referred_review": (3, "day"),
    "filing.review_normal": (3, "day"),
    "filing.review_check": (7, "day"),
    "filing.review_major": (30, "day"),
    "custody.handover": (24, "hour"),
    "custody.interrogate": (24, "hour"),
    "custody.request_arrest": (3, "day"),
    "custody.request_arrest_extension_min": (1, "day"),
    "custody.request_arrest_extension_max": (4, "day"),
    "custody.request_arrest_major": (30, "day"),
    "custody.investigation": (2, "month"),
    "custody.first_extension": (1, "month"),
    "custody.second_extension": (2, "month"),
    "custody.third_extension": (2, "month"),
    # 资金返还若干规定
    "return.notice": (30, "day"),
    "return.bank_execution": (3, "workday"),
    "return.officers_at_bank": (2, "count"),
    # 银发〔2016〕261号: 50,000 yuan a day is 5,000,000 fen
    "account.class_one_per_bank": (1, "count"),
    "account.atm_transfer_delay": (24, "hour"),
    "account.atm_transfer_revocable": (24, "hour"),
    "account.non_counter_daily_check": (5_000_000, "fen"),
    "account.unused_suspend": (6, "month"),
    "account.reverify_other": (3, "day"),
    "outlet.suspension_min": (1, "month"),
    "outlet.suspension_max": (6, "month"),
    # 联合惩戒办法
    "discipline.rule_version": ("JOINT-2024", "text"),
    "discipline.convicted_term": (3, "year"),
    "discipline.determined_term": (2, "year"),
    "discipline.accumulated_cap": (5, "year"),
    "discipline.authority": ("city", "text"),
    "discipline.cards_threshold": (3, "count"),
    "discipline.times_threshold": (3, "count"),
    "discipline.subjects_threshold": (3, "count"),
    # 号码侧
    "number.reverify": (24, "hour"),
    "number.restore_first_review": (24, "hour"),
    "number.restore_complex_review": (3, "workday"),
    "number.shutdown_target": (2, "hour"),
    "number.shutdown_limit": (24, "hour"),
    "agent.new_account_suspension": (6, "month"),
    "agent.fine_involved": (200_000, "fen"),
    "agent.fine_nuisance": (3_000, "fen"),
    "agent.liability_window": (24, "month"),
    # 入罪数额, in fen: 3,000, 30,000 and 500,000 yuan
    "crime.fraud_large": (300_000, "fen"),
    "crime.fraud_huge": (3_000_000, "fen"),
    "crime.fraud_extreme": (50_000_000, "fen"),
    "crime.fraud_messages": (5_000, "count"),
    "crime.fraud_calls": (500, "count"),
    "crime.fraud_page_views": (5_000, "count"),
    "crime.aiding_subjects": (3, "count"),
    "crime.aiding_settlement": (20_000_000, "fen"),
    "crime.aiding_ad_funding": (5_000_000, "fen"),
    "crime.aiding_illegal_gain": (1_000_000, "fen"),
    "crime.aiding_repeat_within": (2, "year"),
    "crime.aiding_unproven_multiplier": (5, "count"),
    # 反电信网络诈骗法: 100,000 / 200,000 / 500,000 / 5,000,000 yuan
    "penalty.exit_ban_min": (6, "month"),
    "penalty.exit_ban_max": (3, "year"),
    "penalty.below_crime_detention_min": (10, "day"),
    "penalty.below_crime_detention_max": (15, "day"),
    "penalty.below_crime_multiple_max": (10, "count"),
    "penalty.below_crime_fine_max": (10_000_000, "fen"),
    "penalty.industry_fine_min": (5_000_000, "fen"),
    "penalty.industry_fine_max": (50_000_000, "fen"),
    "penalty.industry_serious_fine_min": (50_000_000, "fen"),
    "penalty.industry_serious_fine_max": (500_000_000, "fen"),
    "penalty.person_fine_min": (1_000_000, "fen"),
    "penalty.person_fine_max": (20_000_000, "fen"),
    "penalty.devices_fine_max": (50_000_000, "fen"),
    "penalty.cards_fine_max": (20_000_000, "fen"),
    "penalty.cards_detention_max": (15, "day"),
    # 留存
    "retention.impact_assessment": (3, "year"),
    "retention.network_logs": (6, "month"),
    "retention.aml_records": (10, "year"),
    "freeze.aml_temporary": (48, "hour"),
}

PRACTICE = {
    "report.first_stop": (5, "minute"),
    "stop.alerts": ([24, 12, 4, 1], "hour"),
    "freeze.alerts": ([15, 7, 3, 1], "day"),
    "trace.window": (60, "minute"),
    "trace.depth_default": (5, "count"),
    "trace.depth_max": (10, "count"),
    "relief.target": (3, "day"),
    "clue.push_urgent": (30, "minute"),
    "clue.sign_urgent": (1, "hour"),
    "clue.sign_normal": (24, "hour"),
    "clue.analysis": (7, "workday"),
    "warning.p0.sign": (1, "minute"),
    "warning.p0.call": (3, "minute"),
    "warning.p0.visit": (30, "minute"),
    "warning.p0.visit_rural": (60, "minute"),
    "warning.p0.watch": (72, "hour"),
    "warning.p0.watch_checks": (3, "count"),
    "warning.p1.sign": (5, "minute"),
    "warning.p1.call": (10, "minute"),
    "warning.p1.visit": (60, "minute"),
    "warning.p1.visit_rural": (2, "hour"),
    "warning.p1.watch": (72, "hour"),
    "warning.p2.sign": (30, "minute"),
    "warning.p2.call": (60, "minute"),
    "warning.p2.visit": (24, "hour"),
    "warning.p2.watch": (7, "day"),
    "warning.p3.call": (24, "hour"),
    "warning.victim_window": (30, "day"),
    "retention.audit_online": (6, "month"),
    "retention.audit_archive": (3, "year"),
    "retention.audit_archive_money": (10, "year"),
    "retention.warning_targets": (180, "day"),
    "target.awareness": (92, "percent"),
    "target.warning_accuracy": (90, "percent"),
    "target.clue_conversion": (85, "percent"),
}

CODES = {
    "stop.match_items": {"account_name", "account_number", "amount", "transaction_time"},
    "return.modes": {"A", "B", "C"},
    "fraud.types": {f"{n:02d}" for n in range(1, 14)} | {"99"},
    "message.id_types": {f"{n:02d}" for n in range(1, 17)} | {"99"},
    "message.feature_codes": {
        "1001", "1002", "2001", "3001", "3002", "3003", "3004", "3005", "3006", "3007", "3008", "9999", "0000",
    },
    "message.freeze_types": {"01", "02"},
    "message.payment_selectors": {"A1", "A2", "A3"},
    "warning.grades": {"P0", "P1", "P2", "P3"},
    "discipline.groups": {"A", "B"},
}  # fmt: skip

ORDERS_AND_ANSWERS = {
    "100101": "100102", "100103": "100104", "100105": "100106",
    "100201": "100202", "100203": "100204", "100205": "100206",
    "100301": "100302", "100303": "100304", "100305": "100306", "100307": "100308", "100309": "100310",
    "100401": "100402",
}  # fmt: skip

DISCIPLINE_BY_DATE = [
    # listing date, version, no non-counter or discipline of determined persons, no new account
    (date(2018, 6, 1), "261-2016", 5, 3),
    (date(2019, 3, 31), "261-2016", 5, 3),
    (date(2019, 4, 1), "85-2019", 5, 5),
    (date(2024, 11, 30), "85-2019", 5, 5),
    (date(2024, 12, 1), "JOINT-2024", 2, None),
    (date(2026, 1, 1), "JOINT-2024", 2, None),
]


def row(key: str, on: date = TODAY) -> PolicyRule:
    return in_force(shipped_rows(), key, on)


@pytest.mark.parametrize(("key", "expected"), [*LAW.items(), *PRACTICE.items()])
def test_row_says_what_the_notes_say(key: str, expected: tuple[object, str]) -> None:
    found = row(key)
    assert (found.value, found.unit) == expected


@pytest.mark.parametrize(("key", "expected"), CODES.items())
def test_code_list_is_complete(key: str, expected: set[str]) -> None:
    found = row(key)
    assert set(found.codes()) == expected


def test_every_order_names_its_answer() -> None:
    found = row("message.transaction_codes")
    entries: Any = found.value
    assert {entry["code"]: entry["reply"] for entry in entries if "reply" in entry} == ORDERS_AND_ANSWERS


@pytest.mark.parametrize(("on", "version", "term", "new_account"), DISCIPLINE_BY_DATE)
def test_discipline_follows_the_rule_of_the_listing_date(
    on: date, version: str, term: int, new_account: int | None
) -> None:
    assert row("discipline.rule_version", on).value == version
    assert row("discipline.determined_term", on).value == term
    if new_account is None:
        with pytest.raises(NoRuleInForce):
            row("discipline.new_account_ban", on)
    else:
        assert row("discipline.new_account_ban", on).value == new_account


def test_convicted_persons_are_disciplined_only_since_the_joint_measures() -> None:
    assert row("discipline.convicted_term", date(2024, 12, 1)).value == 3
    with pytest.raises(NoRuleInForce, match=r"discipline\.convicted_term.*2024-11-30"):
        row("discipline.convicted_term", date(2024, 11, 30))


@pytest.mark.parametrize(
    "key", ["appeal.accept", "appeal.verify", "appeal.notify", "warning.p0.sign", "warning.p2.visit"]
)
def test_what_is_not_known_is_never_passed_off_as_law(key: str) -> None:
    found = row(key)
    assert found.tag == "D"
    assert "未" in found.note or "没有" in found.note


def test_nothing_overlaps_and_no_key_is_written_twice_for_a_day() -> None:
    spans: dict[str, list[tuple[date, date]]] = {}
    for each in shipped_rows():
        spans.setdefault(each.key, []).append((each.effective_from, each.effective_to or date.max))
    for key, found in spans.items():
        ordered = sorted(found)
        assert all(end <= begin for (_, end), (begin, _) in pairwise(ordered)), key
