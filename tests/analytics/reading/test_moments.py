"""Moments as callers say them, read from Monday 2 March 2026, 15:00 in Shanghai; the answers worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongdun.analytics.reading import Unreadable, find_moments, read_moment
from rongdun.kernel.clock import SHANGHAI

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=SHANGHAI)

SAID = {
    "今天下午两点半": "2026-03-02 14:30",
    "昨晚10点20": "2026-03-01 22:20",
    "昨天晚上十点二十分": "2026-03-01 22:20",
    "今早8:05": "2026-03-02 08:05",
    "上午9点一刻": "2026-03-02 09:15",
    "前天中午12点": "2026-02-28 12:00",
    "中午1点": "2026-03-02 13:00",
    "凌晨三点三刻": "2026-03-02 03:45",
    "昨晚12点": "2026-03-02 00:00",
    "昨晚1点": "2026-03-02 01:00",
    "3月1日14:05": "2026-03-01 14:05",
    "三月一号下午两点零五分": "2026-03-01 14:05",
    "12月31日23:59": "2025-12-31 23:59",
    "2026-03-01 12:30:15": "2026-03-01 12:30:15",
    "2026年3月1日12时30分15秒": "2026-03-01 12:30:15",
    "2026/3/1 12:30": "2026-03-01 12:30",
    "20260301123000": "2026-03-01 12:30",
    "半小时前": "2026-03-02 14:30",
    "10分钟前": "2026-03-02 14:50",
    "两个小时前": "2026-03-02 13:00",
    "刚才": "2026-03-02 15:00",
    "周五上午10点": "2026-02-27 10:00",
    "上周三下午3点": "2026-02-25 15:00",
    "14:05": "2026-03-02 14:05",
    "今天 9点20": "2026-03-02 09:20",
}


@pytest.mark.parametrize(("said", "meant"), SAID.items())
def test_what_people_say_is_the_moment_they_mean(said: str, meant: str) -> None:
    read = read_moment(said, now=NOW).at.astimezone(SHANGHAI)
    assert read == datetime.fromisoformat(meant).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("said", ["两点半", "三点半", "昨天9点", "16:00", "刚才", "半小时前"])
def test_what_may_mean_two_moments_says_so(said: str) -> None:
    assert read_moment(said, now=NOW).doubt is not None


@pytest.mark.parametrize("said", ["今天下午两点半", "昨晚10点20", "14:05", "今天9点20", "2026-03-01 12:30"])
def test_what_is_certain_raises_no_doubt(said: str) -> None:
    assert read_moment(said, now=NOW).doubt is None


@pytest.mark.parametrize(
    "said", ["今天下午4点", "2026-03-03 00:00", "那天", "", "25点", "2月30日10点", "10:75"]
)
def test_a_moment_ahead_or_none_at_all_is_refused(said: str) -> None:
    with pytest.raises(Unreadable):
        read_moment(said, now=NOW)


@given(st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2026, 3, 2, 14, 59)))
def test_what_a_form_writes_is_read_back(moment: datetime) -> None:
    meant = moment.replace(microsecond=0, tzinfo=SHANGHAI)
    assert read_moment(meant.strftime("%Y-%m-%d %H:%M:%S"), now=NOW).at == meant.astimezone(UTC)


@given(st.text(max_size=40))
def test_no_text_brings_the_reader_down(text: str) -> None:
    for start, end, moment in find_moments(text, now=NOW):
        assert 0 <= start < end <= len(text)
        assert moment.at <= NOW


def test_a_clock_without_a_day_follows_the_day_last_said() -> None:
    text = "昨天下午3点转了一笔,4点10分又转了一笔"
    read = [moment.at.astimezone(SHANGHAI) for _, _, moment in find_moments(text, now=NOW)]
    assert read[0] == NOW - timedelta(days=1)
    assert read[1].date() == read[0].date()
