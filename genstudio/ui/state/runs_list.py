"""All runs of the data folder as rows, read beside the window; removing with undo; comparing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from genstudio.core.errors import GenStudioError, Problem, classify
from genstudio.core.run import METRICS_FILE, RUN_FILE, Run
from genstudio.ui.state.run_curves import best_of
from genstudio.ui.state.run_reading import Curves, Look, Reader, Tail, add_rows, samples_of
from genstudio.ui.state.run_words import Phase, phase_of

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio


class Beside(QObject):
    """Runs functions in one thread; `done(key, result)` arrives in the window's.

    Of those with the same key that wait, one is run: the newest.
    """

    done = Signal(object, object)
    _ran = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._waiting: dict[object, Callable[[], object]] = {}
        self._running: set[object] = set()
        self._ran.connect(self._end)

    def ask(self, key: object, make: Callable[[], object]) -> None:
        """Run `make` soon; what it raises arrives as a Problem."""
        if key in self._running:
            self._waiting[key] = make
            return
        self._running.add(key)
        self._pool.start(_Work(key, make, self._ran))

    def wait(self) -> None:
        """Drop what waits and let what runs end; its result is still told."""
        self._waiting.clear()
        self._pool.waitForDone()

    def _end(self, key: object, result: object) -> None:
        self._running.discard(key)
        again = self._waiting.pop(key, None)
        if again is not None:
            self.ask(key, again)
        self.done.emit(key, result)


class _Work(QRunnable):
    def __init__(self, key: object, make: Callable[[], object], ran: Signal) -> None:
        super().__init__()
        self._key, self._make, self._ran = key, make, ran

    def run(self) -> None:
        """Run it; every failure becomes a Problem."""
        found: object
        try:
            found = self._make()
        except Exception as error:
            found = classify(error, "reading the runs")
        self._ran.emit(self._key, found)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class RunRow:
    """One run in the list; `sheet` is its newest sheet of samples."""

    id: str
    run: Run
    phase: Phase
    best: str = ""
    sheet: Path | None = None


class RunsList(QObject):
    """`rows`: newest first. It reads only while somebody watches, and once at the start."""

    changed = Signal()
    compared = Signal(list)
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.rows: list[RunRow] = []
        self.problems: list[Problem] = []
        self._best: dict[str, tuple[tuple[int, int], str]] = {}
        self._beside = Beside(self)
        self._beside.done.connect(self._take)

    def refresh(self) -> None:
        """Read all runs again; `changed` follows where something differs."""
        self._beside.ask("list", self._list)

    def _list(self) -> tuple[list[RunRow], list[Problem]]:
        shelf = self._studio.runs
        return [self._row(run) for run in shelf.list()], list(shelf.problems)

    def _row(self, run: Run) -> RunRow:
        folder = self._studio.runs.folder(run.id)
        sheets = samples_of(folder)
        try:
            gone = run.state == "stopped" and Run.read(folder / RUN_FILE).state == "running"
        except GenStudioError:
            gone = False
        phase = phase_of(Look(run.id, run, gone))
        return RunRow(run.id, run, phase, self._best_of(run, folder),
                      sheets[-1].path if sheets else None)  # fmt: skip

    def _best_of(self, run: Run, folder: Path) -> str:
        """The words of the best state, read again only where the numbers grew."""
        path = folder / METRICS_FILE
        if not run.best_step or not path.is_file():
            return ""
        stamp = (path.stat().st_mtime_ns, run.best_step)
        known = self._best.get(run.id)
        if known is None or known[0] != stamp:
            curves: Curves = {}
            add_rows(curves, Tail(path).read()[1])
            best = best_of(curves, run.best_step)
            known = self._best[run.id] = (stamp, f"best {best.words}" if best else "")
        return known[1]

    def compare(self, runs: Sequence[str]) -> None:
        """Read these runs whole; `compared` brings a list of Look in their order."""
        self._beside.ask("compare", lambda: [self._look(run) for run in runs])

    def _look(self, run: str) -> Look:
        shelf = self._studio.runs
        return Reader(run, shelf.folder(run), shelf.get).look()

    def _take(self, key: object, found: object) -> None:
        if isinstance(found, Problem):
            self.problem.emit(found)
        elif key == "compare" and isinstance(found, list):
            self.compared.emit([look for look in found if look.run is not None])
        elif key == "list" and isinstance(found, tuple) and found != (self.rows, self.problems):
            self.rows, self.problems = found
            self.changed.emit()

    def remove(self, runs: Sequence[str]) -> None:
        """Move runs to the trash; the undo is offered at once. Those that run stay."""
        gone = []
        for run in runs:
            try:
                self._studio.runs.remove(run)
                gone.append(run)
            except GenStudioError as error:
                self.problem.emit(error.problem)
        if gone:
            words = f"Run {gone[0]} was removed" if len(gone) == 1 else f"{len(gone)} runs removed"
            self.said.emit(words, "Undo", lambda: self.restore(gone))
            self.refresh()

    def restore(self, runs: Sequence[str]) -> None:
        """Bring removed runs back."""
        for run in runs:
            try:
                self._studio.runs.restore(run)
            except GenStudioError as error:
                self.problem.emit(error.problem)
        self.refresh()

    def wait(self) -> None:
        """Let the reading under way end."""
        self._beside.wait()
