"""Cases: accepted, reviewed, filed or not, investigated; whose money is looked for, and who decides."""

from rongdun.domains.cases import reveal as reveal
from rongdun.domains.cases.api import router
from rongdun.domains.cases.persons import Person, Victim, victims_of
from rongdun.domains.cases.rules import CASE
from rongdun.domains.cases.searcher import SEARCHER
from rongdun.domains.cases.service import CaseDraft, CaseRef, case_of, is_filed, open_case

__all__ = [
    "CASE",
    "SEARCHER",
    "CaseDraft",
    "CaseRef",
    "Person",
    "Victim",
    "case_of",
    "is_filed",
    "open_case",
    "router",
    "victims_of",
]
