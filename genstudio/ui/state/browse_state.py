"""BrowseState: the things of one dataset page by page, filtered, and edited with undo and redo.

`rows` grows as one scrolls. A place is a position in the list as it is filtered now; the `row` of
a Row is its number in the dataset, which edits are told by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from genstudio.core.dataset import Dataset
from genstudio.core.errors import Problem
from genstudio.core.stored import Json
from genstudio.ui.state.data_words import things
from genstudio.ui.state.looks import Looks

PAGE = 96
LINES_PAGE = 60
SIDE = 192
# Typing is searched for a moment after the last key.
SETTLE_MS = 200
WHICH = ("all", "train", "valid", "test", "excluded")


@dataclass(frozen=True)
class Row:
    """One thing of the dataset. `label` is its class; `split` train, valid or test."""

    row: int
    name: str = ""
    caption: str = ""
    label: str = ""
    split: str = "train"
    excluded: bool = False
    width: int = 0
    height: int = 0
    length: float = 0.0
    excerpt: str = ""


@dataclass(frozen=True)
class Filter:
    """What is shown: words in name or caption, a class, a split."""

    text: str = ""
    label: str = ""
    which: str = "all"


@dataclass
class _Step:
    """An edit that was made: its words and the body that takes it back; `used` once it has."""

    words: str
    back: dict[str, Any]
    used: bool = False


class BrowseState(QObject):
    """`page_asked(first, count)`: these places will be filled; `page_ready(first)`: they are.

    `preview_ready(place, png)` may come before its row. `rows_changed(places)` follows an edit.
    """

    opened = Signal(str)
    page_asked = Signal(int, int)
    page_ready = Signal(int)
    preview_ready = Signal(int, bytes)
    rows_changed = Signal(list)
    classes_changed = Signal()
    edits_changed = Signal()
    edited = Signal(str)
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, looks: Looks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = looks
        self.name, self.kind = "", "image"
        self.filter = Filter()
        self.rows: list[Row] = []
        self.classes: tuple[str, ...] = ()
        self.total = 0
        self.loading = False
        self._expected = 0
        self._watched, self._stale = False, False
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._open_edits = 0
        self._undo_wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.reload)

    # ---- what is shown

    def open(self, dataset: Dataset | None) -> None:
        """Another dataset, with no filter; None: nothing."""
        self._timer.stop()
        self.name = dataset.name if dataset else ""
        self.kind = dataset.kind if dataset else "image"
        self._expected = dataset.facts.count + dataset.test_count if dataset else 0
        self.filter = Filter()
        self.classes = dataset.facts.classes if dataset else ()
        self._undo, self._redo, self._undo_wanted = [], [], False
        self._stale = True
        self.opened.emit(self.name)
        self.edits_changed.emit()
        self.reload()

    def set_filter(self, **changes: str) -> None:
        """Change `text`, `label` or `which`; the list follows."""
        wanted = replace(self.filter, **changes)
        if wanted == self.filter:
            return
        typed = wanted.text != self.filter.text
        self.filter = wanted
        if typed:
            self._timer.start()
        else:
            self.reload()

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return self.filter != Filter()

    @property
    def complete(self) -> bool:
        """Whether all places are loaded."""
        return not self.loading and len(self.rows) >= self.total

    def reload(self) -> None:
        """Read from the beginning, as soon as somebody looks."""
        self._timer.stop()
        self._looks.forget("page")
        self.rows, self.loading = [], False
        self._stale = not self._watched
        if self._stale:
            return
        if not self.name:
            self.total = 0
            self.page_asked.emit(0, 0)
            return
        self.total = self._expected
        self._ask(0)

    def watch(self, on: bool) -> None:
        """Somebody looks at the list, or nobody does: then nothing is read."""
        self._watched = on
        if on and self._stale:
            self.reload()

    def more(self) -> None:
        """The next page; nothing while one is on its way or all is there."""
        if not self.loading and len(self.rows) < self.total:
            self._ask(len(self.rows))

    def body(self, first: int, count: int, side: int) -> dict[str, Json]:
        """A `browse` of places first … first + count − 1 as they are filtered now."""
        return {
            "name": self.name,
            "first": first,
            "count": count,
            "side": side,
            "text": self.filter.text,
            "class": self.filter.label,
            "which": self.filter.which,
        }

    def large(self, place: int, side: int, then: Callable[[bytes], object]) -> None:
        """One picture larger; only the answer to the newest wish comes."""
        body = self.body(place, 1, side)
        self._looks.ask(
            "large", "browse", body, lambda data: None, lambda _i, png: then(png), self._refused
        )

    def place_of(self, row: int) -> int:
        """Where a row of the dataset stands, -1 when it is not loaded."""
        return next((place for place, found in enumerate(self.rows) if found.row == row), -1)

    def _ask(self, first: int) -> None:
        size = PAGE if self.kind == "image" else LINES_PAGE
        count = min(size, max(1, self.total - first))
        self.loading = True
        self.page_asked.emit(first, count)
        self._looks.ask(
            "page",
            "browse",
            self.body(first, size, SIDE),
            lambda data: self._take(first, data),
            lambda index, png: self.preview_ready.emit(first + index, png),
            self._not_there,
        )

    def _take(self, first: int, data: Mapping[str, Any]) -> None:
        self.loading = False
        self.rows[first:] = [_row(entry) for entry in data.get("rows") or []]
        # A page that brings nothing new is the last one, whatever was promised.
        grew = len(self.rows) > first
        self.total = int(data.get("total") or 0) if grew else len(self.rows)
        if not self.filtered:
            self._expected = self.total
        self._take_classes(data)
        self.page_ready.emit(first)

    def _take_classes(self, data: Mapping[str, Any]) -> None:
        """All classes that rows have, also those of too few rows to be learnt."""
        known = data.get("all_classes")
        if isinstance(known, list) and tuple(known) != self.classes:
            self.classes = tuple(str(name) for name in known)
            self.classes_changed.emit()

    def _not_there(self, problem: Problem) -> None:
        self.loading = False
        self.total = len(self.rows)
        self.page_ready.emit(len(self.rows))
        self.problem.emit(problem)

    def _refused(self, problem: Problem) -> None:
        self.problem.emit(problem)

    # ---- editing

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undo) or self._open_edits > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._redo)

    def set_label(self, places: Sequence[int], label: str) -> None:
        """Give rows a class; a new name makes a new class, "" takes theirs away."""
        words = f"now {label}" if label else "without a class now"
        self._edit(places, "class", label, f"{self._count(places)} {words}")

    def set_caption(self, places: Sequence[int], caption: str) -> None:
        """Give rows a caption."""
        self._edit(places, "caption", caption, f"Caption of {self._count(places)} changed")

    def set_excluded(self, places: Sequence[int], excluded: bool) -> None:
        """Take rows out of training, or in again; the files stay as they are."""
        words = "excluded from training" if excluded else "included again"
        self._edit(places, "excluded", excluded, f"{self._count(places)} {words}")

    def change(self, words: str, **values: Json) -> None:
        """Change the dataset's own words: title, licence, attribution, consent, fit."""
        self._send({"name": self.name, "edits": [], **values}, words, self._undo, fresh=True)

    def undo(self) -> bool:
        """Take the last edit back; False when there is none."""
        if self._open_edits:
            self._undo_wanted = True
            return True
        if not self._undo:
            return False
        self.take_back(self._undo[-1])
        return True

    def redo(self) -> bool:
        """Do again what was taken back; False when there is nothing."""
        if self._open_edits or not self._redo:
            return False
        self._turn(self._redo[-1], self._redo, self._undo)
        return True

    def take_back(self, step: _Step) -> None:
        """Take one edit back, if it was not taken back already, also of a dataset left since."""
        if step in self._undo:
            self._turn(step, self._undo, self._redo)
        elif step.back.get("name") != self.name and not step.used:
            self._turn(step, [step], [])

    def _turn(self, step: _Step, source: list[_Step], onto: list[_Step]) -> None:
        """Take a step back; where that is refused it stays to be tried again."""
        place = source.index(step)
        source.remove(step)
        step.used = True

        def refused() -> None:
            step.used = False
            source.insert(place, step)

        if step.back.get("name") == self.name:
            self._apply(step.back)
        self._send(step.back, step.words, onto, refused=refused)

    def close(self) -> None:
        """No search any more."""
        self._timer.stop()

    def _edit(self, places: Sequence[int], field: str, value: Json, words: str) -> None:
        rows = [self.rows[place] for place in places if 0 <= place < len(self.rows)]
        attribute = "label" if field == "class" else field
        rows = [row for row in rows if getattr(row, attribute) != value]
        if not rows:
            return
        edits: list[Json] = [{"row": row.row, field: value} for row in rows]
        body: dict[str, Any] = {"name": self.name, "edits": edits}
        self._apply(body)
        self._send(body, words, self._undo, fresh=True)

    def _send(
        self,
        body: dict[str, Any],
        words: str,
        onto: list[_Step],
        fresh: bool = False,
        refused: Callable[[], object] = lambda: None,
    ) -> None:
        name = str(body["name"])
        self._open_edits += 1
        if fresh:
            self._redo.clear()

        def done(data: Mapping[str, Any]) -> None:
            self._open_edits -= 1
            back = data.get("undo")
            if isinstance(back, dict) and name == self.name:
                step = _Step(words, back)
                onto.append(step)
                if fresh:
                    self.said.emit(words, "Undo", lambda: self.take_back(step))
            if name == self.name:
                self._take_classes(data)
            self.edits_changed.emit()
            self.edited.emit(name)
            self._go_on()

        def failed(problem: Problem) -> None:
            refused()
            self._edit_failed(problem)

        self._looks.ask("", "edit_dataset", body, done, failed=failed)
        self.edits_changed.emit()

    def _edit_failed(self, problem: Problem) -> None:
        self._open_edits -= 1
        self._undo_wanted = False
        self.edits_changed.emit()
        self.problem.emit(problem)
        self.reload()

    def _go_on(self) -> None:
        if self._undo_wanted and not self._open_edits:
            self._undo_wanted = False
            self.undo()

    def _apply(self, body: Mapping[str, Any]) -> None:
        """Show an edit at once, before it is written."""
        wanted = {int(edit["row"]): edit for edit in body.get("edits") or []}
        changed = []
        for place, row in enumerate(self.rows):
            edit = wanted.get(row.row)
            if edit is None:
                continue
            self.rows[place] = replace(
                row,
                caption=str(edit.get("caption", row.caption)),
                label=str(edit.get("class", row.label)),
                excluded=bool(edit.get("excluded", row.excluded)),
            )
            changed.append(place)
        self.rows_changed.emit(changed)

    def _count(self, places: Sequence[int]) -> str:
        return things(self.kind, len(places))


def _row(entry: Mapping[str, Any]) -> Row:
    return Row(
        row=int(entry["row"]),
        name=str(entry.get("name") or ""),
        caption=str(entry.get("caption") or ""),
        label=str(entry.get("class") or ""),
        split=str(entry.get("split") or "train"),
        excluded=bool(entry.get("excluded")),
        width=int(entry.get("width") or 0),
        height=int(entry.get("height") or 0),
        length=float(entry.get("length") or 0.0),
        excerpt=str(entry.get("excerpt") or ""),
    )
