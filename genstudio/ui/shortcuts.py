"""Keys: one table, bound by name, listed and remapped by Shift+? (USERS.md 4.8)."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True)
class Key:
    """One command with the keys it has by default. `group` is where it works."""

    name: str
    label: str
    keys: tuple[str, ...]
    group: str


TABLE: tuple[Key, ...] = (
    Key(
        "generate", "Generate or train", ("Ctrl+Return", "Ctrl+Enter", "Shift+Return"), "Everywhere"
    ),
    Key("generate_next", "Generate as next in the queue", ("Ctrl+Shift+Return",), "Everywhere"),
    Key("cancel", "Cancel what runs", ("Esc", "Ctrl+Alt+Return", "Shift+X"), "Everywhere"),
    Key("clear_queue", "Clear the queue", ("Ctrl+Shift+X",), "Everywhere"),
    Key("area_1", "First area of the rail", ("1", "Alt+1"), "Everywhere"),
    Key("area_2", "Second area", ("2", "Alt+2"), "Everywhere"),
    Key("area_3", "Third area", ("3", "Alt+3"), "Everywhere"),
    Key("area_4", "Fourth area", ("4", "Alt+4"), "Everywhere"),
    Key("area_5", "Fifth area", ("5", "Alt+5"), "Everywhere"),
    Key("area_6", "Sixth area", ("6", "Alt+6"), "Everywhere"),
    Key("area_7", "Seventh area", ("7", "Alt+7"), "Everywhere"),
    Key("area_8", "Eighth area", ("8", "Alt+8"), "Everywhere"),
    Key("settings", "Settings", ("Ctrl+,",), "Everywhere"),
    Key("open", "Open or import a file", ("Ctrl+O",), "Everywhere"),
    Key("paste", "Paste: notes, or a picture to use", ("Ctrl+V",), "Everywhere"),
    Key("undo", "Undo", ("Ctrl+Z",), "Everywhere"),
    Key("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Everywhere"),
    Key("keys", "Show and change keys", ("Shift+?", "F1"), "Everywhere"),
    Key("quit", "Quit", ("Ctrl+Q",), "Everywhere"),
    Key("search", "Search", ("Ctrl+F",), "Results"),
    Key("star", "Star or unstar", (".",), "Results"),
    Key("delete", "Move to the trash, erase notes", ("Delete", "Backspace"), "Results"),
    Key("select_all", "Select all", ("Ctrl+A",), "Results"),
    Key("export", "Export", ("Ctrl+E",), "Results"),
    Key("copy", "Copy the picture or the notes", ("Ctrl+C",), "Results"),
    Key("use_all", "Use all settings", ("A",), "Results"),
    Key("use_seed", "Use the seed", ("S",), "Results"),
    Key("remix", "Remix: all settings but the seed", ("R",), "Results"),
    Key("variations", "Variations", ("V",), "Results"),
    Key("use_for", "Use for another task", ("U",), "Results"),
    Key("details", "Details", ("I",), "Results"),
    Key("compare", "Compare", ("M",), "Results"),
    Key("exclude", "Exclude from training, or include again", ("X", "Delete"), "Data"),
    Key("edit_class", "Change the class", ("L",), "Data"),
    Key("edit_caption", "Change the caption", ("T",), "Data"),
    Key("prompt_older", "Older prompt", ("Alt+Up",), "Prompt"),
    Key("prompt_newer", "Newer prompt", ("Alt+Down",), "Prompt"),
    Key("prompt_words", "Words that the model knows", ("Ctrl+Space",), "Prompt"),
    Key("find", "Find", ("Ctrl+F",), "Text"),
    Key("replace", "Find and replace", ("Ctrl+H",), "Text"),
    Key("alternatives", "Other words for the one at the cursor", ("Ctrl+Space",), "Text"),
    Key("chances", "Colours by probability", ("Ctrl+Shift+L",), "Text"),
    Key("hangs_on", "What the word at the cursor hangs on", ("Ctrl+Shift+K",), "Text"),
    Key("play_sound", "Play or pause", ("K",), "Playing"),
    Key("play_roll", "Play or pause, in the roll", ("Space",), "Playing"),
    Key("stop_sound", "Stop and go back", ("Shift+K",), "Playing"),
    Key("metronome", "Metronome", ("Ctrl+Shift+M",), "Playing"),
    Key("cut", "Cut notes", ("Ctrl+X",), "Music"),
    Key("duplicate", "Duplicate notes", ("Ctrl+D",), "Music"),
    Key("draft_next", "Next draft", ("N",), "Music"),
    Key("draft_before", "Draft before", ("Shift+N",), "Music"),
    Key("draft_keep", "Keep the draft", ("Ctrl+K",), "Music"),
    Key("roll_select", "Select and move", ("V",), "Music"),
    Key("roll_draw", "Draw notes", ("B",), "Music"),
    Key("roll_erase", "Erase notes", ("E",), "Music"),
    Key("quantise", "Quantise", ("Q",), "Music"),
    Key("roll_lock", "Lock or unlock notes", ("L",), "Music"),
    Key("louder", "Louder", ("]",), "Music"),
    Key("softer", "Softer", ("[",), "Music"),
    Key("roll_region", "Mark the bars of the selection", ("R",), "Music"),
    Key("roll_no_region", "Mark no bars", ("Shift+R",), "Music"),
    Key("roll_loop", "Loop the marked bars", ("Shift+L",), "Music"),
    Key("select_voice", "Select the voice", ("Ctrl+Alt+A",), "Music"),
    Key("select_none", "Select nothing", ("Ctrl+Shift+A",), "Music"),
    Key("roll_list", "Notes as a list", ("T",), "Music"),
    Key("roll_from_here", "Play from the selected note", ("P",), "Music"),
    Key("row_sound", "Use a sound for the row of drums", ("U",), "Music"),
    Key("snap_finer", "Finer raster", (".",), "Music"),
    Key("snap_coarser", "Coarser raster", (",",), "Music"),
    Key("rows_taller", "Taller rows", ("Alt++", "Alt+="), "Music"),
    Key("rows_lower", "Lower rows", ("Alt+-",), "Music"),
    Key("swap", "Swap the compared pictures", ("C",), "Compare"),
    Key("zoom_fit", "Fit the picture", ("Ctrl+0",), "Picture"),
    Key("zoom_actual", "Picture at 100 %", ("Ctrl+1",), "Picture"),
    Key("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+=", "+"), "Picture"),
    Key("zoom_out", "Zoom out", ("Ctrl+-", "-"), "Picture"),
    Key("play", "Play or pause", ("K",), "Animation"),
    Key("canvas", "Canvas or results", ("Q",), "Mask"),
    Key("brush", "Brush", ("B",), "Mask"),
    Key("eraser", "Eraser", ("E",), "Mask"),
    Key("smaller", "Smaller brush", ("[",), "Mask"),
    Key("larger", "Larger brush", ("]",), "Mask"),
    Key("invert", "Invert the mask", ("Ctrl+I",), "Mask"),
)


class Shortcuts(QObject):
    """Binds names to callbacks and changes the keys of all bindings when they are remapped."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._table = {key.name: key for key in TABLE}
        self._mapped: dict[str, tuple[str, ...]] = {}
        self._bound: dict[str, list[tuple[weakref.ref[QShortcut], Callable[[], object]]]] = {}

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of command `name` in Qt's portable text."""
        return self._mapped.get(name, self._table[name].keys)

    def mapped(self) -> dict[str, list[str]]:
        """What differs from the defaults, for the session file."""
        return {name: list(keys) for name, keys in self._mapped.items()}

    def restore(self, mapped: Mapping[str, object]) -> None:
        """Take remapped keys from a session; unknown names and bad values are ignored."""
        self._mapped = {
            name: tuple(keys)
            for name, keys in mapped.items()
            if name in self._table
            and isinstance(keys, (list, tuple))
            and all(isinstance(key, str) for key in keys)
        }
        self._refresh(self._table)

    def clash(self, name: str, key: str) -> str:
        """Name of another command of an overlapping group that has `key` ("" when none)."""
        wanted = QKeySequence(key)
        group = self._table[name].group
        for other in TABLE:
            shared = "Everywhere" in (group, other.group) or group == other.group
            taken = (QKeySequence(text) == wanted for text in self.keys(other.name))
            if other.name != name and shared and any(taken):
                return other.name
        return ""

    def remap(self, name: str, keys: tuple[str, ...]) -> None:
        """Give command `name` other keys (empty: none)."""
        if keys == self._table[name].keys:
            self._mapped.pop(name, None)
        else:
            self._mapped[name] = keys
        self._refresh((name,))

    def reset(self) -> None:
        """All keys as they were delivered."""
        self._mapped = {}
        self._refresh(self._table)

    def bind(
        self, widget: QWidget, name: str, callback: Callable[[], object], window: bool = False
    ) -> QShortcut:
        """Call `callback` on the keys of `name` while `widget` or a child of it has the focus.

        With `window` it is enough that `widget` is visible in the active window.
        """
        context = Qt.ShortcutContext
        shortcut = QShortcut(widget)
        shortcut.setContext(
            context.WindowShortcut if window else context.WidgetWithChildrenShortcut
        )
        shortcut.setKeys(_sequences(self.keys(name)))
        shortcut.activated.connect(callback)
        shortcut.activatedAmbiguously.connect(lambda: self._nearest(shortcut.keys()))
        self._bound.setdefault(name, []).append((weakref.ref(shortcut), callback))
        return shortcut

    def _nearest(self, keys: list[QKeySequence]) -> None:
        """Several widgets want the same key: the one nearest to the focus gets it."""
        focus = QApplication.focusWidget()
        best: tuple[int, Callable[[], object]] | None = None
        for bound in self._bound.values():
            for ref, callback in bound:
                shortcut = ref()
                if shortcut is None or not _alive(shortcut):
                    continue
                if not set(shortcut.keys()) & set(keys):
                    continue
                far = _distance(focus, shortcut)
                if far >= 0 and (best is None or far < best[0]):
                    best = (far, callback)
        if best is not None:
            best[1]()

    def _refresh(self, names) -> None:  # type: ignore[no-untyped-def]
        for name in names:
            living = [pair for pair in self._bound.get(name, []) if _alive(pair[0]())]
            self._bound[name] = living
            for ref, _callback in living:
                shortcut = ref()
                if shortcut is not None:
                    shortcut.setKeys(_sequences(self.keys(name)))
        self.changed.emit()


