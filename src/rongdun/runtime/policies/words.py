"""Rules in words: families of keys, units, and values as screens, sheets and documents show them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rongdun.kernel.errors import Text
from rongdun.kernel.policy import DURATIONS, Value, ValueUnit

FAMILIES: Mapping[str, Text] = {
    "stop": Text("紧急止付", "Emergency stop"),
    "query": Text("查询", "Query orders"),
    "trace": Text("资金追踪", "Money trace"),
    "freeze": Text("冻结", "Freezing"),
    "relief": Text("异议与解冻", "Relief"),
    "return": Text("资金返还", "Return of money"),
    "report": Text("接警", "Intake"),
    "case": Text("案件", "Cases"),
    "filing": Text("立案", "Filing"),
    "supervision": Text("挂牌督办", "Listed supervision"),
    "custody": Text("强制措施", "Custody"),
    "clue": Text("线索", "Clues"),
    "warning": Text("预警劝阻", "Warnings"),
    "account": Text("账户管理", "Accounts"),
    "card": Text("卡主倒查", "Holder back-trace"),
    "outlet": Text("网点", "Outlets"),
    "number": Text("号码", "Numbers"),
    "agent": Text("代理商", "Agents"),
    "discipline": Text("惩戒", "Discipline"),
    "measure": Text("限制措施", "Measures"),
    "appeal": Text("申诉", "Appeals"),
    "company": Text("对公账户", "Companies"),
    "crime": Text("入罪标准", "Crime thresholds"),
    "penalty": Text("行政处罚", "Penalties"),
    "fraud": Text("诈骗类型", "Types of fraud"),
    "message": Text("报文代码", "Message codes"),
    "exchange": Text("与机构对账", "Reconciliation"),
    "publicity": Text("宣传防范", "Publicity"),
    "target": Text("工作目标", "Targets"),
    "retention": Text("留存", "Retention"),
    "access": Text("访问控制", "Access"),
    "policy": Text("规则变更", "Rule changes"),
}
"""The first part of a key, in the order of work."""

UNITS: Mapping[ValueUnit, Text] = {
    ValueUnit.MINUTE: Text("分钟", "minutes"),
    ValueUnit.HOUR: Text("小时", "hours"),
    ValueUnit.DAY: Text("日", "days"),
    ValueUnit.WORKDAY: Text("个工作日", "working days"),
    ValueUnit.MONTH: Text("个月", "months"),
    ValueUnit.YEAR: Text("年", "years"),
    ValueUnit.COUNT: Text("数量", "count"),
    ValueUnit.PERCENT: Text("%", "%"),
    ValueUnit.FEN: Text("元", "yuan"),
    ValueUnit.FLAG: Text("是否", "yes or no"),
    ValueUnit.TEXT: Text("文字", "text"),
    ValueUnit.CODES: Text("代码表", "code list"),
}
"""Units in words; an amount is stored in fen and shown in yuan."""

ORIGINS: Mapping[str, Text] = {
    "seed": Text("随产品提供", "Shipped"),
    "change": Text("变更登记", "Confirmed change"),
}

_YES, _NO = Text("是", "yes"), Text("否", "no")
_NOTHING = Text("不再适用", "no longer applies")
_WORDS: Mapping[str, Text] = {
    "city": Text("设区的市级以上公安机关", "police at city level or above"),
    "county": Text("县级以上公安机关", "police at county level or above"),
    "receive_only": Text("只收不付", "receive only"),
    "anti_fraud": Text("仅限反诈", "anti-fraud only"),
}


def family_of(key: str) -> str:
    """Return the family of ``key``: its first part."""
    return key.partition(".")[0]


def family_name(key: str) -> Text:
    """Return the family of ``key`` in words."""
    family = family_of(key)
    return FAMILIES.get(family, Text(family, family))


def shown(value: Value | None, unit: ValueUnit) -> Text:
    """Return a rule's value in words, e.g. 48小时 / 48 hours; ``None`` is a rule that has ended."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, str):
        return _WORDS.get(value, Text(value, value))
    if isinstance(value, int | Decimal):
        return _measured(str(value) if unit is not ValueUnit.FEN else yuan(int(value)), unit)
    return _listed(list(value), unit)


def yuan(fen: int) -> str:
    """Return an amount in fen as yuan with thousands separators; whole yuan without decimals."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}" if rest == 0 else f"{whole:,}.{rest:02d}"


def _measured(number: str, unit: ValueUnit) -> Text:
    if unit is ValueUnit.COUNT:
        return Text(number, number)
    if unit is ValueUnit.PERCENT:
        return Text(f"{number}%", f"{number}%")
    words = UNITS[unit]
    english = words.en.removesuffix("s") if number == "1" and unit in DURATIONS else words.en
    return Text(f"{number}{words.zh}", f"{number} {english}")


def _listed(value: list[Any], unit: ValueUnit) -> Text:
    if unit is ValueUnit.CODES:
        names = [(entry["zh"], entry["en"]) for entry in value]
        return Text("、".join(zh for zh, _ in names), "; ".join(en for _, en in names))
    numbers = [str(number) for number in value]
    return Text("、".join(numbers) + UNITS[unit].zh, ", ".join(numbers) + f" {UNITS[unit].en}")
