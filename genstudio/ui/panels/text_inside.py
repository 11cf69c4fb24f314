"""What looks inside a text, hung into the Text panel: colours, branches, versions, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from genstudio.core.document import Document, Passage, Token, aligned
from genstudio.core.errors import GenStudioError
from genstudio.ui import shortcuts
from genstudio.ui.panels.inside_page import InsidePage
from genstudio.ui.panels.templates_page import TemplatesPage
from genstudio.ui.panels.text_export import TextExport
from genstudio.ui.panels.versions_page import VersionsPage
from genstudio.ui.state.inside_state import Copied, Scored, Weighed
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.chances import Chance
from genstudio.ui.widgets.find_bar import FindBar
from genstudio.ui.widgets.marks import Mark
from genstudio.ui.widgets.text_places import in_characters, in_units
from genstudio.ui.widgets.token_layer import TokenLayer

if TYPE_CHECKING:
    from genstudio.ui.panels.text import TextPanel

VERSIONS, INSIDE, TEMPLATES = "versions", "inside", "templates"
COPIED = "copied"
REST_MS = 400
_WORDS = {VERSIONS: "Versions", INSIDE: "Inside", TEMPLATES: "Templates"}


class TextInside(QObject):
    """Binds pages and layers to the panel's editor and to the states."""

    def __init__(self, panel: TextPanel, state: StudioState) -> None:
        super().__init__(panel)
        self._panel, self._writing = panel, state.writing
        self._inside, self._versions, self._tables = state.inside, state.versions, state.tables
        self._edit = panel.page.edit
        self.layer = TokenLayer(self._edit, self._edit.marks)
        self.find = FindBar(self._edit, self._edit.marks)
        self.versions = VersionsPage(self._versions)
        self.inside = InsidePage(self._inside)
        self.templates = TemplatesPage(self._tables)
        self.pills = {key: Pill(words) for key, words in _WORDS.items()}
        self._drawn, self._end = 0, 0
        self._copied: list[Copied] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.fill_tokens)
        panel.page.above.addWidget(self.find)
        for key, page in (
            (VERSIONS, self.versions),
            (INSIDE, self.inside),
            (TEMPLATES, self.templates),
        ):
            panel.side.add(key, _WORDS[key], page)
            panel.answer.right.addWidget(self.pills[key])
            self.pills[key].toggled.connect(lambda _on, key=key: self._toggle(key))
        self.inside.layout().insertWidget(3, panel.authors)  # type: ignore[union-attr]
        self.export = Pill("Export…", checkable=False, icon="export")
        self.sheet = TextExport(state.text_export, self._saved, self._selected, panel.answer)
        panel.answer.right.addWidget(self.export)
        self._connect()

    def _saved(self) -> Document:
        """The open document with what stands in the editor now."""
        self._edit.accept_draft()
        self._writing.documents.save()
        return self._writing.documents.current

    def _selected(self) -> tuple[int, int] | None:
        start, end = self._edit.selection()
        if start == end:
            return None
        ((first, last, _n),) = in_characters(self._edit.text(), [(start, end, 0)])
        return first, last

    def _connect(self) -> None:
        panel, writing, edit = self._panel, self._writing, self._edit
        panel.side.turned.connect(self._on_side)
        panel.installEventFilter(self)
        self.export.clicked.connect(self.sheet.open_for)
        self._versions.bind(panel.content)
        self._versions.wanted.connect(self._show_version)
        self.layer.branch_wanted.connect(self.branch)
        self.inside.colours_wanted.connect(self.show_colours)
        self.inside.look_wanted.connect(self.look)
        self.inside.weigh_wanted.connect(self.weigh)
        self.inside.clear_wanted.connect(self._clear_weights)
        self.inside.copies_wanted.connect(lambda: self._inside.find_copies(edit.text()))
        self.inside.passage_chosen.connect(self._show_passage)
        self._inside.scored.connect(self._on_scored)
        self._inside.weighed.connect(self._on_weighed)
        self._inside.copied.connect(self._on_copied)
        self.templates.write_wanted.connect(self.write_template)
        self.templates.insert_wanted.connect(lambda: self.insert_template())
        writing.ask.model_changed.connect(self.inside.show_state)
        writing.begun.connect(self._begin_draft)
        writing.grew.connect(self._grow)
        writing.void.connect(lambda _index: self._begin_draft())
        writing.chosen_changed.connect(lambda _index: self._redraw_draft())
        writing.documents.opened.connect(lambda _document: self._on_open())
        edit.edited.connect(self._on_edit)
        edit.loaded.connect(self.fill_tokens)
        for name, call in (
            ("find", self.find.open_bar),
            ("replace", lambda: self.find.open_bar(replace=True)),
            ("chances", self.inside.colours.toggle),
            ("hangs_on", self.weigh),
            ("export", self.sheet.open_for),
        ):
            shortcuts.bind(panel, name, call)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Out of sight nothing needs colours."""
        if event.type() == QEvent.Type.Hide:
            self._rest.stop()
        return False

    def cancel(self) -> bool:
        """Esc: leave what is open over the text; False where nothing is."""
        if self.layer.popup() is not None:
            self.layer.close_popup()
        elif self.sheet.isVisible():
            self.sheet.close_sheet()
        elif self.find.isVisible():
            self.find.close_bar()
        else:
            return False
        return True

    # ---- pages

    def _toggle(self, key: str) -> None:
        if self.pills[key].isChecked() != (self._panel.side.page() == key):
            self._panel.side.toggle(key)

    def _on_side(self, page: str) -> None:
        for key, pill in self.pills.items():
            pill.setChecked(key == page)

    # ---- colours

    def show_colours(self, on: bool) -> None:
        """Show or hide the colours by probability."""
        self.fill_tokens()
        self.layer.set_on(on)

    def fill_tokens(self) -> None:
        """Give every passage whose tokens are not known to the layer its tokens again."""
        self._rest.stop()
        edit = self._edit
        if edit.is_loading() or edit.draft() is not None:
            return
        text = edit.text()
        spans = [s for s in edit.passages.spans() if not self.layer.known(s[0], s[1])]
        for (start, _end, _n), tokens in zip(spans, self._tokens_of(text, spans), strict=True):
            place = start
            for token in tokens:
                place = self.layer.add_tokens(place, [_chance(token)])

    def _tokens_of(self, text: str, spans: list[tuple[int, int, int]]) -> list[list[Token]]:
        """The tokens of each span, as far as its passage is remembered."""
        found: list[list[Token]] = []
        for start, end, number in in_characters(text, spans):
            passage = self._writing.documents.passages.get(number)
            parts = aligned(passage, [text[start:end]])[0] if passage and _told(passage) else []
            covers = sum(b - a for a, b, _token in parts) == end - start
            cut = [
                token.model_copy(update={"t": text[start + a : start + b]}) for a, b, token in parts
            ]
            found.append(cut if covers else [])
        return found

    def _on_edit(self) -> None:
        self._inside.forget()
        if self.layer.on:
            self._rest.start()

    def _on_open(self) -> None:
        self.layer.set_tokens([])
        self._clear_weights()
        self._on_copied([], 0)
        self._inside.forget()
        self.fill_tokens()

    def _begin_draft(self) -> None:
        self._drawn, self._end = 0, self._edit.draft()[0] if self._edit.draft() else 0

    def _grow(self, index: int, _text: str) -> None:
        if index == self._writing.chosen:
            self._draw_draft()

    def _redraw_draft(self) -> None:
        self._begin_draft()
        self._draw_draft()

    def _draw_draft(self) -> None:
        """Tokens of the draft in sight that are not yet in the layer."""
        draft, place = self._writing.draft, self._edit.draft()
        if draft is None or place is None or not draft.tokens:
            return
        if self._drawn == 0:
            self._end = place[0]
        fresh = draft.tokens[self._drawn :]
        self._end = self.layer.add_tokens(self._end, [_chance(token) for token in fresh])
        self._drawn += len(fresh)

    # ---- branches

    def branch(self, start: int, end: int, words: str) -> None:
        """Go on from `words` instead of what stands at start … end; the old text is a version."""
        edit, writing = self._edit, self._writing
        edit.accept_draft()
        span = next((s for s in edit.passages.spans() if s[0] <= start < s[1]), None)
        model = writing.ask.model
        number = writing.documents.next_number()
        self._versions.note()
        told = self.layer.token_at(start)
        top = told[2].top if told else ()
        p = next((p for text, p in top if text == words), 0.0)
        request = Passage(
            number=number,
            model=model.id if model else "unknown",
            title=model.title if model else "",
            task="branch",
            tokens=(Token(t=words, p=p, top=top),),
        )
        writing.documents.keep_passage(request)
        edit.insert_passage(start, span[1] if span else end, words, number)
        self.layer.add_tokens(start, [Chance(words, p, top)])
        self._versions.branch(words, number + 1)
        self._panel.write()

    def _show_version(self, text: str, spans: list[tuple[int, int, int]]) -> None:
        self._edit.replace_text(text, spans)
        self.layer.set_tokens([])
        self.fill_tokens()

    # ---- looking

    def look(self) -> None:
        """How likely the model finds the selection, else the text up to the cursor's end."""
        edit, text = self._edit, self._edit.text()
        start, end = edit.selection()
        if start == end:
            start, end = 0, edit.length()
        ((first, last, _n),) = in_characters(text, [(start, end, 0)])
        if self._inside.look(text, first, last):
            self.inside.colours.setChecked(True)

    def _on_scored(self, found: list[Scored], perplexity: float) -> None:
        text = self._edit.text()
        spans = in_units(text, [(one.start, one.end, place) for place, one in enumerate(found)])
        fresh = [(a, b, _chance(found[place].token)) for a, b, place in spans]
        if fresh:
            first, last = fresh[0][0], fresh[-1][1]
            kept = [t for t in self.layer.tokens() if t[1] <= first or t[0] >= last]
            self.layer.set_tokens([*kept, *fresh])
        self.inside.show_score(len(found), perplexity)

    def weigh(self) -> None:
        """What the word at the cursor hangs on."""
        text = self._edit.text()
        ((place, _e, _n),) = in_characters(text, [(self._edit.selection()[0],) * 2 + (0,)])
        if not text:
            return
        near = place if place < len(text) and not text[place].isspace() else max(0, place - 1)
        if self._inside.weigh(text, near):
            self._panel.side.show_page(INSIDE)

    def _on_weighed(self, found: Weighed) -> None:
        text = self._edit.text()
        places = [(found.start, found.end, -1)]
        places += [(a, b, place) for place, (a, b, _w) in enumerate(found.weights)]
        chosen, *spans = in_units(text, places)
        weights = [(a, b, found.weights[place][2]) for a, b, place in spans]
        self.layer.show_weights(chosen[:2], weights)
        self.inside.show_weights(text, found)

    def _clear_weights(self) -> None:
        self.layer.show_weights(None)
        self.inside.show_weights("", None)

    def _on_copied(self, found: list[Copied], surely: int) -> None:
        text = self._edit.text()
        self._copied = list(found)
        spans = in_units(text, [(one.start, one.end, place) for place, one in enumerate(found)])
        self._edit.marks.set(COPIED, [Mark(a, b, "copied", found[n]) for a, b, n in spans])
        if found or surely:
            self.inside.show_copies(text, found, surely)

    def _show_passage(self, number: int) -> None:
        marks = self._edit.marks.of(COPIED)
        wanted = self._copied[number] if number < len(self._copied) else None
        for mark in marks:
            if mark.data is wanted:
                self._edit.select(mark.start, mark.end)
                self._edit.ensureCursorVisible()

    # ---- templates

    def insert_template(self) -> bool:
        """The filled template at the cursor; in a text that has begun on a line of its own."""
        try:
            text, _values = self._tables.filled()
        except GenStudioError as error:
            self._tables.problem.emit(error.problem)
            return False
        edit = self._edit
        edit.accept_draft()
        start, end = edit.selection()
        before, _after = edit.around(start, end)
        lead = (
            "" if not before or before.endswith("\n\n") else "\n" if before[-1] == "\n" else "\n\n"
        )
        edit.insert_passage(start, end, lead + text, 0)
        edit.setFocus()
        return True

    def write_template(self) -> None:
        """Write from the filled template: on the empty page, else in a new document."""
        try:
            _text, values = self._tables.filled()
        except GenStudioError as error:
            self._tables.problem.emit(error.problem)
            return
        if self._edit.text().strip():
            self._writing.documents.new()
        if self.insert_template():
            ask, onward = self._writing.ask, self._writing.continuing()
            before = dict(ask.values)
            ask.set_values({**before, **values})
            self._panel.write_with(onward.name if onward else "")
            ask.set_values(before)


def _chance(token: Token) -> Chance:
    return Chance(token.t, token.p, token.top)


def _told(passage: Passage) -> bool:
    """Whether probabilities were told, not only the text as one piece."""
    return any(token.top for token in passage.tokens)
