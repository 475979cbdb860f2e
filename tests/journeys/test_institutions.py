"""The page of institutions: what goes to each by form, and how the last night's comparison went."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, People
from tests.journeys.test_look import complaints

BANK = "演示浦江银行"
SILENT = "演示茉莉支付"
SPEAKS = (
    "update exchange_institutions set profile = 'iso20022', carries = '{stop}', otherwise = 'form', asks_status = true"
    " where name = %s"
)
AS_BEFORE = (
    "update exchange_institutions set profile = 'national', carries = '{}', otherwise = '', asks_status = false"
    " where name = %s"
)
COMPARED = """
with made as (
  insert into exchange_reconciliations
    (id, institution, unit_path, day, made_at, made_by, ours, theirs, agreed, differences)
  select %s, code, unit_path, '2026-06-30', now(), 'system', 3, 4, 3,
         '[{"application_id": "演示1", "kind": "stop", "difference": "unknown_to_us", "ours": "", "theirs": ""}]'
  from exchange_institutions where name = %s returning *)
insert into exchange_days (id, institution, unit_path, day, state, due_at, opened_at, settled_at, reconciliation_id)
select %s, institution, unit_path, day, 'differing', now(), now(), now(), id from made
on conflict do nothing
"""


MISSING = """
insert into exchange_days
  (id, institution, unit_path, day, state, attempts, last_error, last_error_en, due_at, opened_at, settled_at)
select %s, code, unit_path, '2026-07-01', 'unanswered', 9, '该机构没有提供当日账册：没有放入当日账册文件',
       'The institution did not tell its book of that day: no book of that day was laid down', now(), now(), now()
from exchange_institutions where name = %s on conflict do nothing
"""
FOUND_AGAIN = "delete from exchange_days where day = '2026-07-01'"


@pytest.fixture
def silent(people: People) -> Iterator[str]:
    """A bank whose book of a day never came."""
    people.centre.execute(MISSING, uuid4(), SILENT)
    yield SILENT
    people.centre.execute(FOUND_AGAIN)


@pytest.mark.parametrize(
    ("language", "size", "why", "name"),
    [
        (
            "zh-CN",
            DESK,
            "未取得对方账册 · 该机构没有提供当日账册：没有放入当日账册文件",
            "与演示茉莉支付对账",
        ),
        ("en", DESK, "its book never came · The institution did not tell its book", "with Demo Moli Pay"),
        ("zh-CN", PHONE, "没有放入当日账册文件", "与演示茉莉支付对账"),
        ("en", PHONE, "no book of that day was laid down", "with Demo Moli Pay"),
    ],
)
def test_why_a_book_is_missing_is_said_and_its_day_is_the_one_to_compare(
    people: People, silent: str, language: str, size: dict[str, int], why: str, name: str
) -> None:
    page = people("leader1", language=language, size=size)
    page.goto("/exchange/institutions")
    shown = page.get_by_role("listitem").filter(has_text="2026-07-01")
    expect(shown).to_contain_text(why)
    assert complaints(page) == []
    shown.get_by_role("button").click()
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog.get_by_role("combobox")).to_have_value("2026-07-01")


@pytest.fixture
def bank(people: People) -> Iterator[str]:
    """A bank that speaks ISO 20022, whose book of a day differed from ours."""
    people.centre.execute(SPEAKS, BANK)
    people.centre.execute(COMPARED, uuid4(), BANK, uuid4())
    yield BANK
    people.centre.execute(AS_BEFORE, BANK)


@pytest.mark.parametrize(
    ("language", "size", "rest", "night"),
    [
        ("zh-CN", DESK, "报文送达：止付；其余由联络员填报", "2026-06-30 对账：1 项差异"),
        ("en", PHONE, "Messages for: Stop; its liaison answers the rest", "2026-06-30: differences: 1"),
    ],
)
@pytest.mark.usefixtures("bank")
def test_what_goes_by_form_and_what_differed_last_night_are_seen(
    people: People, language: str, size: dict[str, int], rest: str, night: str
) -> None:
    page = people("leader1", language=language, size=size)
    page.goto("/exchange/institutions")
    shown = page.get_by_role("listitem").filter(has_text="ISO 20022")
    expect(shown).to_contain_text(rest)
    expect(shown).to_contain_text(night)
    assert complaints(page) == []
