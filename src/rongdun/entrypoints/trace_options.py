"""Words of the command line as a trace takes them: spans of time, moments, accounts by institution and number."""

import re
from collections.abc import Iterable
from typing import Final

from rongdun.analytics.engines.choose import ENGINES
from rongdun.analytics.statements.exact import Refused, exact_moment
from rongdun.analytics.statements.schema import DAY
from rongdun.analytics.tracing.model import HOUR, Rule
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import Invalid, Text

Key = tuple[str, str]
"""Institution (may be empty) and number."""

_UNITS: Final = {"s": HOUR // 3600, "m": HOUR // 60, "h": HOUR, "d": 24 * HOUR}
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])", re.ASCII)
_A_DAY: Final = 24 * HOUR


class WrongOption(Invalid):
    """An option of the command cannot be read."""

    code = "wrong_option"
    action = Text("请改正这个选项", "Correct this option")


def span_of(option: str, text: str) -> int:
    """Return the microseconds of ``72h``, ``90m``, ``1.5d`` or ``30s``."""
    found = _SPAN.fullmatch(half_width(text).lower())
    if not found:
        raise WrongOption(
            Text(
                f"{option} “{text}” 应写成 72h、60m 或 3d",
                f"{option} {text!r} should be such as 72h, 60m or 3d",
            )
        )
    return round(float(found[1]) * _UNITS[found[2]])


def moment_of(option: str, text: str) -> int:
    """Return the moment a text names in microseconds since 1970 UTC; a day alone is the whole of that day."""
    try:
        told = exact_moment(text)
    except Refused:
        raise WrongOption(
            Text(f"{option} “{text}” 不是能识别的时间", f"{option} {text!r} is no time that can be read")
        ) from None
    return told.micros + (_A_DAY - 1 if told.precision == DAY else 0)


def accounts_of(option: str, texts: Iterable[str]) -> dict[Key, str]:
    """Return what is said of accounts: ``INSTITUTION:ACCOUNT=word`` or ``ACCOUNT=word``, by account."""
    found: dict[Key, str] = {}
    for text in texts:
        account, equals, word = half_width(text).rpartition("=")
        institution, _, number = account.rpartition(":")
        if not equals or not number or not word:
            raise WrongOption(
                Text(
                    f"{option} “{text}” 应写成 机构：账号=值",
                    f"{option} {text!r} should be INSTITUTION:ACCOUNT=value",
                )
            )
        found[institution.strip(), number.strip()] = word.strip()
    return found


def follows_of(option: str, texts: Iterable[str]) -> dict[Key, bool]:
    """Return which accounts are to be followed (``follow``) or stopped at (``stop``) in this case."""
    told = accounts_of(option, texts)
    for word in told.values():
        if word not in ("stop", "follow"):
            raise WrongOption(
                Text(f"{option} 的值只能是 stop 或 follow", f"{option} takes stop or follow, not {word!r}")
            )
    return {key: word == "follow" for key, word in told.items()}


def rule_of(text: str) -> Rule:
    """Return the rule of a name; raises :class:`WrongOption` naming all of them."""
    name = text.strip().lower().replace("-", "_")
    if name not in set(Rule):
        names = "、".join(Rule)
        raise WrongOption(
            Text(f"--rule “{text}” 不是规则，可用：{names}", f"--rule {text!r}: use one of {', '.join(Rule)}")
        )
    return Rule(name)


def engine_of(text: str) -> str:
    """Return the name of an engine; raises :class:`WrongOption` naming all of them."""
    if text not in ENGINES:
        names = "、".join(ENGINES)
        raise WrongOption(
            Text(
                f"--engine “{text}” 不是引擎，可用：{names}",
                f"--engine {text!r}: use one of {', '.join(ENGINES)}",
            )
        )
    return text
