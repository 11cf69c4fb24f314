"""The Train panel driven as a person would: drop, read, choose, press, wait, look.

With GENSTUDIO_SHOTS=FOLDER every `shot` is kept there as a PNG.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from genstudio.core.paths import Home, resources
from genstudio.ui.app import Application, dress
from genstudio.ui.theme import theme
from tests.helpers.drive import CTRL, click, press, rest, until

KEY = Qt.Key
LONG = 600


class Windows(QObject):
    """Notes every window that appears: a widget shown before it has a parent flashes up as one."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject."""
        shown = event.type() is QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow() and type(watched).__name__ != "MainWindow":  # type: ignore[union-attr]
            self.seen.append(type(watched).__name__)
        return False


class Desk:
    """One window over a data folder."""

    def __init__(self, home: Home) -> None:
        application = QApplication.instance()
        dress(application)  # type: ignore[arg-type]
        self.windows = Windows()
        application.installEventFilter(self.windows)  # type: ignore[union-attr]
        theme().set_still(True)
        self.app = Application(home)
        self.app.show()
        until(lambda: self.app.state is not None, "the studio")
        until(lambda: self.app.window.area(), "the first panel")
        self.app.window.resize(1280, 800)
        self.app.window.activateWindow()

    @property
    def state(self):  # type: ignore[no-untyped-def]
        return self.app.state

    @property
    def panel(self):  # type: ignore[no-untyped-def]
        """The Train panel, brought into sight."""
        if self.app.window.area() != "train":
            self.app.window.show_area("train")
            rest(0.1)
        return self.app.window.panels["train"]

    def page(self, name: str):  # type: ignore[no-untyped-def]
        """A page of the panel, by its pill."""
        panel = self.panel
        if panel.page != name:
            click(panel.pages.pill(name))
        assert panel.page == name
        return panel._made[name]

    def close(self) -> None:
        """As the user does; workers are gone when this returns."""
        QApplication.instance().removeEventFilter(self.windows)  # type: ignore[union-attr]
        self.app.window.close()
        self.app.stop()
        self.app.window.deleteLater()
        self.app.deleteLater()
        rest(0.05)

    def shot(self, name: str) -> None:
        """A picture of the window for people."""
        folder = os.environ.get("GENSTUDIO_SHOTS")
        if folder:
            rest(0.3)
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.app.window.grab().save(str(Path(folder) / f"{name}.png"))

    # ---- data

    def drop(self, path: Path) -> None:
        """Drag a folder onto the window and let it go over "Add as data"."""
        window = self.app.window
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        at, buttons = QPoint(600, 400), Qt.MouseButton.LeftButton
        actions = Qt.DropAction.CopyAction
        none = Qt.KeyboardModifier.NoModifier
        window.dragEnterEvent(QDragEnterEvent(at, actions, mime, buttons, none))
        overlay = window._overlay
        assert overlay is not None
        until(lambda: not overlay.is_asking(), "what the drop is", 60)
        keys = [choice.key for choice in overlay._choices]
        titles = [choice.title for choice in overlay._choices]
        place = titles.index("Add as data")
        self.shot(f"drop-{path.name}")
        point = QPointF(overlay.tiles()[place].center())
        drop = QDropEvent(point, actions, mime, buttons, none)
        overlay.dropEvent(drop)
        until(lambda: not overlay.isVisible(), f"the drop on {keys[place]}", 30)

    def add_data(self, path: Path, **fields: str) -> str:
        """Drop, read the report, fill in the fields, press Add; the dataset's name."""
        self.drop(path)
        importing = self.state.data.importing
        until(lambda: importing.phase in ("ready", "failed"), "the report", LONG)
        assert importing.trouble is None, importing.trouble
        sheet = self.page("data").sheet
        about = sheet.about
        about.name.setText(fields.get("title", path.name))
        about.licence.set_text(fields.get("licence", "CC0 1.0"))
        self.shot(f"report-{path.name}")
        click(sheet.add)
        before = self.state.data.current
        until(lambda: self.state.data.mode == "browse", "the dataset", LONG)
        until(lambda: self.state.data.current != before or not before, "its choice", 30)
        rest(0.1)
        self.shot(f"data-{path.name}")
        return str(self.state.data.current)

    # ---- training

    def choose(self, family: str, parent: str = "") -> None:
        """Click the kind of model, and what to continue from."""
        asking = self.panel.asking
        click(asking.kinds._cards[family])
        if parent:
            asking.parents.set_value(parent)
            asking.parents.chosen.emit(parent)
        assert self.state.training.family.name == family

    def set_steps(self, steps: int, **settings: object) -> None:
        """Type the number of steps, and others, into the Advanced form."""
        advanced = self.panel.asking.advanced
        advanced.set_open(True)
        rest(0.1)
        if self.state.training.ancestor is None:
            advanced.preset.chosen.emit("tiny")
        for name, value in {"steps": steps, **settings}.items():
            box = advanced.trainer.field(name).box
            box.setFocus()
            box.selectAll()
            for letter in str(value):
                press(box, getattr(KEY, f"Key_{letter}"))
            press(box, KEY.Key_Tab)
            assert getattr(self.state.training.settings(), name) == value
        advanced.set_open(False)

    def train(self) -> str:
        """Ctrl+Enter; the id of the run once it has one."""
        before = self.state.run.current
        press(self.app.window, KEY.Key_Return, CTRL)
        until(lambda: self.state.run.current != before, "the run", LONG)
        until(lambda: self.state.run.run is not None, "what the run is", 60)
        assert self.panel.page == "run"
        return str(self.state.run.current)

    def wait(self, phase: str, seconds: float = LONG) -> None:
        """Until the run in sight is in this phase."""
        run = self.state.run
        until(lambda: run.phase in (phase, "failed"), f"phase {phase}", seconds)
        assert run.phase == phase, run.run and run.run.problem

    def wait_model(self, model: str, seconds: float = LONG) -> None:
        """Until a model is in the panels."""

        def there() -> bool:
            return any(found.id == model for found in self.state.generation.ask.models)

        until(there, f"the model {model}", seconds)

    # ---- generating

    def generate(self, model: str, prompt: str = ""):  # type: ignore[no-untyped-def]
        """Choose the model's card in the Image panel, type the prompt where there is one, press
        Ctrl+Enter, wait for the pictures."""
        self.app.window.show_area("image")
        rest(0.1)
        asking = self.app.window.panels["image"].asking
        until(lambda: model in asking.cards._cards, f"the card of {model}", 20)
        if not asking.cards._cards[model].isVisible():
            click(asking.cards.every)
        click(asking.cards._cards[model])
        until(lambda: asking.cards.current() == model, "its choice", 20)
        if prompt:
            edit = asking.prompt.box.edit
            until(edit.isVisible, "the prompt", 20)
            edit.setFocus()
            QTest.keyClicks(edit, prompt)
            press(edit, KEY.Key_Escape)  # the list of known words
            rest(0.1)
        state = self.state.generation
        before = state.shown
        press(self.app.window, KEY.Key_Return, CTRL)
        until(lambda: state.running is not None or state.shown is not before, "the start", 20)
        made = state.running or state.shown
        until(lambda: not made.running, "the pictures", LONG)
        assert made.problem is None, made.problem
        return made


