"""Cases: accepted, reviewed, filed or not, investigated; whose money is looked for, and who decides."""

from rongdun.domains.cases import reveal as reveal
from rongdun.domains.cases.api import router
from rongdun.domains.cases.model import Case
from rongdun.domains.cases.persons import Person, Victim, victims_of
from rongdun.domains.cases.rules import CASE
from rongdun.domains.cases.searcher import SEARCHER, ids_numbered
from rongdun.domains.cases.service import (
    CaseDraft,
    CaseRef,
    case_of,
    closed_cases,
    filed_among,
    is_filed,
    open_case,
)
from rongdun.domains.cases.views import masked_phone, masked_story

__all__ = [
    "CASE",
    "SEARCHER",
    "Case",
    "CaseDraft",
    "CaseRef",
    "Person",
    "Victim",
    "case_of",
    "closed_cases",
    "filed_among",
    "ids_numbered",
    "is_filed",
    "masked_phone",
    "masked_story",
    "open_case",
    "router",
    "victims_of",
]
