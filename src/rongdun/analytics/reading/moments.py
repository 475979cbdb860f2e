"""Moments as people say them: 今天下午两点半, 昨晚10点20, 刚才, 半小时前, 3月1日14:05. Pure.

Civil time is Asia/Shanghai. Nothing is guessed silently: where a text can mean two moments the likelier one is
returned with a doubt that the form shows, and a moment that lies ahead is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rongdun.analytics.reading.numerals import DIGITS, UNITS, chinese_number
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import Invalid, Text

_N = rf"(?:\d+|[{''.join((*DIGITS, *UNITS))}]+)"
_DAY = (
    rf"(?P<date>(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<mday>\d{{1,2}})\s*[日号]?"
    rf"|(?P<m>{_N})\s*月\s*(?P<d>{_N})\s*[日号]?|(?P<ms>\d{{1,2}})[-/](?P<ds>\d{{1,2}})(?=\s))"
    r"|(?P<rel>大前天|前天|昨天|昨日|今天|今日|当天|昨(?=[晚夜早])|今(?=[晚早晨]))"
    r"|(?P<weekday>(?P<last>上)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天]))"
)
_PART = (
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|正午|下午|午后|傍晚|晚上|夜里|夜晚|半夜|深夜|晚间|午夜|早|晚|夜)"
)
_CLOCK = (
    rf"(?P<h>{_N})\s*(?:(?P<colon>[::])|时|点钟|点)\s*(?:(?P<half>半)|(?P<quarter>[一三])刻|整|(?P<min>{_N})\s*分?)?"
    r"(?:\s*[::]?\s*(?P<sec>\d{1,2})\s*秒?)?"
)
_SPOKEN = re.compile(rf"(?:{_DAY})?\s*[T的]?\s*(?:{_PART})?\s*(?:{_CLOCK})")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})\s*(\d{2})(\d{2})(\d{2})?")
_AGO = re.compile(
    rf"(?:大概|大约|约|差不多)?\s*(?:(?P<some>半)\s*个?\s*(?P<someunit>小时|钟头|天)"
    rf"|(?P<n>{_N})\s*(?:个)?\s*(?P<unit>分钟|分|小时|钟头|天)(?P<more>半)?)(?:之前|以前|前)"
)
_NOW = re.compile(r"刚才|刚刚|方才|现在|就在刚才")

_OFFSETS = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "昨": 1, "今天": 0, "今日": 0, "当天": 0, "今": 0}
_WEEKDAYS = {name: place for place, name in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_MORNING = frozenset({"凌晨", "清晨", "早上", "早晨", "上午", "早"})
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "晚上", "晚间", "晚", "夜里", "夜晚", "夜", "深夜"})
_NIGHT = frozenset({"晚上", "晚间", "晚", "夜里", "夜晚", "夜", "半夜", "深夜", "午夜"})
_STEP = {"分": 1, "分钟": 1, "小时": 60, "钟头": 60, "天": 1440}
_EARLIEST = 2000
_DAYBREAK = 6
"""Nobody means an hour before this without saying that it was night."""


class Unreadable(Invalid):
    """A moment cannot be read, or lies ahead."""

    code = "unreadable_time"
    message = Text("时间无法识别", "The time cannot be read")
    action = Text(
        "请写成“今天下午2点30分”“昨晚10点20”或“2026-03-01 14:30”",
        "Write it as 2026-03-01 14:30, or as it was said in Chinese",
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC; ``precision`` is how finely it was said: second, minute, quarter, hour.

    ``doubt`` says what else the text may mean; None where it is certain.
    """

    at: datetime
    precision: str
    doubt: Text | None = None


def read_moment(text: str, *, now: datetime) -> Moment:
    """Return the moment ``text`` names, looking back from ``now``; :class:`Unreadable` otherwise."""
    plain = half_width(text)
    found = _one(plain, now)
    if found is None:
        raise Unreadable()
    if found.at > now:
        raise Unreadable(Text("时间在将来", "The time lies in the future"))
    return found


def find_moments(text: str, *, now: datetime) -> Iterator[tuple[int, int, Moment]]:
    """Yield ``(start, end, moment)`` of every moment a text mentions; a clock without a day takes the last day."""
    day: date | None = None
    for match in _candidates(text):
        try:
            moment = _from_match(match, now, day)
        except (ValueError, Unreadable):
            continue
        if moment is None or moment.at > now:
            continue
        if match.re is _SPOKEN and _has_day(match):
            day = _day_said(match, now)
        yield match.start(), match.end(), moment


def _candidates(text: str) -> list[re.Match[str]]:
    every = [match for shape in (_AGO, _SPOKEN) for match in shape.finditer(text)]
    kept: list[re.Match[str]] = []
    for match in sorted(every, key=lambda one: (one.start(), -one.end())):
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept


def _one(plain: str, now: datetime) -> Moment | None:
    if _NOW.fullmatch(plain):
        return Moment(now.astimezone(UTC).replace(microsecond=0), "quarter", _ABOUT)
    for shape in (_PLAIN, _AGO, _SPOKEN):
        match = shape.fullmatch(plain)
        if match:
            try:
                return _from_match(match, now, None)
            except ValueError:
                return None
    return None