def starter_pictures(name: str) -> list[tuple[str, bytes, str]]:
    """(name, encoded picture, caption) of a starter set that ships with the program."""
    folder = resources() / "datasets" / name
    about = json.loads((folder / "starter.json").read_text("utf-8"))
    if about["file"].endswith(".npz"):
        return _from_arrays(folder / about["file"], about["classes"])
    with zipfile.ZipFile(folder / about["file"]) as archive:
        names = [n for n in archive.namelist() if n.endswith((".webp", ".png"))]
        captions = _captions(archive)
        return [(n, archive.read(n), captions.get(n, "")) for n in names]


def _captions(archive: zipfile.ZipFile) -> dict[str, str]:
    for name in archive.namelist():
        if name.endswith(".jsonl"):
            rows = map(json.loads, archive.read(name).decode().splitlines())
            return {row["file_name"]: row.get("caption") or row.get("text", "") for row in rows}
    texts = [n for n in archive.namelist() if n.endswith(".txt")]
    found = {n.removesuffix(".txt"): archive.read(n).decode().strip() for n in texts}
    pictures = [n for n in archive.namelist() if n.endswith((".webp", ".png"))]
    return {n: found[n.rsplit(".", 1)[0]] for n in pictures if n.rsplit(".", 1)[0] in found}


def _from_arrays(path: Path, classes: list[str]) -> list[tuple[str, bytes, str]]:
    with np.load(path) as arrays:
        images = next(v for v in arrays.values() if v.ndim >= 3)
        labels = next(v for v in arrays.values() if v.ndim == 1)
    made = []
    for place, (image, label) in enumerate(zip(images, labels, strict=True)):
        buffer = io.BytesIO()
        Image.fromarray(np.squeeze(image)).save(buffer, "PNG")
        word = classes[label].replace("/", "-")
        made.append((f"{word}/{place:05d}.png", buffer.getvalue(), word))
    return made


def class_folders(root: Path, count: int) -> Path:
    """Fashion pictures, sorted into folders by class."""
    for name, data, _ in starter_pictures("fashion")[:count]:
        _write(root / name, data)
    return root


def captioned(root: Path, count: int) -> Path:
    """Emoji, each with a text of the same name beside it."""
    for place, (name, data, caption) in enumerate(starter_pictures("emoji")[:count]):
        _write(root / f"{place:04d}{Path(name).suffix}", data)
        _write(root / f"{place:04d}.txt", (caption or Path(name).stem).encode())
    return root


def with_broken_files(root: Path, count: int, broken: int) -> Path:
    """Sprites in nested folders; every so often a file that is cut off, empty or no picture."""
    pictures = starter_pictures("sprites")[:count]
    for place, (name, data, _) in enumerate(pictures):
        _write(root / f"more/{place % 3}" / f"{place:04d}{Path(name).suffix}", data)
    for place in range(broken):
        half = pictures[place][1][: len(pictures[place][1]) // 3]
        _write(root / f"broken-{place:03d}.webp", (b"", half, b"not a picture")[place % 3])
    return root


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def text_of(widget: QWidget) -> str:
    """All words in sight below a widget, for assertions about what a person can read."""
    parts = []
    for child in widget.findChildren(QWidget):
        if child.isVisible() and hasattr(child, "text") and callable(child.text):
            parts.append(str(child.text()))
    return "\n".join(parts)
