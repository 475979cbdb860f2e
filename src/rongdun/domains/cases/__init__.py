"""Cases: accepted, reviewed, filed or not, investigated; whose money is looked for, and who decides."""

from rongdun.domains.cases.persons import Person, Victim, victims_of
from rongdun.domains.cases.rules import CASE
from rongdun.domains.cases.service import CaseDraft, CaseRef, case_of, is_filed, open_case

__all__ = [
    "CASE",
    "CaseDraft",
    "CaseRef",
    "Person",
    "Victim",
    "case_of",
    "is_filed",
    "open_case",
    "victims_of",
]
