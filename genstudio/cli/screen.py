"""What the command line shows: events as JSON lines or as words, tables, a progress line.

Results and tables go to stdout, so they can be piped; progress and remarks go to stderr.
"""

from __future__ import annotations

import os
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

from genstudio.core import events
from genstudio.core.stored import Json
from genstudio.core.writing import RATE, TOKENS

_BAR = 24
_REDRAW_SECONDS = 0.1
_LINE_SECONDS = 10.0
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def program() -> str:
    """What the user types to run the program: `genstudio`, or the path of start.sh."""
    return os.environ.get("GENSTUDIO_COMMAND", "genstudio")


class Screen:
    """Shows the events of one command. `json` prints one event a line and nothing else."""

    def __init__(self, json: bool = False) -> None:
        self.json = json
        self._progress = _ProgressLine(sys.stderr)

    def show(self, event: events.Event) -> None:
        """Print one event as it deserves."""
        if self.json:
            if not isinstance(event, events.Heartbeat):
                print(events.to_line(event), flush=True)
            return
        if isinstance(event, events.Progress):
            self._progress.progress(event)
        elif isinstance(event, events.Metric):
            self._progress.metric(event)
        elif isinstance(event, events.Started):
            self._progress.started(event)
        elif isinstance(event, events.Advice):
            self.remark(f"{_SAYS[event.level]} {event.text}")
        elif isinstance(event, events.Result) and event.path:
            self.line(event.path)
            if words := facts(event.data):
                self.remark(f"  {words}")
        elif isinstance(event, events.Log):
            mark = "" if event.level == "info" else f"{event.level}: "
            self.remark(mark + event.text)

    def line(self, text: str) -> None:
        """A line of the answer, on stdout (nothing in JSON mode)."""
        if not self.json:
            self._progress.clear()
            print(text, flush=True)

    def words(self, text: str) -> None:
        """A piece of a text that grows, on stdout (nothing in JSON mode)."""
        if self.json or not text:
            return
        self._progress.clear()
        if sys.stdout.isatty():
            # What a model writes must not steer the terminal.
            text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
        print(text, end="", flush=True)

    def remark(self, text: str, human: bool = False) -> None:
        """A remark beside the answer, on stderr; with `human` not in JSON mode."""
        if human and self.json:
            return
        self._progress.clear()
        print(text, file=sys.stderr, flush=True)

    def table(self, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Aligned columns on stdout."""
        for line in table(headers, rows):
            self.line(line)

    def end(self) -> None:
        """Take the progress line away."""
        self._progress.clear()


_SAYS = {"good": "Good:", "note": "Note:", "warning": "Warning:"}
"""How advice begins, by its level."""


class _ProgressLine:
    """One line that redraws itself on a terminal; elsewhere a line now and then."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._tty = bool(getattr(stream, "isatty", lambda: False)())
        self._drawn = False
        self._last = 0.0 if self._tty else time.monotonic()
        self._began = time.monotonic()
        self._first = 0.0
        self._device = ""
        self._numbers = ""
        self._text = ""

    def started(self, event: events.Started) -> None:
        threads = f", {event.threads} threads" if event.threads > 1 else ""
        why = f" ({event.reason})" if event.reason else ""
        self._device = f"{event.device}{threads}"
        self.clear()
        words = f"{event.text} " if event.text else ""
        print(f"{words}on {self._device}{why}", file=self._stream, flush=True)

    def metric(self, event: events.Metric) -> None:
        shown = [f"{name} {value:.4g}" for name, value in event.values.items() if value is not None]
        self._numbers = "  ".join(shown[:3])
        self._draw()

    def progress(self, event: events.Progress) -> None:
        if event.done <= 0 or not self._first:
            # The estimate counts from the first news: loading a model is not part of the pace.
            self._began, self._first = time.monotonic(), event.done or 1e-9
        parts = [_bar(event.done, event.total), event.text or _count(event.done, event.total)]
        left = self._left(event.done, event.total)
        if left >= 1:
            parts.append(f"{duration(left)} left")
        self._text = "  ".join(part for part in parts if part)
        self._draw()

    def _left(self, done: float, total: float) -> float:
        gone = time.monotonic() - self._began
        moved = done - self._first
        return gone / moved * (total - done) if moved > 0 and total > 0 and gone > 1 else 0.0

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._last < (_REDRAW_SECONDS if self._tty else _LINE_SECONDS):
            return
        self._last = now
        line = "  ".join(part for part in (self._text, self._numbers) if part)
        if self._tty:
            print(f"\r\x1b[2K{line[:150]}", end="", file=self._stream, flush=True)
            self._drawn = True
        else:
            print(line, file=self._stream, flush=True)

    def clear(self) -> None:
        if self._drawn:
            print("\r\x1b[2K", end="", file=self._stream, flush=True)
            self._drawn = False


def facts(data: dict[str, Json]) -> str:
    """What is worth saying of a result: its measures (a score), or its likeliest answers."""
    if isinstance(pace := data.get(RATE), float):
        return f"{data.get(TOKENS)} tokens, {pace:.3g} a second"
    numbers = {k: v for k, v in data.items() if isinstance(v, float)}
    likely = sorted(numbers.items(), key=lambda item: -item[1])[:4]
    return ", ".join(f"{name} {value:.4g}" for name, value in likely)


def _bar(done: float, total: float) -> str:
    if total <= 0:
        return ""
    share = min(max(done / total, 0.0), 1.0)
    full = int(share * _BAR)
    return f"{share * 100:3.0f} % {'█' * full}{'░' * (_BAR - full)}"


def _count(done: float, total: float) -> str:
    return f"{done:g} of {total:g}" if total > 0 else f"{done:g}"


def duration(seconds: float) -> str:
    """Seconds in words of at most two units: `0.3 s`, `45 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def size(count: int) -> str:
    """Bytes in words: `12.3 MB`."""
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if number >= 100 or unit == "B" else f"{number:.1f} {unit}"


def width(text: str) -> int:
    """Columns that `text` takes in a terminal: East Asian characters count two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table with aligned columns; an empty table is its header alone."""
    lines = [list(headers), *(list(row) for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(headers))]
    return [
        "  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(line)).rstrip()
        for line in lines
    ]
