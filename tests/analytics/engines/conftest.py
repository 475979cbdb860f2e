"""Small tables and indexes of tests need not survive a power cut."""

from pathlib import Path

import pytest

from rongdun.analytics.engines import tables
from rongdun.analytics.tracing.index import build


@pytest.fixture(autouse=True)
def not_durable(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(path: Path) -> None:
        """Leave bringing files to the disk to the system."""

    monkeypatch.setattr(build, "make_durable", nothing)
    monkeypatch.setattr(tables, "_to_disk", nothing)
