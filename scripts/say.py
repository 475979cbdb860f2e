"""What set-up says: every line in Chinese, then in English."""

from __future__ import annotations

import sys
from typing import NoReturn

TTY = sys.stderr.isatty()


class Stopped(Exception):
    """Set-up cannot go on; it carries what happened and what to do about it, in both languages."""

    def __init__(self, zh: str, en: str, *, do_zh: str, do_en: str) -> None:
        super().__init__(en)
        self.lines = ("✗ " + zh, "  " + en, "→ " + do_zh, "  " + do_en)


def say(zh: str, en: str) -> None:
    """Print one line of progress."""
    clear()
    print(f"▸ {zh} / {en}", file=sys.stderr, flush=True)


def passing(text: str) -> None:
    """Show ``text`` in place on a terminal; say nothing elsewhere."""
    if TTY:
        print(f"\r\033[K  {text[:76]}", end="", file=sys.stderr, flush=True)


def clear() -> None:
    """Take away what :func:`passing` showed."""
    if TTY:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def stop(stopped: Stopped) -> NoReturn:
    """Tell why set-up cannot go on, and exit with 1."""
    clear()
    print("\n".join(stopped.lines), file=sys.stderr, flush=True)
    sys.exit(1)
