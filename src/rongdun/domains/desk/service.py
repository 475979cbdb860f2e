"""What the desks share: drafts, saved views, files and the one search."""

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from rongdun.domains.desk import store
from rongdun.domains.desk.errors import DraftTooLarge, NoDraft, TooManyDrafts, TooManyViews
from rongdun.domains.desk.model import DRAFT_BODY, VIEW_STATE, Draft, SavedView, Upload
from rongdun.kernel.errors import NotFound, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.files import FileStore, StoredFile, safe_name
from rongdun.runtime.search import Hit, searchers
from rongdun.runtime.uow import Uow

DRAFT_BYTES = 256 * 1024
MAX_DRAFTS = 200
MAX_VIEWS = 50
HITS = 6
"""Hits shown of each kind."""

DRAFTS_KEPT = timedelta(days=30)
"""A draft nobody touched for so long is forgotten: half-filled forms hold personal data."""


def read_draft(uow: Uow, form_key: str) -> tuple[Draft, Any]:
    """Return the actor's draft of a form and what it holds; :class:`NoDraft` when there is none."""
    draft = store.find_draft(uow.session, _person(uow), form_key)
    if draft is None:
        raise NoDraft()
    return draft, json.loads(uow.vault.open(draft.body, DRAFT_BODY.context_of(draft.id)))


def keep_draft(uow: Uow, form_key: str, value: Any) -> Draft:
    """Keep ``value`` as the actor's draft of a form, in place of an earlier one.

    Raises :class:`DraftTooLarge`, :class:`TooManyDrafts`.
    """
    text = json.dumps(value)
    if len(text) > DRAFT_BYTES:
        raise DraftTooLarge()
    draft = store.claim_draft(uow.session, _person(uow), form_key, now=uow.now)
    if store.count_drafts(uow.session, _person(uow)) > MAX_DRAFTS:
        raise TooManyDrafts()
    draft.body = uow.vault.seal(text, DRAFT_BODY.context_of(draft.id))
    draft.updated_at = uow.now
    return draft


def drop_draft(uow: Uow, form_key: str) -> None:
    """Forget the actor's draft of a form: it was submitted or given up."""
    store.delete_draft(uow.session, _person(uow), form_key)


def prune_drafts(uow: Uow) -> int:
    """Forget drafts nobody touched for 30 days; return how many."""
    return store.delete_drafts_before(uow.session, uow.now - DRAFTS_KEPT)


def list_views(uow: Uow, table_key: str) -> list[tuple[SavedView, dict[str, Any]]]:
    """Return the actor's saved views of a table with their states, by name."""
    return [(view, _state(uow, view)) for view in store.views_of(uow.session, _person(uow), table_key)]


def save_view(uow: Uow, *, table_key: str, name: str, state: dict[str, Any]) -> SavedView:
    """Keep a table's state under a name, in place of an earlier one of that name; :class:`TooManyViews`."""
    view = store.claim_view(uow.session, _person(uow), table_key, name=name, now=uow.now)
    if len(store.views_of(uow.session, _person(uow), table_key)) > MAX_VIEWS:
        raise TooManyViews()
    view.state = uow.vault.seal(json.dumps(state), VIEW_STATE.context_of(view.id))
    return view


def remove_view(uow: Uow, view_id: UUID) -> None:
    """Forget one of the actor's saved views; :class:`NotFound` when it is not theirs."""
    if not store.delete_view(uow.session, _person(uow), view_id):
        raise NotFound()


def record_upload(uow: Uow, kept: StoredFile, *, name: str) -> Upload:
    """Put on record that the actor uploaded a kept file for their unit."""
    upload = Upload(
        id=new_id(),
        hash=kept.hash,
        size=kept.size,
        media_type=kept.media_type,
        name=safe_name(name, kept.media_type),
        unit_path=uow.actor.unit_path,
        uploaded_by=_person(uow),
        uploaded_at=uow.now,
    )
    uow.session.add(upload)
    found = {"sha256": kept.hash, "size": kept.size, "media_type": kept.media_type}
    uow.record("file.upload", _subject(upload), unit_path=upload.unit_path, after=found)
    return upload


def open_upload(uow: Uow, hash: str) -> Upload:
    """Return the upload of that content within the actor's scope, and put on record that it was read."""
    upload = store.find_upload(uow.session, hash, uow.actor.scope)
    if upload is None:
        raise NotFound()
    uow.record("file.read", _subject(upload), unit_path=upload.unit_path, after={"sha256": hash})
    return upload


def uploads_named(uow: Uow, hashes: Collection[str]) -> dict[str, Upload]:
    """Return the newest upload of each of these contents within the actor's scope; what it lacks is left out."""
    return store.uploads_by_hash(uow.session, hashes, uow.actor.scope)


def missing_files(uow: Uow, files: FileStore) -> list[str]:
    """Return the hashes on record, within the actor's scope, whose content is not in the store."""
    kept = set(files.hashes())
    return [hash for hash in store.recorded_hashes(uow.session, uow.actor.scope) if hash not in kept]


def search(uow: Uow, q: str) -> list[tuple[str, Sequence[Hit]]]:
    """Return what the actor may see of every kind that matches ``q``; kinds without a hit are left out."""
    words = " ".join(q.split())
    if not words or not words.isprintable():
        return []
    allowed = [searcher for searcher in searchers() if uow.actor.may(searcher.permission)]
    found = [(searcher.kind, searcher.find(uow, words, HITS)[:HITS]) for searcher in allowed]
    return [(kind, hits) for kind, hits in found if hits]


def _state(uow: Uow, view: SavedView) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(uow.vault.open(view.state, VIEW_STATE.context_of(view.id)))
    return state


def _subject(upload: Upload) -> SubjectRef:
    return SubjectRef("file", str(upload.id))


def _person(uow: Uow) -> UUID:
    if uow.actor.user_id is None:
        raise Unauthenticated()
    return uow.actor.user_id
