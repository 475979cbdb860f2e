"""Intake: reports taken while the caller is still on the line, classed, receipted, and made cases of."""

from rongdun.domains.intake import reveal as reveal
from rongdun.domains.intake.api import router
from rongdun.domains.intake.known import reports_naming
from rongdun.domains.intake.rules import REPORT
from rongdun.domains.intake.searcher import SEARCHER

__all__ = ["REPORT", "SEARCHER", "reports_naming", "router"]
