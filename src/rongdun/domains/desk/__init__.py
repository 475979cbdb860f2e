"""What every desk shares: one search, drafts, saved views, files and live updates."""

from rongdun.domains.desk import api_streams as api_streams
from rongdun.domains.desk.api import router
from rongdun.domains.desk.jobs import JOBS
from rongdun.domains.desk.service import missing_files, prune_drafts, record_upload, uploads_named

__all__ = ["JOBS", "missing_files", "prune_drafts", "record_upload", "router", "uploads_named"]
