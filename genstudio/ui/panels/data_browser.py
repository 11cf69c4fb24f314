"""One dataset to look at, to filter, to put right; and what training will see of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from genstudio.ui import shortcuts
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.data_about import AboutSide
from genstudio.ui.panels.data_item import ItemSide
from genstudio.ui.panels.data_items import ItemsView
from genstudio.ui.panels.data_training import AugmentSide, AugmentView, FitSide, FitView
from genstudio.ui.state.augment_state import ROWS
from genstudio.ui.state.data_state import DataState
from genstudio.ui.state.data_words import KINDS, things
from genstudio.ui.state.training_look import look_of
from genstudio.ui.state.training_state import TrainingState
from genstudio.ui.state.words import number
from genstudio.ui.widgets.buttons import PillRow, Select
from genstudio.ui.widgets.panel_frame import note, scrolled, title

SIDE_WIDTH = 298
HEAD_WIDTH = 300
NARROW = 200
ACTS = (
    Act("exclude", "Exclude", "minus", "exclude"),
    Act("undo", "Undo", "undo", "undo", shown=False),
    Act("redo", "Redo", "redo", "redo", shown=False),
    Act("all", "Select all", "", "select_all", shown=False),
    Act("new", "Add data…", "plus"),
    Act("remove", "Remove dataset", "trash", shown=False, kind="danger"),
)
WHICH = (
    ("all", "All"),
    ("train", "Training"),
    ("valid", "Held out", "Never learnt from: training is judged by these"),
    ("test", "Tests"),
    ("excluded", "Excluded"),
)
VIEWS = (
    ("items", "Pictures"),
    ("fit", "Crop", "How pictures meet the square that networks ask for"),
    ("augment", "Augment", "What training sees of each picture"),
)


class DataBrowser(QWidget):
    """Binds list, filters, edits and previews to the DataState; previews follow the training."""

    def __init__(
        self, state: DataState, training: TrainingState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._data, self._state, self._training = state, state.browsing, training
        self._size = 0
        self.head, self.count = title(""), note("")
        self.views = PillRow(VIEWS)
        self.search, self.label, self.which = QLineEdit(), Select(), PillRow(WHICH)
        self.bar = ActionBar(ACTS, self.run)
        self.items = ItemsView(self._state)
        self.fit, self.augment = FitView(state.fitting), AugmentView(state.augmenting)
        self.item_side, self.about_side = ItemSide(), AboutSide()
        self.fit_side, self.augment_side = FitSide(), AugmentSide(state.augmenting)
        self.stack, self.sides = QStackedWidget(), QStackedWidget()
        self._name_all()
        self._lay_out()
        self._connect()
        self._bind_keys()
        self.show_dataset()

    # ---- building

    def _name_all(self) -> None:
        self.search.setPlaceholderText("Name or caption")
        self.search.setAccessibleName("Search in this dataset")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(190)
        self.label.setAccessibleName("Class")
        self.label.setMaximumWidth(150)
        self.which.setAccessibleName("Show")
        self.views.setAccessibleName("Look at")
        self.count.setWordWrap(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._head())
        self.tools = self._tools()
        column.addWidget(self.tools)
        column.addWidget(self._body(), 1)

    def _head(self) -> QHBoxLayout:
        self.views.setFixedWidth(230)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(12)
        row.addWidget(self.head)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self.views, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.bar)
        return row

    def _tools(self) -> QWidget:
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        row.addWidget(self.label)
        row.addWidget(self.which, 2, Qt.AlignmentFlag.AlignVCenter)
        return tools

    def _body(self) -> QWidget:
        for view in (self.items, _padded(self.fit), _padded(self.augment)):
            self.stack.addWidget(view)
        for side in (self.about_side, self.item_side, self.fit_side, self.augment_side):
            self.sides.addWidget(side)
        frame = QFrame()
        frame.setProperty("box", "true")
        frame.setFixedWidth(SIDE_WIDTH)
        frame.setAccessibleName("Details")
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self.sides)
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 6, 12)
        column.addWidget(scrolled(page))
        self.stack.setMinimumWidth(NARROW)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 20, 20)
        row.setSpacing(4)
        row.addWidget(self.stack, 1)
        row.addWidget(frame)
        return body

    def _connect(self) -> None:
        data, state = self._data, self._state
        data.changed.connect(self.show_dataset)
        data.chosen.connect(lambda _name: self.show_dataset())
        self._training.changed.connect(self._follow_training)
        state.opened.connect(self._opened)
        state.page_ready.connect(lambda _first: self._loaded())
        state.edits_changed.connect(self._show_actions)
        state.classes_changed.connect(self._classes_changed)
        self.items.chosen_changed.connect(self._selected)
        self.items.exclude_wanted.connect(lambda _places: self.run("exclude"))
        self.items.menu_wanted.connect(self.bar.open_menu)
        self.items.clear_wanted.connect(self.clear_filter)
        self.search.textChanged.connect(lambda text: state.set_filter(text=text))
        self.label.chosen.connect(lambda value: state.set_filter(label=value))
        self.which.changed.connect(lambda value: state.set_filter(which=value))
        self.views.changed.connect(self.show_view)
        side = self.item_side
        side.label_wanted.connect(lambda name: state.set_label(self.items.chosen(), name))
        side.caption_wanted.connect(lambda text: state.set_caption(self.items.chosen(), text))
        side.excluded_wanted.connect(lambda out: state.set_excluded(self.items.chosen(), out))
        self.about_side.changed.connect(self._change_words)
        self.fit_side.fit_chosen.connect(self._choose_fit)
        self.fit_side.size_chosen.connect(self._choose_size)

    def _bind_keys(self) -> None:
        bind = shortcuts.bind
        bind(self, "undo", self.undo)
        bind(self, "redo", self._state.redo)
        bind(self, "search", self._to_search, window=True)
        bind(self, "select_all", lambda: self.run("all"))
        bind(self, "exclude", lambda: self.run("exclude"))
        bind(self, "edit_class", lambda: self._edit(self.item_side.label))
        bind(self, "edit_caption", lambda: self._edit(self.item_side.caption))

    # ---- what is shown

    def show_dataset(self) -> None:
        """The chosen dataset's own words."""
        dataset = self._data.dataset
        if dataset is None:
            return
        self._show_title(dataset.title or dataset.name)
        self.about_side.show_dataset(dataset, self._state.classes)
        self.views.pill("items").set_text(KINDS.get(dataset.kind, "Items"))
        self.views.setVisible(dataset.kind == "image")
        classes = self._state.classes
        self.label.setVisible(bool(classes))
        options = [("", "Any class"), *((name, name) for name in classes)]
        self.label.set_options(options)
        self.label.set_value(self._state.filter.label)
        self.which.pill("test").setVisible(bool(dataset.test_count))
        self.fit_side.show_fit(dataset.fit, self._size)
        self._show_actions()

    def _classes_changed(self) -> None:
        self.show_dataset()
        self._show_side()

    def _show_title(self, text: str) -> None:
        metrics = self.head.fontMetrics()
        self.head.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, HEAD_WIDTH))
        self.head.setToolTip(text)

    def _opened(self, _name: str) -> None:
        """Another dataset: no filter, the first view."""
        self._size = 0
        for widget, put in ((self.search, ""), (self.label, ""), (self.which, "all")):
            widget.blockSignals(True)
            widget.setText(put) if isinstance(widget, QLineEdit) else widget.set_value(put)
            widget.blockSignals(False)
        self.views.set_value("items")
        self.show_dataset()
        self.show_view("items")

    def show_view(self, name: str) -> None:
        """ "items", "fit" or "augment"."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self.isAncestorOf(focus)
        self.views.set_value(name)
        self.stack.setCurrentIndex(["items", "fit", "augment"].index(name))
        self.tools.setVisible(name == "items")
        if inside:  # else Qt would hand the focus to the page itself
            (self.items.view if name == "items" else self.views.pill(name)).setFocus()
        if name != "fit":
            self._data.fitting.leave()
        if name != "augment":
            self._data.augmenting.leave()
        self._follow_training()
        self._show_previews()
        self._show_side()
        self._show_actions()
        self._show_count()

    def _follow_training(self) -> None:
        """Previews are those of the training that is prepared; nothing while none are in sight."""
        dataset, training = self._data.dataset, self._training
        if self.view == "items" or dataset is None:
            return
        look = look_of(training.family, training.options(), training.settings(), dataset)
        self._data.augmenting.follow(look)
        if not self._size:
            self._size = look.size
            self.fit_side.show_fit(dataset.fit, self._size)

    @property
    def view(self) -> str:
        """Name of the view in sight."""
        return self.views.value() if not self.views.isHidden() else "items"

    def _loaded(self) -> None:
        self._show_count()
        self._show_actions()
        self._show_previews()

    def _show_previews(self) -> None:
        dataset, rows = self._data.dataset, self._state.rows
        if dataset is None or not rows:
            return
        if self.view == "fit":
            first = (self.items.chosen() or [0])[0]
            self.fit.show_from(first, rows, dataset.fit, self._size)
        elif self.view == "augment":
            samples = [rows[place] for place in self.items.samples(ROWS)]
            self.augment.show_rows(dataset, samples)

    def _selected(self) -> None:
        self._show_side()
        self._show_actions()
        self._show_count()

    def _show_side(self) -> None:
        if self.view == "fit":
            self.sides.setCurrentWidget(self.fit_side)
        elif self.view == "augment":
            self.sides.setCurrentWidget(self.augment_side)
        else:
            rows = self.items.rows()
            self.sides.setCurrentWidget(self.item_side if rows else self.about_side)
            if rows:
                self._show_rows(rows)

    def _show_rows(self, rows) -> None:  # type: ignore[no-untyped-def]
        self.item_side.show_rows(rows, self._state.kind, self._state.classes)
        self.item_side.show_picture(self.items.image(self.items.chosen()[-1]))

    def _show_count(self) -> None:
        chosen = len(self.items.chosen())
        if chosen > 1 and self.view == "items":
            self.count.setText(f"{number(chosen)} selected")
        else:
            self.count.setText(things(self._state.kind, self._state.total))

    def _show_actions(self) -> None:
        rows = self.items.rows() if self.view == "items" else []
        out = bool(rows) and all(row.excluded for row in rows)
        self.bar.set_text("exclude", "Include" if out else "Exclude")
        self.bar.set_hidden(set() if self.view == "items" else {"exclude", "all"})
        self.bar.set_able(exclude=bool(rows), undo=self._state.can_undo, redo=self._state.can_redo)

    # ---- acting

    def run(self, name: str) -> None:
        """Do what an action or key says."""
        if name == "exclude":
            rows = self.items.rows()
            self._state.set_excluded(self.items.chosen(), not all(row.excluded for row in rows))
        elif name == "undo":
            self.undo()
        elif name == "redo":
            self._state.redo()
        elif name == "all":
            self.items.view.selectAll()
        elif name == "new":
            self._data.open_new()
        elif name == "remove":
            self._data.remove()

    def undo(self) -> None:
        """Take the last edit back, else what the window said last (a removed dataset)."""
        if not self._state.undo():
            toasts = getattr(self.window(), "toasts", None)
            if toasts is not None:
                toasts.act_last()

    def clear_filter(self) -> None:
        """Show everything again."""
        self.search.clear()
        self.label.set_value("")
        self.which.set_value("all")
        self._state.set_filter(text="", label="", which="all")

    def cancel(self) -> bool:
        """Esc: leave the closer look, the search, the selection."""
        if self.items.close_large():
            return True
        if self.search.hasFocus() and self.search.text():
            self.search.clear()
            return True
        if self.view != "items":
            self.show_view("items")
            return True
        if self.items.chosen():
            self.items.view.clearSelection()
            return True
        return False

    def _to_search(self) -> None:
        self.show_view("items")
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _edit(self, widget: QWidget) -> None:
        if self.view == "items" and self.items.chosen():
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            select = getattr(widget, "selectAll", None) or widget.lineEdit().selectAll  # type: ignore[attr-defined]
            select()

    def _change_words(self, field: str, value: str) -> None:
        names = {"title": "Name", "attribution": "Credit", "consent": "People in it"}
        self._state.change(f"{names.get(field, field.capitalize())} changed", **{field: value})

    def _choose_fit(self, fit: str) -> None:
        self._state.change("Crop changed", fit=fit)
        rows = self._state.rows
        if rows:
            first = (self.items.chosen() or [0])[0]
            self.fit.show_from(first, rows, fit, self._size)

    def _choose_size(self, size: int) -> None:
        self._size = size
        self._show_previews()


def _padded(view: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(20, 4, 16, 0)
    column.addWidget(view)
    return page
