"""What guards the way in: thresholds from the policy table, or the built-in ones where it has none in force."""

from dataclasses import dataclass
from datetime import timedelta

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.deadline import Term, Unit
from rongdun.kernel.policy import NoRuleInForce
from rongdun.runtime.policies import integer, term
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The thresholds of one day; the values here are those of a centre that has no rows of its own."""

    login_failures: int = 5
    lockout: timedelta = timedelta(minutes=15)
    login_attempts_per_address: int = 30
    login_attempts_window: timedelta = timedelta(minutes=10)
    password_min_length: int = 12
    recovery_codes: int = 10


BUILT_IN = AccessRules()
_LENGTHS = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1), Unit.DAY: timedelta(days=1)}


def access_rules(uow: Uow) -> AccessRules:
    """Return the thresholds in force today (``access.*``)."""
    return AccessRules(
        login_failures=_count(uow, "login_failures", BUILT_IN.login_failures),
        lockout=_length(uow, "lockout", BUILT_IN.lockout),
        login_attempts_per_address=_count(
            uow, "login_attempts_per_address", BUILT_IN.login_attempts_per_address
        ),
        login_attempts_window=_length(uow, "login_attempts_window", BUILT_IN.login_attempts_window),
        password_min_length=_count(uow, "password_min_length", BUILT_IN.password_min_length),
        recovery_codes=_count(uow, "recovery_codes", BUILT_IN.recovery_codes),
    )


def _count(uow: Uow, name: str, otherwise: int) -> int:
    try:
        return max(1, integer(uow.session, f"access.{name}", on=uow.now.astimezone(SHANGHAI).date()))
    except NoRuleInForce:
        return otherwise


def _length(uow: Uow, name: str, otherwise: timedelta) -> timedelta:
    try:
        found = term(uow.session, f"access.{name}", on=uow.now.astimezone(SHANGHAI).date())
    except NoRuleInForce:
        return otherwise
    return _elapsed(found, otherwise)


def _elapsed(found: Term, otherwise: timedelta) -> timedelta:
    """Return a term as plain elapsed time; working days and months have none, and change nothing."""
    length = _LENGTHS.get(found.unit)
    return length * found.amount if length else otherwise
