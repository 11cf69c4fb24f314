"""Templates: those that ship with the program, and the user's own in the data folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from genstudio.core.errors import GenStudioError, NotFound, Problem, UsageError
from genstudio.core.paths import Home, resources
from genstudio.core.template import MOST_TEMPLATES, Template, TemplateFile, Templates
from genstudio.studio import kept
from genstudio.studio.listeners import Listeners


class TemplateShelf:
    """By name, whatever the case; the user's own hide delivered ones of the same name."""

    def __init__(self, home: Home, on_problem: Callable[[Problem], None] | None = None) -> None:
        self._file = home.templates_file
        self._tell = on_problem or (lambda _problem: None)
        self._lock = threading.RLock()
        self._own: tuple[Template, ...] | None = None
        self._delivered: tuple[Template, ...] | None = None
        self._changed = Listeners()

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after every change; returns how to end that."""
        return self._changed.add(callback)

    def list(self, model: str = "") -> list[Template]:
        """All templates by name; those that `model` learned come first."""
        with self._lock:
            found = {template.name.casefold(): template for template in self._shipped()}
            found |= {template.name.casefold(): template for template in self._kept()}
        ordered = sorted(found.values(), key=lambda template: template.name.casefold())
        return sorted(ordered, key=lambda template: model not in template.models)

    def get(self, name: str) -> Template:
        """By name or by id (`product-description`); raises NotFound naming those there are."""
        wanted = " ".join(name.split()).casefold()
        for template in self.list():
            if wanted in (template.name.casefold(), template.id):
                return template
        known = ", ".join(template.id for template in self.list()) or "none"
        raise NotFound(f"There is no template {name!r}", next_step=f"Known are: {known}.")

    def is_own(self, name: str) -> bool:
        """Whether the user may take it away."""
        return any(template.name.casefold() == name.casefold() for template in self._kept())

    def keep(self, template: Template) -> Template | None:
        """Keep a template of the user's; returns the own one of that name that it replaces."""
        with self._lock:
            own, wanted = self._kept(), template.name.casefold()
            before = next((other for other in own if other.name.casefold() == wanted), None)
            if before is None and len(own) >= MOST_TEMPLATES:
                raise UsageError(f"{MOST_TEMPLATES} templates are kept at most; delete one first")
            self._write([*(other for other in own if other != before), template])
        return before

    def remove(self, name: str) -> Template:
        """Take an own template away and return it; raises NotFound, UsageError for others."""
        with self._lock:
            template = self.get(name)
            if not self.is_own(template.name):
                raise UsageError(f"{template.name} comes with the program and stays")
            self._write(other for other in self._kept() if other != template)
        return template

    def _kept(self) -> tuple[Template, ...]:
        if self._own is None:
            value, problem = kept.read(Templates, self._file, Templates())
            if problem is not None:
                self._tell(problem)
            self._own = value.templates
        return self._own

    def _shipped(self) -> tuple[Template, ...]:
        if self._delivered is None:
            found = []
            for path in sorted((resources() / "templates").glob("*.json")):
                try:
                    found.append(TemplateFile.read(path).template)
                except GenStudioError as error:
                    self._tell(error.problem)
            self._delivered = tuple(found)
        return self._delivered

    def _write(self, templates: Iterable[Template]) -> None:
        value = Templates(templates=tuple(templates))
        kept.write(self._file, value)
        self._own = value.templates
        self._changed()
