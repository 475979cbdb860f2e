"""What advice assumes now: what was learnt from closed cases, or the prior that ships where nothing usable was."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID

from rongdun.domains.stop_payment import store_advice
from rongdun.domains.stop_payment.model import AdviceFit
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.tracing.advice.prior import Prior

_log = get_logger("advice")


@dataclass(frozen=True, slots=True)
class Assumed:
    """The figures advice reckons with; ``fit`` is what they were learnt by, None for those that ship."""

    prior: "Prior"
    fit: AdviceFit | None


def assumed(uow: Uow) -> Assumed:
    """Return what advice assumes now. What was kept in another layout or for another prior is not used."""
    from rongdun.analytics.tracing.advice.prior import load_prior

    row = store_advice.newest_fit(uow.session)
    learnt = None if row is None else _of(row)
    return Assumed(load_prior(), None) if learnt is None else Assumed(learnt, row)


_read: "OrderedDict[UUID, Prior | None]" = OrderedDict()
"""By row what it holds, None where that is of no use: read, and complained of, once. Rows are never changed."""

_lock = Lock()
_KEPT = 4


def _of(row: AdviceFit) -> "Prior | None":
    with _lock:
        if row.id not in _read:
            _read[row.id] = _opened(row)
            while len(_read) > _KEPT:
                _read.popitem(last=False)
        return _read[row.id]


def _opened(row: AdviceFit) -> "Prior | None":
    from rongdun.analytics.tracing.advice.learnt import LAYOUT, shipped_digest, with_kept
    from rongdun.analytics.tracing.advice.prior import BadPrior, load_prior

    if row.layout != LAYOUT or row.prior != shipped_digest():
        _log.warning("advice_fit_outdated", fit=str(row.id), layout=row.layout)
        return None
    try:
        return with_kept(load_prior(), row.learnt)
    except BadPrior as error:
        _log.warning("advice_fit_unusable", fit=str(row.id), fault=describe(error))
        return None
