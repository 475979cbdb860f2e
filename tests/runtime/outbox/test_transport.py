"""The transports that need no partner."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from rongdun.entrypoints.bootstrap import Centre
from rongdun.runtime.outbox import FileDrop, LiveNotices, Outgoing
from rongdun.runtime.uow import Uow


def _outgoing(**changes: object) -> Outgoing:
    values: dict[str, object] = {
        "id": UUID(int=7),
        "channel": "file_drop",
        "kind": "stop_order",
        "unit_path": "cn.fj.fz.",
        "partner_path": "cn.fj.fz.bank_a.",
        "payload": {"order": "止付-1"},
        "idempotency_key": "k/1",
        "order_key": None,
        "attempt": 1,
        "max_attempts": 3,
        "created_at": datetime(2026, 7, 1, tzinfo=UTC),
        "expires_at": None,
    }
    return Outgoing(**{**values, **changes})  # type: ignore[arg-type]


def test_a_second_delivery_of_a_message_leaves_one_file(tmp_path: Path) -> None:
    drop = FileDrop(tmp_path)
    assert drop.deliver(_outgoing()) == drop.deliver(_outgoing(attempt=2))
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert json.loads(file.read_text("utf-8"))["payload"] == {"order": "止付-1"}


def test_a_partner_path_cannot_climb_out_of_the_drop_directory(tmp_path: Path) -> None:
    drop = FileDrop(tmp_path / "drop")
    drop.deliver(_outgoing(partner_path="../../etc", kind="../x"))
    assert [path.parent.parent for path in tmp_path.rglob("*.json")] == [tmp_path / "drop"]


def test_different_messages_never_share_a_file(tmp_path: Path) -> None:
    drop = FileDrop(tmp_path)
    names = {drop.deliver(_outgoing(id=uuid4(), idempotency_key=key)) for key in ("a/b", "a:b", "a b")}
    assert len(names) == 3


def test_a_notice_becomes_a_live_signal_of_the_unit_it_is_for(
    centre: Centre, monkeypatch: "Callable[..., None]"
) -> None:
    published: list[tuple[str, str, str]] = []

    def publish(self: Uow, topic: str, subject: tuple[str, str, str], unit_path: str) -> None:
        published.append((topic, subject[1], unit_path))

    monkeypatch.setattr(Uow, "publish", publish)  # type: ignore[attr-defined]
    LiveNotices(centre.transact).deliver(_outgoing(kind="deadline", payload={"subject_id": "s-1"}))
    assert published == [("deadline", "s-1", "cn.fj.fz.bank_a.")]