def _distance(focus: QWidget | None, shortcut: QShortcut) -> int:
    """Steps up from the focus to the shortcut's widget; far for another visible part of the
    window, -1 where the shortcut cannot act."""
    owner = shortcut.parent()
    if not isinstance(owner, QWidget) or not owner.isVisible() or not shortcut.isEnabled():
        return -1
    steps, widget = 0, focus
    while widget is not None:
        if widget is owner:
            return steps
        widget, steps = widget.parentWidget(), steps + 1
    whole = shortcut.context() == Qt.ShortcutContext.WindowShortcut
    return 10_000 if whole else -1


def _alive(shortcut: QShortcut | None) -> bool:
    import shiboken6

    return shortcut is not None and shiboken6.isValid(shortcut)


def _sequences(keys: tuple[str, ...]) -> list[QKeySequence]:
    return [QKeySequence(key) for key in keys]


@lru_cache(maxsize=1)
def shortcuts() -> Shortcuts:
    """The one table of keys of the program."""
    return Shortcuts()


def bind(
    widget: QWidget, name: str, callback: Callable[[], object], window: bool = False
) -> QShortcut:
    """Short for `shortcuts().bind`."""
    return shortcuts().bind(widget, name, callback, window)


def keys_text(name: str) -> str:
    """The first key of a command as people read it: "Ctrl ↵"; "" when it has none."""
    keys = shortcuts().keys(name)
    return spoken(keys[0]) if keys else ""


def spoken(key: str) -> str:
    """A key sequence with the signs printed on the keys."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    if text == "+" or text.endswith("++"):
        return text.replace("++", " +")
    return text.replace("Return", "↵").replace("Enter", "↵").replace("+", " ")
