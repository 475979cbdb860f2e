"""A message is written with its cause, once for each key."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.scope import Scope
from rongdun.runtime.db import Database
from rongdun.runtime.outbox import KeyUsedForOther, OutboxMessage, send


def _count(db: Database) -> int:
    with db.session(Scope.everything()) as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_a_message_of_a_rolled_back_transaction_was_never_written(centre: Centre, db: Database) -> None:
    with pytest.raises(RuntimeError), centre.transact() as uow:
        send(uow, channel="bank", kind="stop_order", payload={}, idempotency_key="a", unit_path="cn.")
        raise RuntimeError
    assert _count(db) == 0


def test_the_same_key_with_the_same_content_is_one_message(post: Callable[..., UUID], db: Database) -> None:
    assert post("a") == post("a")
    assert _count(db) == 1


def test_the_same_key_with_other_content_is_refused(post: Callable[..., UUID], db: Database) -> None:
    post("a")
    with pytest.raises(KeyUsedForOther):
        post("a", payload={"order": "another"})
    assert _count(db) == 1


def test_a_message_lies_outside_the_scope_of_another_unit(post: Callable[..., UUID], db: Database) -> None:
    post("a")
    with db.session(Scope.subtree("cn.fj.xm.")) as session:
        assert session.scalars(select(OutboxMessage)).all() == []
