"""The canvas of the Image panel: the task's picture with its mask, or with its frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio.core.controls import ImageInput, Int, MaskInput
from genstudio.core.errors import GenStudioError, Problem
from genstudio.ui.panels import pictures
from genstudio.ui.panels.canvas_pages import ExtendPage, MaskPage
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.drop_zone import PICTURES
from genstudio.ui.widgets.extend_canvas import SIDES
from genstudio.ui.widgets.mask_layer import mask_of

MASK, EXTEND = "mask", "extend"
TITLES = {MASK: "Part to make anew", EXTEND: "Extend the picture"}
FEATHER = "feather"


class CanvasSide(QObject):
    """Owns the pages and keeps them and the AskState in step: every stroke counts at once."""

    wanted = Signal(str)
    left = Signal()
    changed = Signal()

    def __init__(self, state: StudioState, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._session = state.generation, state.session
        self._ask = state.generation.ask
        self.mask, self.extend = MaskPage(), ExtendPage()
        self.pages: dict[str, QWidget] = {MASK: self.mask, EXTEND: self.extend}
        self._shown: dict[str, tuple[str, object]] = {}
        self._painted: Path | bytes | None = None
        self._loader = pictures.Loader(self, threads=1)
        self._loader.ready.connect(self._loaded)
        self._restore_tools()
        self.mask.editor.changed.connect(self._on_painted)
        self.mask.editor.load_wanted.connect(self.choose_mask)
        self.extend.editor.changed.connect(self._on_extended)
        self._ask.inputs_changed.connect(self._on_input)
        self._ask.values_changed.connect(self._show_values)
        self._ask.edited.connect(self._on_edited)

    def close(self) -> None:
        """Let the loader end."""
        self._loader.close()

    def _restore_tools(self) -> None:
        """Brush and opacity as they were left."""
        canvas, editor = self.mask.editor.canvas, self.mask.editor
        size, opacity = self._session.get("canvas.brush"), self._session.get("canvas.opacity")
        if isinstance(size, int):
            canvas.set_brush_size(size)
        if isinstance(opacity, int):
            editor.opacity.setValue(opacity)
        canvas.size_changed.connect(lambda value: self._session.set("canvas.brush", value))
        editor.opacity.valueChanged.connect(
            lambda value: self._session.set("canvas.opacity", value)
        )

    # ---- what the task has

    def kind(self) -> str:
        """Which page the task at hand works on: "mask", "extend" or ""."""
        task = self._ask.task
        if self.mask_control() is not None:
            return MASK
        sides = {c.name for c in task.controls if isinstance(c, Int)} if task else set()
        return EXTEND if self.picture_slot() and sides >= set(SIDES) else ""

    def mask_control(self) -> MaskInput | None:
        """The task's mask input."""
        inputs = self._ask.task.inputs() if self._ask.task else ()
        return next((c for c in inputs if isinstance(c, MaskInput)), None)

    def picture_slot(self) -> str:
        """The input whose picture lies on the canvas."""
        mask = self.mask_control()
        inputs = self._ask.task.inputs() if self._ask.task else ()
        found = (c.name for c in inputs if isinstance(c, ImageInput))
        return mask.over if mask is not None else next(found, "")

    def ready(self) -> bool:
        """Whether there is a canvas and a picture to lie on it."""
        return bool(self.kind()) and self._ask.given(self.picture_slot()) is not None

    # ---- opening

    def open(self) -> None:
        """Show the canvas of the task; says what is missing where it cannot."""
        kind, slot = self.kind(), self.picture_slot()
        given = self._ask.given(slot)
        if not kind:
            return
        if given is None:
            words = "Add the picture first, then paint over it."
            if kind == EXTEND:
                words = "Add the picture first, then pull its frame."
            self._state.said.emit(words, "", None)
        elif self._shown.get(kind) == (slot, given):
            self._arrive(kind)
        else:
            self._read((kind, slot, given), given)

    def _read(self, key: object, given: Path | bytes) -> None:
        looker = self._state.looker

        def picture() -> QImage:
            if isinstance(given, bytes):
                return QImage.fromData(given)
            return pictures.of_any_file(given, looker)

        self._loader.ask(key, _or_problem(picture))

    def _loaded(self, key: Any, made: object) -> None:
        kind, slot, given = key
        if isinstance(made, Problem) or not isinstance(made, QImage):
            if isinstance(made, Problem):
                self._state.problem.emit(made)
            return
        if kind == "load":
            self._take_loaded(Path(str(given)), made)
        elif kind == "draft":
            self._take_mask(given, mask_of(made))
        elif kind == self.kind() and given == self._ask.given(slot):
            self._shown[kind] = (slot, given)
            self._lay(kind, made)
            self._arrive(kind)

    def _lay(self, kind: str, picture: QImage) -> None:
        if kind == EXTEND:
            self.extend.editor.set_image(picture, self._model_size(picture))
            return
        self._painted = None
        self.mask.editor.blockSignals(True)
        self.mask.editor.set_image(picture)
        self.mask.editor.blockSignals(False)
        self.mask.editor.set_crop(_square(picture.size()))

    def _arrive(self, kind: str) -> None:
        """Bring what the form says onto the page, and show it."""
        if kind == MASK:
            self._follow_mask()
        self._show_values()
        self.wanted.emit(kind)

    def _model_size(self, picture: QImage) -> QSize:
        """The picture's size where its shorter side is the model's: what sides count in."""
        size = self._model_side()
        scale = size / max(1, min(picture.width(), picture.height()))
        return QSize(round(picture.width() * scale), round(picture.height() * scale))

    def _model_side(self) -> int:
        found = self._ask.model.manifest.config.get("size") if self._ask.model else None
        return found if isinstance(found, int) and found > 0 else 64

    # ---- the mask

    def _on_painted(self) -> None:
        control, editor = self.mask_control(), self.mask.editor
        if control is None:
            return
        self._painted = None if editor.is_empty() else editor.mask_png()
        if self._painted is None:
            self._ask.set_input(control.name, None)
        else:
            self._ask.set_draft(control.name, self._painted)
        self.changed.emit()

    def _follow_mask(self) -> None:
        """Show the form's mask where it is another than the one painted here."""
        control = self.mask_control()
        given = self._ask.given(control.name) if control is not None else None
        if given == self._painted or self._is_painted(given):
            return
        if given is None:
            self._take_mask(None, None)
        else:
            self._read(("draft", control.name if control else "", given), given)

    def _is_painted(self, given: Path | bytes | None) -> bool:
        """Whether a file is what was painted here: asking wrote it down."""
        if not isinstance(given, Path) or self._painted is None:
            return False
        try:
            same = given.stat().st_size == len(self._painted) and (  # type: ignore[arg-type]
                given.read_bytes() == self._painted
            )
        except OSError:
            return False
        self._painted = given if same else self._painted
        return same

    def _take_mask(self, given: Path | bytes | None, mask: QImage | None) -> None:
        editor = self.mask.editor
        self._painted = given
        editor.blockSignals(True)
        if mask is not None:
            editor.set_mask(mask)
        elif not editor.is_empty():
            editor.clear()
        editor.blockSignals(False)

    def choose_mask(self) -> None:
        """Let the user pick a picture file whose white is made anew."""
        words = "Pictures (" + " ".join(f"*{suffix}" for suffix in PICTURES) + ")"
        path, _ = QFileDialog.getOpenFileName(self.mask, "Load a mask", "", words)
        if path:
            self.load_mask(Path(path))

    def load_mask(self, path: Path) -> None:
        """Take a mask from a picture file, read by another process; a step of undo."""
        looker = self._state.looker
        read = _or_problem(lambda: mask_of(pictures.of_any_file(path, looker)))
        self._loader.ask(("load", "", path), read)

    def _take_loaded(self, path: Path, mask: QImage) -> None:
        picture = self.mask.editor.canvas.image()
        if self.mask_control() is None or picture.isNull():
            return
        self.mask.editor.set_mask(mask)
        if self.mask.editor.is_empty():
            self._state.said.emit(f"{path.name} has no white in it: nothing is marked", "", None)
        elif _other_shape(mask.size(), picture.size()):
            self._state.said.emit(f"{path.name} was stretched over the picture", "", None)

    # ---- values

    def _on_extended(self, side: str, value: int, _held: bool) -> None:
        self._ask.set_values({side: value})
        self.changed.emit()

    def _on_edited(self, name: str) -> None:
        if name in (*SIDES, FEATHER):
            self._show_values()

    def _show_values(self) -> None:
        values, kind = self._ask.values, self.kind()
        if kind == EXTEND:
            ints = [c for c in self._ask.controls if isinstance(c, Int)]
            limits = {c.name: (c.low, c.high, c.step) for c in ints}
            self.extend.editor.canvas.set_limits(limits)
            self.extend.editor.set_values({s: int(str(values[s])) for s in SIDES})
        elif kind == MASK:
            soft = values.get(FEATHER)
            pixels = round(soft) if isinstance(soft, (int, float)) else 0
            self.mask.editor.canvas.set_feather(pixels, self._model_side())

    def _on_input(self, name: str) -> None:
        """A picture or mask was put in or taken away elsewhere."""
        control, visible = self.mask_control(), self.mask.isVisible() or self.extend.isVisible()
        if control is not None and name == control.name and self.kind() in self._shown:
            self._follow_mask()
        elif name == self.picture_slot() and visible:
            if self._ask.given(name) is None:
                self.left.emit()
            else:
                self.open()
        self.changed.emit()


def _or_problem(make: Callable[[], QImage]) -> Callable[[], QImage | Problem]:
    """`make`, with its failure as a Problem instead of an exception."""

    def made() -> QImage | Problem:
        try:
            return make()
        except GenStudioError as error:
            return error.problem

    return made


def _square(size: QSize) -> QRectF:
    """The part of a picture that models take: the square in its middle."""
    side = min(size.width(), size.height())
    return QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)


def _other_shape(one: QSize, other: QSize) -> bool:
    """Whether two sizes differ by more than a hundredth in their proportions."""
    wide, high = one.width() * other.height(), one.height() * other.width()
    return abs(wide - high) > 0.01 * max(wide, high)
