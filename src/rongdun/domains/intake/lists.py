"""The lists of the form as the policy table has them today, and words for codes."""

from collections.abc import Mapping

from rongdun.domains.intake.rules import ITEMS
from rongdun.domains.intake.schemas import CodeOut, Words
from rongdun.kernel.errors import Text
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import codes
from rongdun.runtime.uow import Uow

KEYS = {
    "sources": "report.sources",
    "classifications": "report.classifications",
    "fraud_types": "fraud.types",
    "channels": "case.contact_channels",
    "methods": "case.payment_kinds",
    "vulnerabilities": "case.vulnerabilities",
    "items": "stop.match_items",
}
_EXTRA = {"institution": Text("开户机构", "The institution"), "": Text("", "")}


def words(text: Text) -> Words:
    """Return a text as the API shows it."""
    return Words(zh=text.zh, en=text.en)


def names_of(uow: Uow, which: str) -> dict[str, Text]:
    """Return the names of a list's codes in force today."""
    return {one.code: one.name for one in codes(uow.session, KEYS[which], on=civil_date(uow.now))}


def entries_of(uow: Uow, which: str) -> list[CodeOut]:
    """Return a list as the form shows it."""
    return [CodeOut(code=code, name=words(name)) for code, name in names_of(uow, which).items()]


def named(code: str, names: Mapping[str, Text]) -> Words:
    """Return a code in words; one the table no longer has is shown as it is."""
    return words(names.get(code) or _EXTRA.get(code) or Text(code, code))


def missing_out(keys: list[str]) -> list[CodeOut]:
    """Return the missing items of a report in words."""
    return [CodeOut(code=key, name=words(ITEMS[key])) for key in keys]
