"""The Train panel: your data, a kind of model, a time; and how the training goes."""

from __future__ import annotations

import importlib

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from genstudio.ui import shortcuts
from genstudio.ui.panels.train_ask import AskingSide
from genstudio.ui.panels.train_foot import TrainFoot
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import PillRow
from genstudio.ui.widgets.panel_frame import Panel

PAGES = {
    "data": ("Data", "What is trained on", "genstudio.ui.panels.data_page:DataPage"),
    "run": ("Run", "How the training goes", "genstudio.ui.panels.train_run:RunPage"),
    "runs": ("All runs", "Every training so far", "genstudio.ui.panels.runs_page:RunsPage"),
}
"""key -> (word, help, `module:Class` that is imported at its first showing)."""
OPEN = "train.advanced"
BAR = 48
PILLS = 220


class TrainPanel(Panel):
    """Binds the asking side, the foot and the three pages to the states."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Train", "", parent)
        self._all, self._state = state, state.training
        self._made: dict[str, QWidget] = {}
        self.asking = AskingSide(self.ask, state.training, state.data, self)
        self.foot = TrainFoot(self.ask, state.training, state.run, self)
        self.pages = PillRow([(key, word, tip) for key, (word, tip, _) in PAGES.items()])
        self.pages.setAccessibleName("Show")
        self.pages.setFixedWidth(PILLS)
        for key, (word, tip, _) in PAGES.items():
            self.pages.pill(key).setAccessibleName(f"Show: {word}")
            self.pages.pill(key).setAccessibleDescription(tip)
        self.answer.title.hide()
        self.answer.bar.setFixedHeight(BAR)
        self.answer.left.addWidget(self.pages, 0, Qt.AlignmentFlag.AlignVCenter)
        self._connect()
        self.asking.advanced.set_open(state.session.get(OPEN) is True)
        self.show_page(state.training.page)

    def _connect(self) -> None:
        state = self._all
        self.pages.changed.connect(self._state.show_page)
        self._state.page_wanted.connect(self.show_page)
        state.run.followed.connect(self._on_followed)
        state.data.mode_changed.connect(self._on_data_mode)
        state.data.chosen.connect(self._on_data_chosen)
        state.closing.connect(self.close_panel)
        shortcuts.bind(self, "generate", self.foot.act, window=True)

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: what is missing in the plan may be measured now."""
        self._page_call("activated")

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: the plan may be measured."""
        super().showEvent(event)
        self._state.plan.look(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight: nothing is measured for nobody."""
        super().hideEvent(event)
        self._state.plan.look(False)

    def cancel(self) -> bool:
        """Esc: what the page has open, then a start that has not happened yet."""
        page = self._made.get(self.page)
        if page is not None and hasattr(page, "cancel") and page.cancel():
            return True
        return self._state.take_back()

    def save_session(self) -> None:
        """Keep what is open, and let the pages keep what they know."""
        self._all.session.set(OPEN, self.asking.advanced.is_open())
        self._page_call("save_session", every=True)

    def close_panel(self) -> None:
        """Let threads of the pages end."""
        self.asking.data.close()
        self._page_call("close_page", every=True)

    # ---- pages

    @property
    def page(self) -> str:
        """Key of the page in sight."""
        return self.answer.page()

    def show_page(self, name: str) -> None:
        """Bring a page into sight; it is built at its first showing."""
        if name not in self._made:
            module, kind = PAGES[name][2].split(":")
            self._made[name] = getattr(importlib.import_module(module), kind)(self._all)
            self.answer.add(name, self._made[name])
        focus, old = self.focusWidget(), self._made.get(self.page)
        lost = focus is not None and old is not None and old.isAncestorOf(focus)
        self.answer.show_page(name)
        self.pages.set_value(name)
        if lost and old is not self._made[name]:
            # Else Qt passes it on to whatever comes next, as if by Tab.
            self.pages.pill(name).setFocus()
        self.foot.show_page(name)
        self._page_call("activated")

    def _page_call(self, name: str, every: bool = False) -> None:
        for key, page in self._made.items():
            if (every or key == self.page) and hasattr(page, name):
                getattr(page, name)()

    def _on_followed(self, run: str) -> None:
        """Somebody wants to see this run, or it has just begun: whoever is in the middle of
        something else is only told."""
        late, self._state.launch.late = self._state.launch.late, ""
        importing = self.page == "data" and self._all.data.mode == "import"
        if run and self.isVisible() and self.page != "run" and (importing or run == late):
            self._all.said.emit("The training has begun", "Show", self._show_run)
        elif run:
            self._state.show_page("run")

    def _show_run(self) -> None:
        self._state.show_page("run")

    def _on_data_chosen(self, name: str) -> None:
        if name:
            self._state.show_page("data")

    def _on_data_mode(self, mode: str) -> None:
        if mode in ("new", "import"):
            self._state.show_page("data")
