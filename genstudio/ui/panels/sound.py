"""The Sound panel: ask on the left; on the right what was made, seen and heard."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.core.artifact import Artifact
from genstudio.ui import shortcuts
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.sound_ask import SoundAsk
from genstudio.ui.panels.sound_export import SoundExport
from genstudio.ui.panels.sound_page import SoundPage
from genstudio.ui.state.sound_state import chosen_ids
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.theme import theme
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.panel_frame import Panel

ACTS = (
    Act("variations", "Variations", "variations", "variations"),
    Act("continue", "Continue", "play"),
    Act("settings", "Use settings", "settings", "use_all"),
    Act("export", "Export…", "export", "export"),
    Act("drum", "Use as a drum", "music", shown=False),
    Act("star", "Star", "star", "star"),
    Act("copy", "Copy file", "copy", "copy", shown=False),
    Act("delete", "Delete", "trash", "delete", kind="danger"),
)
EMPTY = "Choose a model and what it should sound like. Everything stays on this computer."
EMPTY_PAGE, SOUNDS = "empty", "sounds"


class SoundPanel(Panel):
    """Binds the two sides, the actions and the keys to the SoundState."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Sound", "", parent)
        self._all, self._state = state, state.sound
        self.asking = SoundAsk(self.ask, state.sound, self)
        self.page = SoundPage(state.sound)
        self.empty = EmptyState("music", "No sounds yet", EMPTY, "Make sounds")
        self.actions = ActionBar(ACTS, self.run)
        self.back = Button("", "chevron-left", "quiet")
        self.forth = Button("", "chevron-right", "quiet")
        self.sheet = SoundExport(state.sound_export, state.sound, self._ids, self.answer)
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.back.setAccessibleName("Older sounds")
        self.forth.setAccessibleName("Newer sounds")
        self.answer.add(EMPTY_PAGE, self.empty)
        self.answer.add(SOUNDS, self.page)
        self.answer.left.addWidget(self.back)
        self.answer.left.addWidget(self.forth)
        self.answer.right.addWidget(self.actions)

    def _connect(self) -> None:
        state, bind = self._state, shortcuts.bind
        bind(self, "generate", state.submit, window=True)
        for act in ACTS:
            if act.key:
                bind(self.answer, act.key, lambda name=act.name: self.run(name))
        self.empty.clicked.connect(state.submit)
        self.back.clicked.connect(lambda: state.step_round(-1))
        self.forth.clicked.connect(lambda: state.step_round(1))
        grid = self.page.grid
        grid.menu_wanted.connect(lambda _row, where: self.actions.open_menu(where))
        grid.star_wanted.connect(lambda _rows: self.run("star"))
        grid.delete_wanted.connect(lambda _rows: self.run("delete"))
        self.page.chosen_changed.connect(self._show_actions)
        self.page.transport.failed.connect(lambda words: self._all.said.emit(words, "", None))
        state.round_changed.connect(self._show)
        state.running_changed.connect(self._show_actions)
        state.ask.model_changed.connect(self._show)
        theme().changed.connect(self.page.redraw)
        self._all.closing.connect(self.page.close_page)

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: arrows go through the sounds."""
        self.page.transport.warm()
        if self._state.shown is not None and not self.asking.cards.hasFocus():
            self.page.grid.setFocus()

    def cancel(self) -> bool:
        """Esc: stop what runs, then leave the sheet, then silence."""
        if self._state.cancel():
            return True
        if self.sheet.isVisible():
            self.sheet.close_sheet()
            return True
        if self.page.transport.playing:
            self.page.transport.pause()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheet in its corner."""
        super().resizeEvent(event)
        if self.sheet.isVisible():
            self.sheet.place()

    # ---- actions

    def run(self, name: str) -> None:
        """Do what an action or key says with the chosen sounds."""
        place = self.page.current()
        one = self._state.artifact_of(place) if place is not None else None
        ids = chosen_ids(self.page.places())
        if name == "export":
            self.sheet.open_for()
        elif name == "star" and ids:
            self._all.gallery.star(ids)
        elif name == "delete" and ids:
            self._all.gallery.trash(ids)
        elif one is not None:
            self._run_one(name, one)

    def _run_one(self, name: str, artifact: Artifact) -> None:
        if name == "variations":
            self._state.variations_of(artifact)
        elif name == "continue":
            self._state.continue_from(self._state.path(artifact))
        elif name == "drum":
            self._all.row_sounds.offer(self._state.path(artifact))
        elif name == "settings":
            self._state.use_settings_of(artifact)
        elif name == "copy":
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(self._state.path(artifact)))])
            QGuiApplication.clipboard().setMimeData(mime)
            self._all.said.emit("Copied", "", None)

    def _ids(self) -> list[str]:
        """What an export takes: the chosen sounds, else all of the round."""
        shown = self._state.shown
        return chosen_ids(self.page.places()) or chosen_ids(shown.places if shown else [])

    def _show(self) -> None:
        shown = self._state.shown
        self.answer.show_page(SOUNDS if shown is not None else EMPTY_PAGE)
        if self._state.ask.model is None:
            self.empty.set_text("No model of sound yet", self.asking.hint.text(), "")
        else:
            self.empty.set_text("No sounds yet", EMPTY, self.asking.generate.text())
        number, count = self._state.position
        self.back.setEnabled(number > 1)
        self.forth.setEnabled(number < count)
        for button in (self.back, self.forth):
            button.setVisible(count > 1)
        self.answer.title.setText(shown.title if shown is not None else "")
        self._show_actions()

    def _show_actions(self) -> None:
        places = self.page.places()
        some = bool(chosen_ids(places))
        one = some and len(places) == 1
        able = self._state.continuing() is not None
        self.actions.set_able(
            variations=one and able,
            settings=one,
            drum=one,
            export=bool(self._ids()),
            star=some,
            copy=one,
            delete=some,
            **{"continue": one and able},
        )
        starred = some and all(place.starred for place in places)
        self.actions.set_text("star", "Unstar" if starred else "Star")
        self.actions.setVisible(self._state.shown is not None)
