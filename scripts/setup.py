"""Makes ``.venv``, the Chinese type and the web pages; what is up to date is left alone.

Runs on any Python 3, to be able to say that it is too old; needs nothing but the standard library.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from node import node_dir, npm
from say import Stopped, say, stop
from steps import ROOT, STAMPS, digest, once, run

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB, ASSETS = ROOT / "web", ROOT / "assets"
FONTS = ROOT / "src/rongdun/runtime/letters/fonts"
PAGES = ROOT / "src/rongdun/web_dist"
_WARM = "--warm"
_NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
_PAGE_INPUTS = ("src", "public", "index.html", "vite.config.ts", "tsconfig.json", "mock")


def main() -> None:
    """Bring everything up to date."""
    _check_python()
    STAMPS.mkdir(exist_ok=True)
    with (STAMPS / "lock").open("w") as lock:
        _wait_for(lock.fileno())
        _python_packages()
        _begin_warming()
        _npm_packages(ASSETS, "汉字字体", "the Chinese type")
        _fonts()
        _npm_packages(WEB, "网页依赖", "packages of the web pages")
        _pages()


def _check_python() -> None:
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise Stopped(
            f"Python 版本过低:{found},需要 3.11 以上",
            f"Python {found} is too old; 3.11 or newer is needed",
            do_zh="请安装新版 Python,或指明路径:make setup PYTHON=/usr/bin/python3.12",
            do_en="Install a newer Python, or name it: make setup PYTHON=/usr/bin/python3.12",
        )


def _wait_for(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("另一个安装正在进行,等它结束", "another set-up is running; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _python_packages() -> None:
    lock, project = ROOT / "requirements-dev.lock", ROOT / "pyproject.toml"
    version = ".".join(map(str, sys.version_info[:2]))
    once("python", digest([lock], version), PYTHON, lambda: _install(lock))
    once("project", digest([project], version), VENV / "bin" / "rongdun", _install_project)


def _install(lock: Path) -> None:
    if not _works(PYTHON):
        _make_venv()
    say("安装 Python 依赖(首次约 1-3 分钟)", "installing Python packages (1-3 minutes the first time)")
    run("pip", [*_pip(), "install", "--require-hashes", "-r", str(lock)])


def _install_project() -> None:
    say("安装榕盾命令", "installing the rongdun command")
    run("project", [*_pip(), "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]


def _make_venv() -> None:
    say("建立 Python 环境 .venv", "making the Python environment .venv")
    if not _has("venv", "ensurepip"):
        _get_venv()
    run("venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])


def _get_venv() -> None:
    """Debian keeps ``ensurepip`` in a package of its own; root may fetch it, others are told to."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"缺少 {package},用 apt-get 安装", f"{package} is missing; installing it with apt-get")
        run("apt", ["sh", "-c", f"apt-get update && apt-get install -y --no-install-recommends {package}"])
        return
    raise Stopped(
        "这台机器的 Python 不带 venv/ensurepip",
        "this machine's Python comes without venv/ensurepip",
        do_zh=f"请执行 sudo apt-get install {package}(其他发行版:安装 python3 的 venv 组件),再执行一次",
        do_en=f"Run: sudo apt-get install {package} (elsewhere: Python's venv package), then run this again",
    )


def _has(*modules: str) -> bool:
    code = "; ".join(f"import {module}" for module in modules)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def _works(python: Path) -> bool:
    """Tell whether the environment is whole and of the asking Python's version."""
    try:
        told = subprocess.run(
            [python, "-c", "import sys, pip; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return told.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _npm_packages(where: Path, zh: str, en: str) -> None:
    def install() -> None:
        say(f"下载{zh}", f"downloading {en}")
        node = node_dir()
        run(f"npm-{where.name}", [*npm(node), "ci", "--no-audit", "--no-fund"], cwd=where, path=node)

    inputs = digest([where / name for name in _NPM_INPUTS])
    once(f"npm-{where.name}.done", inputs, where / "node_modules", install)


def _fonts() -> None:
    def copy() -> None:
        node = node_dir()
        run("fonts", [*npm(node), "run", "--silent", "fonts"], cwd=ASSETS, path=node)

    inputs = digest([ASSETS / "copy-fonts.mjs", *(ASSETS / name for name in _NPM_INPUTS)])
    once("fonts.done", inputs, FONTS / "NotoSerifSC_700Bold.ttf", copy)


def _pages() -> None:
    def build() -> None:
        say("构建网页", "building the web pages")
        node = node_dir()
        run("web", [*npm(node), "run", "--silent", "build"], cwd=WEB, path=node)

    inputs = digest([WEB / name for name in (*_PAGE_INPUTS, *_NPM_INPUTS)])
    once("web.done", inputs, PAGES / "index.html", build)


def _begin_warming() -> None:
    """Compile the loops of the analytics beside everything else, for two minutes that nobody waits for.

    The process outlives set-up and gives way to all others. Whoever imports or traces before it is done compiles
    what he needs himself; nothing is lost when it fails.
    """
    with (STAMPS / "warm.log").open("w") as log:
        subprocess.Popen(
            [str(PYTHON), str(ROOT / "scripts/setup.py"), _WARM],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _warm() -> None:
    """Compile what the sources as they are now need, unless that was done or somebody is at it."""
    sources = sorted((ROOT / "src/rongdun/analytics").rglob("*.py"))
    inputs = digest([ROOT / "requirements-dev.lock", *sources], sys.version)

    def compile_all() -> None:
        command = [str(PYTHON), "-m", "rongdun.entrypoints.warm"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            raise Stopped("预先编译未完成", "compiling ahead did not succeed", do_zh="", do_en="")

    with (STAMPS / "warm.lock").open("w") as lock, suppress(BlockingIOError, Stopped):
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        once("warm.done", inputs, PYTHON, compile_all)


if __name__ == "__main__":
    try:
        if sys.argv[1:] == [_WARM]:
            os.nice(15)
            _warm()
        else:
            main()
    except Stopped as stopped:
        stop(stopped)
    except KeyboardInterrupt:
        sys.exit(130)
