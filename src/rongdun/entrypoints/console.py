"""What a command says on the terminal: Chinese first, English after; plain lines when nobody watches."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from rongdun.kernel.clock import SHANGHAI, SystemClock, monotonic
from rongdun.kernel.errors import DomainError, Text

_MARKS = {"step": "·", "good": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}


class Progress:
    """Says what a long command is doing: each line with the seconds since it began, later the time of day.

    ``locale`` (``zh`` or ``en``) is the language that stands first.
    """

    def __init__(self, console: Console | None = None, *, locale: str = "zh") -> None:
        self._console = console or Console(soft_wrap=True, highlight=False)
        self._locale = locale
        self._began = monotonic()
        self._clock = SystemClock()
        self._running = False

    @property
    def seconds(self) -> float:
        """Seconds since this began."""
        return monotonic() - self._began

    def step(self, words: Text) -> None:
        """Say what is being done."""
        self._line("step", words)

    def good(self, words: Text) -> None:
        """Say what is done."""
        self._line("good", words)

    def warn(self, words: Text) -> None:
        """Say what somebody should look at."""
        self._line("warn", words)

    def bad(self, words: Text) -> None:
        """Say what failed."""
        self._line("bad", words)

    def started(self) -> None:
        """From now on lines carry the time of day (Shanghai) instead of the seconds of the start."""
        self._running = True

    def stopping(self) -> None:
        """From now on lines carry the seconds since this call."""
        self._running = False
        self._began = monotonic()

    def blank(self) -> None:
        """Leave a line empty."""
        self._console.print()

    def show(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show labelled values that must not be missed, one a line."""
        for label, value in lines:
            self._console.print(f"            {label}  [bold]{value}[/bold]")

    def _line(self, kind: str, words: Text) -> None:
        when = self._time_of_day() if self._running else f"{self.seconds:5.1f} s "
        first, second = (words.zh, words.en) if self._locale == "zh" else (words.en, words.zh)
        self._console.print(f"[dim]{when:>8}[/dim] {_MARKS[kind]} {first}  [dim]{second}[/dim]")

    def _time_of_day(self) -> str:
        return self._clock.now().astimezone(SHANGHAI).strftime("%H:%M:%S")


def tell_error(error: DomainError, console: Console | None = None) -> None:
    """Say what went wrong, where, and what to do next, in both languages, on standard error."""
    out = console or Console(stderr=True, soft_wrap=True, highlight=False)
    out.print(f"[red]✗[/red] {escape(error.message.zh)}\n  {escape(error.message.en)}")
    for field in error.fields:
        out.print(f"  · {field.message.zh}\n    {field.message.en}", markup=False)
    for line in str(error.extra.get("log", "")).splitlines()[-15:]:
        out.print(f"  | {line}", markup=False)
    out.print(f"→ {error.action.zh}\n  {error.action.en}", markup=False)


def say(zh: str, en: str) -> None:
    """Say one thing on standard output: Chinese, and English below."""
    Console(soft_wrap=True, highlight=False).print(f"{zh}\n{en}")
