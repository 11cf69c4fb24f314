"""The data page of the Train panel: new data, the import sheet, or one dataset to look at."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from genstudio.ui.panels.data_browser import DataBrowser
from genstudio.ui.panels.data_import import ImportSheet
from genstudio.ui.panels.data_new import NewPage
from genstudio.ui.state.studio_state import StudioState


class DataPage(QWidget):
    """Shows what `state.data.mode` says."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state.data
        self.new = NewPage(self._state)
        self.sheet = ImportSheet(self._state)
        self.browser = DataBrowser(self._state, state.training)
        self.stack = QStackedWidget()
        self._pages = {"new": self.new, "import": self.sheet, "browse": self.browser}
        for page in self._pages.values():
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._state.mode_changed.connect(self.show_mode)
        self.show_mode(self._state.mode)

    @property
    def page(self) -> str:
        """Name of the page in sight: "new", "import" or "browse"."""
        current = self.stack.currentWidget()
        return next(name for name, page in self._pages.items() if page is current)

    def show_mode(self, mode: str) -> None:
        """Bring a page into sight; a focus that was on the last one goes along."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self.isAncestorOf(focus)
        self.stack.setCurrentWidget(self._pages[mode])
        if mode == "import":
            self.sheet.about.name.setFocus()
        elif mode == "browse" and inside:
            self.browser.items.view.setFocus()
        self._watch()

    def cancel(self) -> bool:
        """Esc: what this page can leave; False when there is nothing."""
        if self.page == "browse":
            return self.browser.cancel()
        if self.page == "import" and self._state.importing.phase in ("ready", "failed"):
            self._state.leave_import()
            return True  # else the window would stop what runs, a training perhaps
        if self.page == "new" and self._state.current:
            self._state.close_new()
            return True
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: pages are read."""
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._state.browsing.watch(False)

    def _watch(self) -> None:
        self._state.browsing.watch(self.isVisible() and self.page == "browse")
