"""A file of the command line is written whole or not at all."""

import os
from pathlib import Path

from rongdun.kernel.errors import Invalid, Text


class NotWritable(Invalid):
    """A file cannot be written where it was asked for."""

    code = "not_writable"
    action = Text("请换一个可写的位置", "Name a place that can be written to")


def written(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one step; raises :class:`NotWritable` where that is not possible."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as error:
        raise NotWritable(Text(f"不能写入 {path}", f"cannot write {path}: {error.strerror}")) from error
