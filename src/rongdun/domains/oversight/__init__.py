"""The auditor's desk: searching and checking the audit, and revealing masked data for a purpose."""

from rongdun.domains.oversight.api import router
from rongdun.domains.oversight.jobs import JOBS, sign_roots

__all__ = ["JOBS", "router", "sign_roots"]
