"""The Gallery panel: everything made so far, to be found, looked at, used again, thrown away."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSignalBlocker, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from genstudio.core.artifact import Artifact
from genstudio.ui import shortcuts
from genstudio.ui.panels import pictures
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.export_sheet import ExportSheet
from genstudio.ui.panels.gallery_view import GalleryView
from genstudio.ui.panels.text_look import MOST
from genstudio.ui.panels.use_for import UseFor
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.state.words import several
from genstudio.ui.widgets.buttons import Button, PillRow
from genstudio.ui.widgets.panel_frame import Panel, label, note

ACTS = (
    Act("restore", "Restore", "undo"),
    Act("open_text", "Open in Text", "text"),
    Act("open_music", "Open in Music", "music"),
    Act("variations", "Variations", "variations", "variations"),
    Act("use_for", "Use for…", "image", "use_for"),
    Act("compare", "Compare", "compare", "compare"),
    Act("star", "Star", "star", "star"),
    Act("export", "Export…", "export", "export"),
    Act("details", "Details", "info", "details", shown=False),
    Act("use_seed", "Use only the seed", "dice", "use_seed", shown=False),
    Act("group", "Show its sweep or list", "gallery", shown=False),
    Act("remix", "Use all but the seed", "wand", "remix", shown=False),
    Act("copy", "Copy", "copy", "copy", shown=False),
    Act("delete", "Delete", "trash", "delete", kind="danger"),
)
FILTERS = (
    ("all", "All"),
    ("starred", "Starred"),
    ("trash", "Trash", "Deleted results; they can be brought back"),
)
_IN_TRASH = {"variations", "star", "export", "use_seed", "remix", "use_for", "delete"}


class GalleryPanel(Panel):
    """Binds search, filters and actions to the GalleryState."""

    def __init__(self, state: StudioState, parent: QWidget | None = None) -> None:
        super().__init__("Gallery", "", parent)
        self._all, self._state = state, state.gallery
        self.search = QLineEdit(self._state.text)
        self.filter, self.models = PillRow(FILTERS), PillRow()
        self.models_label = label("Model")
        self.help = note("")
        self.use = Button("Use settings", "", "primary", shortcuts.keys_text("use_all"))
        self.view = GalleryView(self.answer, state, self)
        self.actions = ActionBar(ACTS, self.run)
        self.export = ExportSheet(state.exports, self.answer)
        self.use_for = UseFor(state, self)
        self._lay_out()
        self._bind_keys()
        self._connect()
        self._show_models()
        self._show_actions()

    # ---- building

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("Words, model:, seed:, date:")
        self.search.setAccessibleName("Search the gallery")
        self.search.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Show")
        self.filter.set_value(self._state.filter)
        self.models.setAccessibleName("Model")
        self.help.setText("Try  date:2026-11  or  seed:42  or  boot -bag")
        self.ask.add(self.search, "Search")
        self.ask.add(self.help)
        self.ask.add(self.filter, "Show")
        self.ask.add(self.models_label)
        self.ask.add(self.models)
        self.ask.add_stretch()
        self.ask.set_foot(self.use)
        self.answer.right.addWidget(self.actions)

    def _bind_keys(self) -> None:
        bind = shortcuts.bind
        for act in ACTS:
            if act.key:
                bind(self.answer, act.key, lambda name=act.name: self.run(name))
        bind(self.answer, "use_all", lambda: self.run("use_all"))
        bind(self, "search", self._to_search, window=True)

    def _connect(self) -> None:
        view, state = self.view, self._state
        self.search.textChanged.connect(state.search)
        self.filter.changed.connect(state.set_filter)
        self.models.changed.connect(self._choose_model)
        self.use.clicked.connect(lambda: self.run("use_all"))
        view.chosen_changed.connect(self._show_actions)
        view.menu_wanted.connect(self.actions.open_menu)
        view.star_wanted.connect(state.star)
        view.delete_wanted.connect(self._delete)
        view.clear_wanted.connect(self._clear_search)
        state.changed.connect(self._show_models)
        self._all.closing.connect(self.close_panel)

    # ---- what the window calls

    def activated(self) -> None:
        """Shown: read the gallery as it is now, and follow it."""
        self._state.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: a thousand results in the making need not be listed here."""
        super().hideEvent(event)
        self._state.watch(False)

    def cancel(self) -> bool:
        """Esc: leave the sheet, the closer look, the search."""
        if self.export.isVisible():
            self.export.close_sheet()
        elif self.view.page != "grid" and self.view.close_look():
            pass
        elif self.search.hasFocus() and self.search.text():
            self._clear_search()
        else:
            return False
        return True

    def close_panel(self) -> None:
        """Let threads end."""
        self.view.close()
        self.export.close_loader()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheet in its corner."""
        super().resizeEvent(event)
        if self.export.isVisible():
            self.export.place()

    # ---- searching

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _clear_search(self) -> None:
        self.search.clear()
        self.filter.set_value("all")
        self._state.set_filter("all")
        self.models.set_value("")

    def _choose_model(self, model: str) -> None:
        words = [w for w in self._state.text.split() if not w.startswith("model:")]
        if model:
            words.insert(0, f"model:{model}")
        self.search.setText(" ".join(words))

    def _show_models(self) -> None:
        names = self._state.models()
        options = [("", "Any")] + [(name, self._all.models.title(name)) for name in names[:12]]
        with QSignalBlocker(self.models):
            self.models.set_options(options)
            wanted = [w[6:] for w in self._state.text.split() if w.startswith("model:")]
            self.models.set_value(wanted[0] if wanted else "")
        for widget in (self.models_label, self.models):
            widget.setVisible(len(names) > 1)

    # ---- actions

    def run(self, name: str) -> None:
        """Do what an action or key says with the chosen results."""
        found = self.view.chosen()
        if name == "details":
            self.view.toggle_details()
        elif not found:
            return
        elif name == "restore":
            self._state.restore([a.id for a in found])
        elif name == "delete":
            self._delete([a.id for a in found])
        elif name == "star":
            self._state.star([a.id for a in found])
        elif name == "export":
            self.export.open_for(found)
        elif name == "compare":
            self.view.compare(found[:2])
        elif name == "copy":
            self._copy(found[-1])
        elif name == "open_text":
            self._all.writing.documents.new(self._state.words_of(found[-1], MOST))
            self._all.area_wanted.emit("text")
        elif name == "open_music":
            self._all.music.opening.open(self._state.path(found[-1]))
            self._all.area_wanted.emit("music")
        elif name == "use_for":
            where = self.actions.place_of("use_for", self.view.stack)
            self.use_for.open([self._state.path(a) for a in found], found[-1], where)
        elif name == "group":
            self._open_group(found[-1])
        else:
            self._make_again(name, found[-1])

    def _open_group(self, artifact: Artifact) -> None:
        """The sweep as a whole in the Image panel; where it is gone, what it made."""
        group, generation = artifact.provenance.group, self._all.generation
        if group is None:
            return
        asked = generation.many.opened(group.id, generation.rounds)
        if asked is not None:
            generation.show(asked)
            self._all.area_wanted.emit("image")
        else:
            self.search.setText(f"group:{group.id}")

    def _delete(self, ids: list[str]) -> None:
        if self._state.filter != "trash":
            self._state.trash(ids)

    def _make_again(self, name: str, artifact: Artifact) -> None:
        generation = self._all.generation
        if artifact.output in ("text", "music"):
            self._write_again(name, artifact)
            return
        if name == "variations":
            done: object = generation.variations_of(artifact)
        elif name == "use_seed":
            done = generation.use_seed(artifact) is None
        elif name == "remix":
            done = generation.remix(artifact)
        else:
            done = generation.use_settings_of(artifact)
        if done:
            self._all.area_wanted.emit("image")

    def _write_again(self, name: str, artifact: Artifact) -> None:
        """The settings of a text or a piece in its panel; what was given stays where it is."""
        made = artifact.provenance
        writing = self._all.writing if artifact.output == "text" else self._all.music
        if name == "use_seed":
            writing.ask.set_seed(made.request.seed, locked=True, first=made.index)
        else:
            writing.use_request(made.request, seed=name != "remix")
        self._all.area_wanted.emit(artifact.output)

    def _copy(self, artifact: Artifact) -> None:
        path = self._state.path(artifact)
        mime = QMimeData()
        if artifact.output == "text":
            mime.setText(self._state.words_of(artifact, MOST))
        elif not (picture := pictures.of_small_file(path)).isNull():
            mime.setImageData(picture)
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        QGuiApplication.clipboard().setMimeData(mime)
        self._all.said.emit("Copied", "", None)

    def _show_actions(self) -> None:
        found, trash = self.view.chosen(), self._state.filter == "trash"
        some, one = bool(found), len(found) == 1
        pictured = some and all(a.output == "image" for a in found)
        text = one and found[0].output == "text"
        music = one and found[0].output == "music"
        hidden = _IN_TRASH if trash else {"restore"}
        for name, fits in (("open_text", text), ("open_music", music)):
            hidden = hidden if fits and not trash else hidden | {name}
        self.actions.set_hidden(hidden)
        self.actions.set_able(
            restore=some,
            variations=one and pictured,
            compare=len(found) == 2 and pictured,
            star=some,
            export=some,
            group=one and found[0].provenance.group is not None,
            use_seed=one,
            remix=one,
            use_for=pictured,
            copy=text or (one and pictured),
            open_text=text,
            open_music=music,
            delete=some,
        )
        starred = some and all(a.starred for a in found)
        self.actions.set_text("star", "Unstar" if starred else "Star")
        self.use.setEnabled(one and not trash)
        self.use.setToolTip("" if one else "Select one result first")
        self.view.show_count(several(len(found), "result") + " selected" if some else "")
