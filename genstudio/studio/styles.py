"""Styles that the user keeps: one file in the data folder, the version before as a fall-back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from pydantic import ValidationError

from genstudio.core.errors import NotFound, Problem, UsageError
from genstudio.core.paths import Home
from genstudio.core.stored import first_fault
from genstudio.core.style import MOST_STYLES, Style, Styles
from genstudio.studio import kept
from genstudio.studio.listeners import Listeners


class StyleShelf:
    """By name, whatever the case. Every change is written at once; DiskFull or ReadOnly else."""

    def __init__(self, home: Home, on_problem: Callable[[Problem], None] | None = None) -> None:
        self._file = home.styles_file
        self._tell = on_problem or (lambda _problem: None)
        self._lock = threading.RLock()
        self._found: tuple[Style, ...] | None = None
        self._changed = Listeners()

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after every change; returns how to end that."""
        return self._changed.add(callback)

    def list(self) -> list[Style]:
        """All styles, by name."""
        with self._lock:
            if self._found is None:
                value, problem = kept.read(Styles, self._file, Styles())
                if problem is not None:
                    self._tell(problem)
                self._found = value.styles
            return sorted(self._found, key=lambda style: style.name.casefold())

    def get(self, name: str) -> Style:
        """The style called `name`; raises NotFound naming those that there are."""
        style = self.find(name)
        if style is None:
            known = ", ".join(style.name for style in self.list()) or "none yet"
            raise NotFound(f"There is no style {name!r}", next_step=f"Known are: {known}.")
        return style

    def find(self, name: str) -> Style | None:
        """The style called `name`, or None."""
        wanted = " ".join(name.split()).casefold()
        return next((style for style in self.list() if style.name.casefold() == wanted), None)

    def keep(self, style: Style) -> Style | None:
        """Keep `style`; returns the one of that name that it replaces, if there was one."""
        with self._lock:
            before = self.find(style.name)
            if before is None and len(self.list()) >= MOST_STYLES:
                raise UsageError(f"{MOST_STYLES} styles are kept at most; delete one first")
            self._write([*(other for other in self.list() if other != before), style])
        return before

    def rename(self, name: str, to: str) -> Style:
        """Call a style otherwise; raises NotFound, or UsageError where the name is taken."""
        with self._lock:
            style = self.get(name)
            try:
                renamed = Style.model_validate({**style.model_dump(), "name": to})
            except ValidationError as error:
                raise UsageError(f"{to!r} is no name for a style: {first_fault(error)}") from error
            taken = self.find(renamed.name)
            if taken is not None and taken != style:
                raise UsageError(f"There is a style called {taken.name!r} already")
            self._write([*(other for other in self.list() if other != style), renamed])
        return renamed

    def remove(self, name: str) -> Style:
        """Take a style away and return it (`keep` brings it back); raises NotFound."""
        with self._lock:
            style = self.get(name)
            self._write(other for other in self.list() if other != style)
        return style

    def _write(self, styles: Iterable[Style]) -> None:
        value = Styles(styles=tuple(styles))
        kept.write(self._file, value)
        self._found = value.styles
        self._changed()