_ABOUT = Text("约略的时间，请与转账凭证核对", "Only roughly: check it against the voucher")


def _from_match(match: re.Match[str], now: datetime, day: date | None) -> Moment | None:
    if match.re is _PLAIN:
        parts = [int(part or 0) for part in match.groups()]
        at = datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=SHANGHAI)
        return Moment(at.astimezone(UTC), "second" if match[6] else "minute")
    if match.re is _AGO:
        minutes = _minutes_ago(match)
        if minutes is None:
            return None
        at = (now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        return Moment(at.astimezone(UTC), "minute" if minutes < 60 else "quarter", _ABOUT)
    return _spoken(match, now, day)


def _minutes_ago(match: re.Match[str]) -> float | None:
    if match["some"]:
        return _STEP[match["someunit"]] / 2
    count = _int(match["n"])
    if count is None:
        return None
    return (count + (0.5 if match["more"] else 0)) * _STEP[match["unit"]]


def _spoken(match: re.Match[str], now: datetime, day: date | None) -> Moment | None:
    hour, minute = _int(match["h"]), _minute(match)
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    second = int(match["sec"]) if match["sec"] else 0
    said = _day_said(match, now) if _has_day(match) else day
    civil = now.astimezone(SHANGHAI)
    if _by_the_clock(match):
        doubt, next_day = None, False
    else:
        hour, doubt, next_day = _hour(hour, match["part"], now=civil, said=said, minute=minute)
    base = said or civil.date()
    at = datetime(base.year, base.month, base.day, tzinfo=SHANGHAI) + timedelta(
        days=1 if next_day else 0, hours=hour, minutes=minute, seconds=second
    )
    if at > civil and said is None:
        at, doubt = at - timedelta(days=1), Text("未说日期，按昨天理解", "No day was said: read as yesterday")
    if at.year < _EARLIEST:
        return None
    return Moment(at.astimezone(UTC), _precision(match), doubt)


def _by_the_clock(match: re.Match[str]) -> bool:
    """Tell whether a moment is written as clocks show it, of twenty-four hours: 2026-03-01 10:05, 10:05:30, 09:20."""
    digital = len(match["h"]) == 2 and match["h"].isdigit() and match["colon"] is not None
    return match["part"] is None and (bool(match["year"]) or digital)


def _hour(
    hour: int, part: str | None, *, now: datetime, said: date | None, minute: int
) -> tuple[int, Text | None, bool]:
    """Return the hour of the day, a doubt, and whether the night said runs into the next day."""
    if part in _NIGHT and hour in (12, 24, 0):
        return 0, None, True
    if part in _NIGHT and hour < 5:
        doubt = Text("深夜几点按次日凌晨理解", "An hour after midnight: read as the next day")
        return hour, doubt, part not in ("半夜", "午夜")
    if part in _AFTERNOON:
        return (hour + 12 if hour < 12 else hour), None, False
    if part in ("中午", "正午"):
        return (hour + 12 if hour < 4 else hour), None, False
    if part in _MORNING or hour > 12 or hour == 0:
        return hour, None, False
    return _likelier(hour, minute, now=now, said=said)


def _likelier(hour: int, minute: int, *, now: datetime, said: date | None) -> tuple[int, Text | None, bool]:
    """Choose between morning and afternoon: the later one that has passed, doubtful if the day was not said."""
    if hour == 12:
        return 12, None, False
    day = said or now.date()
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    later = midnight + timedelta(hours=hour + 12, minutes=minute)
    doubt = Text("未说上午下午，请确认", "Morning or afternoon was not said: please confirm")
    if later > now:
        return hour, doubt if hour < _DAYBREAK else None, False
    return hour + 12, doubt, False


def _minute(match: re.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarter"]:
        return {"一": 15, "三": 45}[match["quarter"]]
    return _int(match["min"]) if match["min"] else 0


def _precision(match: re.Match[str]) -> str:
    if match["sec"]:
        return "second"
    if match["min"]:
        return "minute"
    return "quarter" if match["half"] or match["quarter"] else "hour"


def _has_day(match: re.Match[str]) -> bool:
    return bool(match["date"] or match["rel"] or match["weekday"])


def _day_said(match: re.Match[str], now: datetime) -> date:
    today = now.astimezone(SHANGHAI).date()
    if match["rel"]:
        return today - timedelta(days=_OFFSETS[match["rel"]])
    if match["weekday"]:
        said = today + timedelta(days=_WEEKDAYS[match["wd"]] - today.weekday() - (7 if match["last"] else 0))
        return said if said <= today else said - timedelta(days=7)
    if match["year"]:
        return date(int(match["year"]), int(match["month"]), int(match["mday"]))
    month, day = _int(match["m"] or match["ms"]), _int(match["d"] or match["ds"])
    said = date(today.year, month or 0, day or 0)
    return said if said <= today else date(today.year - 1, said.month, said.day)


def _int(text: str) -> int | None:
    return int(text) if text.isdigit() else chinese_number(text)
