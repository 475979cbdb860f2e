"""The memory of the centre: who did what to what, when and why, so that no change to it stays hidden.

``uow.record`` is all a domain needs. See ``README.md`` for the form of an entry and what is proved.
"""

from rongdun.runtime.audit.canonical import NotCanonical, canonical_json
from rongdun.runtime.audit.chains import entry_fault_of
from rongdun.runtime.audit.errors import RootConflict, SigningKeyMissing, SigningKeyUnusable
from rongdun.runtime.audit.faults import Fault, Report
from rongdun.runtime.audit.log import append, write_entries
from rongdun.runtime.audit.model import AuditEntry, AuditRoot
from rongdun.runtime.audit.redact import mask, mask_text, redact
from rongdun.runtime.audit.roots import SignedRoot, is_authentic, restore_files, sign_daily_root
from rongdun.runtime.audit.signing import trusted_key, trusted_keys
from rongdun.runtime.audit.verify import Evidence, reader, span_size, verify_all, verify_span

__all__ = [
    "AuditEntry",
    "AuditRoot",
    "Evidence",
    "Fault",
    "NotCanonical",
    "Report",
    "RootConflict",
    "SignedRoot",
    "SigningKeyMissing",
    "SigningKeyUnusable",
    "append",
    "canonical_json",
    "entry_fault_of",
    "is_authentic",
    "mask",
    "mask_text",
    "reader",
    "redact",
    "restore_files",
    "sign_daily_root",
    "span_size",
    "trusted_key",
    "trusted_keys",
    "verify_all",
    "verify_span",
    "write_entries",
]
