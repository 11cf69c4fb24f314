"""The frame: rail, panels built at their first showing, status line, drops, toasts, keys."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from genstudio.ui import icons, shortcuts
from genstudio.ui.theme import theme
from genstudio.ui.widgets.nav_rail import NavRail
from genstudio.ui.widgets.status_line import StatusLine
from genstudio.ui.widgets.toast import ToastArea

if TYPE_CHECKING:
    from genstudio.core.errors import Problem
    from genstudio.ui.panels.foreign_sheet import ForeignSheet
    from genstudio.ui.status_binding import StatusBinding
    from genstudio.ui.widgets.drop_overlay import DropOverlay


@dataclass(frozen=True)
class Area:
    """One entry of the rail; `panel` is `module:Class`, imported at its first showing."""

    key: str
    title: str
    icon: str
    panel: str


AREAS: tuple[Area, ...] = (
    Area("image", "Image", "image", "genstudio.ui.panels.image:ImagePanel"),
    Area("text", "Text", "text", "genstudio.ui.panels.text:TextPanel"),
    Area("music", "Music", "music", "genstudio.ui.panels.music:MusicPanel"),
    Area("sound", "Sound", "sound", "genstudio.ui.panels.sound:SoundPanel"),
    Area("gallery", "Gallery", "gallery", "genstudio.ui.panels.gallery:GalleryPanel"),
    Area("train", "Train", "train", "genstudio.ui.panels.train:TrainPanel"),
    Area("models", "Models", "models", "genstudio.ui.panels.models:ModelsPanel"),
    Area("settings", "Settings", "settings", "genstudio.ui.panels.settings:SettingsPanel"),
)
"""Only areas that work. The last stands at the foot of the rail."""

FIRST = "image"
SMALLEST = (960, 600)
SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """Shows at once; `attach(state)` brings it to life. `painted` is emitted at the first paint."""

    painted = Signal()
    closing = Signal()

    def __init__(self, areas: tuple[Area, ...] = AREAS) -> None:
        super().__init__()
        self.setWindowTitle("GenStudio")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        self.setAcceptDrops(True)
        self.setAccessibleName("GenStudio")
        self.areas = {area.key: area for area in areas}
        self.state: Any = None
        self.panels: dict[str, QWidget] = {}
        self._first_paint, self._closed, self._offer = True, False, None
        self._overlay: DropOverlay | None = None
        self._binding: StatusBinding | None = None
        self.foreign: ForeignSheet | None = None
        self.rail = NavRail([(a.key, a.title, a.icon) for a in areas])
        self.stack = QStackedWidget()
        self.status = StatusLine()
        self._build()
        self.toasts = ToastArea(self, self.status.height())
        self.rail.chosen.connect(self.show_area)
        self.status.cancel_wanted.connect(self._stop_running)

    def _build(self) -> None:
        ground = QWidget()
        self._banners = QVBoxLayout()
        self._banners.setSpacing(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(self._banners)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        blank = QWidget()
        blank.setObjectName("answer")
        blank.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stack.addWidget(blank)
        # The first focus is on nothing, so that no ring greets the user; Tab goes to the rail.
        ground.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCentralWidget(ground)
        ground.setFocus()

    # ---- life

    def attach(self, state: Any) -> None:
        """Bind to a StudioState: restore the session, show the panel of last time."""
        from genstudio.ui.status_binding import StatusBinding

        self.state = state
        self._binding = StatusBinding(self.status, state, self)
        state.said.connect(self.say)
        state.problem.connect(self.show_trouble)
        state.area_wanted.connect(self.show_area)
        state.drop.described.connect(self._described)
        state.drop.foreign.shown.connect(self._show_foreign)
        state.settings.changed.connect(lambda *_: self._apply_settings())
        shortcuts.shortcuts().restore(_as_dict(state.session.get("keys", {})))
        shortcuts.shortcuts().changed.connect(self._keep_keys)
        self._apply_settings()
        self._bind_keys()
        area = state.session.get("window.area", FIRST)
        self.show_area(area if area in self.areas else next(iter(self.areas)))

    def on_event(self, event: Any) -> None:
        """Follow the queue (connected to the bridge)."""
        if self._binding is not None:
            self._binding.on_event(event)

    def _apply_settings(self) -> None:
        values = self.state.settings.values
        theme().choose(values.theme)
        theme().set_still(values.motion == "off")

    def _keep_keys(self) -> None:
        if not self._closed:
            self.state.session.set("keys", shortcuts.shortcuts().mapped())

    def restore_geometry(self, text: str) -> None:
        """Where the window was, as kept by `geometry_text`; nonsense is ignored."""
        if text:
            self.restoreGeometry(QByteArray.fromBase64(text.encode()))

    def geometry_text(self) -> str:
        """Where the window is, to be kept."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def come_to_front(self) -> None:
        """A second start asks for this window."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the session."""
        if self.state is not None and not self._closed:
            self._closed = True
            self.state.session.set("window.geometry", self.geometry_text())
            for panel in self.panels.values():
                if hasattr(panel, "save_session"):
                    panel.save_session()
            if self.foreign is not None:
                self.foreign.close_loader()
        self.toasts.stop()
        self.closing.emit()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when there is something to see."""
        super().paintEvent(event)
        if self._first_paint:
            self._first_paint = False
            QTimer.singleShot(0, self, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The overlay covers all."""
        super().resizeEvent(event)
        if self._overlay is not None:
            self._overlay.setGeometry(self.rect())
        if self.foreign is not None and self.foreign.isVisible():
            self.foreign.place()

    # ---- panels

    def show_area(self, key: str) -> None:
        """Show a panel; it is built at its first showing. Unknown keys are ignored."""
        if key not in self.areas or self.state is None:
            return
        self.rail.set_current(key)
        if key not in self.panels:
            self.panels[key] = self._make_panel(self.areas[key])
            self.stack.addWidget(self.panels[key])
        panel = self.panels[key]
        self.stack.setCurrentWidget(panel)
        self.state.session.set("window.area", key)
        if hasattr(panel, "activated"):
            panel.activated()
        if self.focusWidget() is None or not self.focusWidget().isVisible():
            self.centralWidget().setFocus()  # Tab begins somewhere that is in sight

    def area(self) -> str:
        """Key of the panel in sight."""
        current = self.stack.currentWidget()
        return next((key for key, panel in self.panels.items() if panel is current), "")

    def _make_panel(self, area: Area) -> QWidget:
        module, name = area.panel.split(":")
        try:
            made: QWidget = getattr(importlib.import_module(module), name)(self.state)
        except Exception as error:
            # One broken panel must not take the others with it.
            from genstudio.core.errors import classify
            from genstudio.ui.widgets.empty_state import EmptyState

            problem = classify(error, f"opening {area.title}")
            empty = EmptyState("warning", f"{area.title} cannot be opened", problem.what, "Details")
            empty.clicked.connect(lambda: self.show_report(problem))
            return empty
        return made

    # ---- words

    def say(self, text: str, action: str = "", callback: Any = None) -> None:
        """A passing word with an optional button."""
        self.toasts.say(text, action, callback)

    def show_trouble(self, problem: Problem) -> None:
        """A failure: one sentence now, the rest on request."""
        self.toasts.say(
            problem.sentence, "Details", lambda: self.show_report(problem), kind="problem"
        )

    def show_report(self, problem: Problem) -> QWidget:
        """The whole report."""
        from genstudio.ui.widgets.error_dialog import show_problem

        return show_problem(self, problem)

    def add_banner(self, problem: Problem) -> None:
        """Something that stays true, such as a data folder that may only be read."""
        from genstudio.ui.widgets.banner import Banner

        banner = Banner(problem.sentence, "Settings" if problem.kind == "read-only" else "")
        banner.acted.connect(lambda: self.show_area("settings"))
        self._banners.addWidget(banner)

    # ---- keys

    def _bind_keys(self) -> None:
        for number, key in enumerate(self.areas, start=1):
            if number <= 8:
                self._bind(f"area_{number}", lambda area=key: self.show_area(area))
                tip = f"{self.areas[key].title}   {shortcuts.keys_text(f'area_{number}')}"
                self.rail.set_tip(key, tip)
        self._bind("settings", lambda: self.show_area("settings"))
        self._bind("cancel", self.cancel)
        self._bind("clear_queue", lambda: self.state.queue.clear())
        self._bind("undo", self.toasts.act_last)
        self._bind("keys", self.show_keys)
        self._bind("open", self.open_file)
        self._bind("quit", self.close)

    def _bind(self, name: str, callback: Any) -> None:
        shortcuts.bind(self, name, callback, window=True)

    def cancel(self) -> None:
        """Esc: the panel first, then what runs. A training only ends when that is confirmed."""
        if self.foreign is not None and self.foreign.isVisible():
            self.foreign.close_sheet()
            return
        panel = self.stack.currentWidget()
        if hasattr(panel, "cancel") and panel.cancel():  # type: ignore[union-attr]
            return
        if self._binding is None:
            return
        if self._binding.training() is not None:
            self.say("The training goes on", "Pause it", self._binding.cancel)
        else:
            self._binding.cancel()

    def _stop_running(self) -> None:
        """The button in the status line: what it names, and nothing else."""
        panel = self.stack.currentWidget()
        training = self._binding is not None and self._binding.training() is not None
        if not training and hasattr(panel, "cancel") and panel.cancel():  # type: ignore[union-attr]
            return
        if self._binding is not None:
            self._binding.cancel()

    def show_keys(self) -> QWidget:
        """The page of all keys."""
        from genstudio.ui.widgets.key_sheet import KeySheet

        sheet = KeySheet(self)
        sheet.show()
        return sheet

    # ---- files

    def open_file(self) -> None:
        """Choose a file; the same choices appear as for a drop."""
        from PySide6.QtWidgets import QFileDialog

        path, _ = QFileDialog.getOpenFileName(self, "Open or import a file")
        if path:
            self.offer_files([path])
            self._overlay_widget().setFocus()

    def offer_files(self, paths: list[str]) -> None:
        """Ask where these files may go, and show it."""
        name = Path(paths[0]).name
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        self._offer = None
        self._overlay_widget().begin(f"{name}{more}")
        self.state.drop.describe(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files from another program: show where they may go, before they are let go."""
        from genstudio.ui.widgets.drop_zone import local_files

        paths = local_files(event.mimeData())
        if paths and event.source() is None and self.state is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.offer_files(paths)

    def _overlay_widget(self) -> DropOverlay:
        if self._overlay is None:
            from genstudio.ui.widgets.drop_overlay import DropOverlay

            self._overlay = DropOverlay(self)
            self._overlay.chosen.connect(self._drop_chosen)
            self._overlay.refused.connect(lambda words: self.toasts.say(words, kind="problem"))
        return self._overlay

    def _described(self, offer: Any) -> None:
        if self._overlay is not None and self._overlay.is_asking():
            self._offer = offer
            self._overlay.set_choices(offer.choices, offer.text)

    def _show_foreign(self) -> None:
        """What a picture made elsewhere says, over whatever panel is in sight."""
        if self.foreign is None:
            from genstudio.ui.panels.foreign_sheet import ForeignSheet

            self.foreign = ForeignSheet(self.state.drop.foreign, self.state.generation.looker, self)
        self.foreign.show_file()

    def _drop_chosen(self, key: str) -> None:
        if self._offer is not None:
            self.state.drop.accept(self._offer, key)


def _as_dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
