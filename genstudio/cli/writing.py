"""Texts on the command line: shown as they are written, or put into files."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from genstudio.core.events import Event, Progress, Result, Words
from genstudio.core.writing import AGAIN, around

if TYPE_CHECKING:
    from genstudio.cli.screen import Screen
    from genstudio.core.request import Request


def streamed(stream: Generator[Event], request: Request, screen: Screen) -> Iterator[Event]:
    """Show the texts of `request` on stdout while they come, and leave no files.

    What is printed is what a file would hold: the beginning, what the model wrote, the end. Of
    several drafts one is shown at a time, in their order. In JSON mode the events go on instead.
    """
    paper = _Paper(request, screen)
    with contextlib.closing(stream):
        for event in stream:
            if isinstance(event, Result):
                paper.finished(event.index)
                if screen.json:
                    yield event.model_copy(update={"path": ""})
            elif screen.json:
                yield event
            elif isinstance(event, Words):
                paper.heard(event)
            elif not isinstance(event, Progress):
                yield event
    paper.close()


class _Paper:
    """Prints one draft after the other, each as far as it is written."""

    def __init__(self, request: Request, screen: Screen) -> None:
        self._screen = screen
        self._before, self._after = around(request.values)
        self._count = max(1, request.count)
        self._texts = [""] * self._count
        self._done = [False] * self._count
        self._shown = 0
        self._begun = False

    def heard(self, event: Words) -> None:
        """More words of one draft."""
        if event.data.get(AGAIN):
            self._begin_again(event.index)
        self._texts[event.index] += event.text
        self._show()

    def finished(self, place: int) -> None:
        """All of a draft is there."""
        self._done[place] = True
        self._show()

    def close(self) -> None:
        """The last line ends, also where the writing was stopped in its middle."""
        if self._begun and self._shown < self._count:
            self._screen.words("\n")

    def _show(self) -> None:
        while self._shown < self._count:
            place = self._shown
            if not self._begun:
                title = f"--- {place + 1} of {self._count} ---\n" if self._count > 1 else ""
                self._screen.words(title + self._before)
                self._begun = True
            self._screen.words(self._texts[place])
            self._texts[place] = ""
            if not self._done[place]:
                return
            self._screen.words(self._after + "\n")
            self._shown, self._begun = place + 1, False

    def _begin_again(self, place: int) -> None:
        self._texts[place] = ""
        if place == self._shown and self._begun:
            self._screen.words("\n")
            self._screen.remark("The text above begins anew: its numbers became undefined.")
            self._begun = False
