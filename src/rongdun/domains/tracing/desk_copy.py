"""The kept files of an import laid out as they were dropped: names tell a reader the bank, or the account."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rongdun.domains.tracing.paths import top_of
from rongdun.runtime.files import FileStore


@contextmanager
def laid_out(files: FileStore, upload_hash: str, path: str) -> Iterator[Path]:
    """Yield what a reader is given for one upload: the file, or its top folder, under its dropped name.

    The content is linked, not copied, where the file system allows; the folder is gone afterwards. Raises
    :class:`~rongdun.runtime.files.FileLost`.
    """
    content = files.path_of(upload_hash)
    with tempfile.TemporaryDirectory(dir=_folder(files), prefix="import-") as folder:
        place = Path(folder) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        _link(content, place)
        yield Path(folder) / top_of(path)


def _folder(files: FileStore) -> Path:
    folder = files.root / "reading"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _link(content: Path, place: Path) -> None:
    try:
        os.link(content, place)
    except OSError:
        shutil.copyfile(content, place)
