"""The two conversations that last: receiving a file, and telling a screen what changes.

Both give their database connection back before they wait for the other side.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from rongdun.domains.desk import service
from rongdun.domains.desk.api import file_out, router
from rongdun.domains.desk.schemas import FileOut
from rongdun.kernel.errors import Invalid, Text, Unavailable
from rongdun.runtime.files import FileStore, StoredFile
from rongdun.runtime.live import LiveHub, replay_since, stream
from rongdun.runtime.web import SIGNED_IN, UowDep

_BLOCK = 1 << 20
_BINARY = {"type": "string", "format": "binary"}
_UPLOAD_BODY = {"required": True, "content": {"application/octet-stream": {"schema": _BINARY}}}
_EVENTS = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}


class Interrupted(Invalid):
    """The sender stopped before the file was whole."""

    status = 400
    code = "upload_interrupted"
    message = Text("上传中断，文件未保存", "The upload was interrupted; the file was not kept")
    action = Text("请重新上传", "Upload it again")


@router.post("/files", permission="file.upload", status_code=201, openapi_extra={"requestBody": _UPLOAD_BODY})
async def upload_file(
    request: Request, uow: UowDep, name: Annotated[str, Query(min_length=1, max_length=255)]
) -> FileOut:
    """Keep the request's body as a file of the actor's unit; what it is, its content says."""
    actor = uow.actor
    await run_in_threadpool(uow.release)
    kept = await _receive(request, FileStore.of(uow.settings))
    await run_in_threadpool(uow.act_as, actor)
    return file_out(await run_in_threadpool(service.record_upload, uow, kept, name=name))


@router.get("/events", permission=SIGNED_IN, response_class=StreamingResponse, responses=_EVENTS)
async def events(
    request: Request,
    uow: UowDep,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**63 - 1)] = None,
) -> StreamingResponse:
    """Tell this screen what changes, as server-sent events, until the session is over."""
    hub: LiveHub | None = getattr(request.app.state, "live", None)
    if hub is None:
        raise Unavailable()
    screen = hub.join(uow.actor)
    try:
        replay = await run_in_threadpool(replay_since, uow.services.database, screen, last_event_id)
    except BaseException:
        hub.leave(screen)
        raise
    return StreamingResponse(
        stream(hub, screen, replay),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _receive(request: Request, files: FileStore) -> StoredFile:
    """Receive the body in blocks; disk work stays off the event loop."""
    with files.receive() as incoming:
        async for block in _blocks(request):
            await run_in_threadpool(incoming.write, block)
        return await run_in_threadpool(incoming.keep)


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    waiting = bytearray()
    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= _BLOCK:
                yield bytes(waiting)
                waiting.clear()
    except ClientDisconnect as error:
        raise Interrupted() from error
    if waiting:
        yield bytes(waiting)
