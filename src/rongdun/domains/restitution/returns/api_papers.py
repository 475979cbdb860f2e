"""The endpoint that hands the papers of a return over, as PDF or Word; each on record."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.restitution.errors import NoSuchClaim
from rongdun.domains.restitution.handing import hand_over
from rongdun.domains.restitution.returns import papers, service, store
from rongdun.domains.restitution.returns.paper_kinds import TITLES, papers_of
from rongdun.kernel.errors import Forbidden
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.letters.forms import Block
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/returns/{return_id}/papers", tags=["restitution"])

Paper = Literal["application", "report", "notice", "decision", "assist_notice", "receipt"]
OfClaim = Annotated[UUID | None, Query(description="申请表所属被害人 / whose application")]


@router.get("/{paper}.{kind}", permission="return.read", response_class=Response)
def take_paper(
    uow: UowDep,
    return_id: UUID,
    paper: Paper,
    kind: Literal["pdf", "docx"],
    language: LanguageDep,
    claim: OfClaim = None,
) -> Response:
    """文书 / A paper of the return; which there are, and for whom, says ``papers`` of the return."""
    found = service.find(uow, return_id)
    if paper not in papers_of(found, uow.actor):
        raise Forbidden
    claims = store.claims_of(uow.session, uow.actor.scope, found.id)
    matter = papers.matter_of(uow, found, claims, language)
    blocks = _application(matter, claim) if paper == "application" else papers.PAPERS[paper](matter)
    return hand_over(
        uow,
        found,
        blocks,
        TITLES[paper],
        action="return.paper_taken",
        kind=kind,
        language=language,
        number=found.decision_number if paper in ("decision", "assist_notice", "receipt") else "",
    )


def _application(matter: papers.Matter, claim: UUID | None) -> list[Block]:
    for row in matter.rows:
        if row.claim.id == claim:
            return papers.application(matter, row)
    raise NoSuchClaim
