"""The auditor's desk: searching and checking the audit, and revealing masked data for a purpose."""

from rongdun.domains.oversight.api import router
from rongdun.domains.oversight.history import HistoryLine, history_of
from rongdun.domains.oversight.jobs import JOBS, sign_roots
from rongdun.domains.oversight.reveal import check_purpose

__all__ = ["JOBS", "HistoryLine", "check_purpose", "history_of", "router", "sign_roots"]
