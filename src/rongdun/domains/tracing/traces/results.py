"""Results of a trace: sealed and compressed when they are kept, opened once for a digest, found by address."""

import base64
import hashlib
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from rongdun.domains.tracing.accounts import AccountKey, account_id
from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.errors import NoSuchTraceAccount, NotComputed
from rongdun.domains.tracing.traces.model import CONTENT, Trace, TraceResult
from rongdun.domains.tracing.traces.told import Told, ToldAccount, ToldTotals, from_json, to_json
from rongdun.kernel.ids import new_id
from rongdun.runtime.crypto import Vault
from rongdun.runtime.uow import Uow

_KEPT = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A result with the address of each of its accounts, by place."""

    told: Told
    addresses: list[str]
    digest: str

    def place_of(self, address: str) -> int:
        """Return the place of the account at an address; :class:`NoSuchTraceAccount`."""
        try:
            return self.addresses.index(address)
        except ValueError:
            raise NoSuchTraceAccount() from None


_cache: "OrderedDict[tuple[str, str], Opened]" = OrderedDict()
_lock = Lock()


def sealed_result(vault: Vault, found: Trace, told: Told) -> TraceResult:
    """Return the row that keeps ``told`` with the trace."""
    text = to_json(told)
    row = TraceResult(id=new_id(), trace_id=found.id, unit_path=found.unit_path, rule=told.rule)
    row.digest = hashlib.sha256(text.encode()).hexdigest()
    packed = base64.b85encode(zlib.compress(text.encode(), 6)).decode()
    row.content = vault.seal(packed, CONTENT.context_of(row.id))
    return row


def result_of(uow: Uow, found: Trace, rule: str) -> Opened:
    """Return what a trace found by a rule; :class:`NotComputed` where it has not been computed."""
    row = store.find_result(uow.session, uow.actor.scope, found.id, rule)
    if row is None:
        raise NotComputed()
    name = (str(found.id), row.digest)
    with _lock:
        opened = _cache.get(name)
    if opened is None:
        opened = _open(uow.vault, row)
        with _lock:
            _cache[name] = opened
            while len(_cache) > _KEPT:
                _cache.popitem(last=False)
    return opened


def read_once(uow: Uow, found: Trace, rule: str) -> Opened | None:
    """Return what a trace found by a rule, None where there is nothing; not kept for the next who asks."""
    row = store.find_result(uow.session, uow.actor.scope, found.id, rule)
    return None if row is None else _open(uow.vault, row)


def account_at(uow: Uow, found: Trace, address: str) -> ToldAccount:
    """Return the account at an address that any rule's result holds; :class:`NoSuchTraceAccount`."""
    rules = store.digests_of(uow.session, uow.actor.scope, found.id)
    if not rules:
        raise NotComputed()
    for rule in sorted(rules, key=lambda one: one != found.rule):
        opened = result_of(uow, found, rule)
        if address in opened.addresses:
            return opened.told.accounts[opened.place_of(address)]
    raise NoSuchTraceAccount()


def write_totals(found: Trace, totals: ToldTotals) -> None:
    """Write the sums of the rule that is shown first beside the trace, for the list."""
    found.seeds_fen, found.left_fen = totals.seeds_fen, totals.left_fen
    found.ended_fen, found.frontier_fen = totals.ended_fen, totals.frontier_fen
    found.limit_fen = totals.limit_fen


def addresses_of(vault: Vault, told: Told) -> list[str]:
    """Return the address of each account: the same as the ledger's pages have."""
    return [account_id(vault, AccountKey(one.institution, one.number)) for one in told.accounts]


def _open(vault: Vault, row: TraceResult) -> Opened:
    packed = vault.open(row.content, CONTENT.context_of(row.id))
    told = from_json(zlib.decompress(base64.b85decode(packed)).decode())
    return Opened(told, addresses_of(vault, told), row.digest)
