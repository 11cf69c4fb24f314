"""Tokens of a text in its editor: those of passages and drafts, branches, answers about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from genstudio.core.document import Passage, Token, aligned
from genstudio.core.errors import UsageError
from genstudio.ui.panels.inside_page import InsidePage
from genstudio.ui.state.inside_state import Copied, InsideState, Scored, Weighed, work_of
from genstudio.ui.state.version_state import VersionState
from genstudio.ui.widgets.chances import Chance
from genstudio.ui.widgets.marks import Mark
from genstudio.ui.widgets.passages import Span
from genstudio.ui.widgets.text_places import in_characters, in_units
from genstudio.ui.widgets.token_layer import TokenLayer

if TYPE_CHECKING:
    from genstudio.ui.panels.text import TextPanel

COPIED = "copied"
REST_MS = 400
Placed = tuple[int, int, Chance]


class TextColours(QObject):
    """Keeps the layer of tokens right while the text changes, and asks about parts of it."""

    def __init__(
        self, panel: TextPanel, page: InsidePage, state: InsideState, versions: VersionState
    ) -> None:
        super().__init__(panel)
        self._panel, self._page, self._state, self._versions = panel, page, state, versions
        self._edit, self._writing = panel.page.edit, state.writing
        self.layer = TokenLayer(self._edit, self._edit.marks)
        self._drawn, self._end = 0, 0
        self._copied: list[Copied] = []
        self._touched: tuple[int, int] | None = None
        self._told: set[str] = set()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)
        self._unchecked = False
        panel.installEventFilter(self)
        self._connect()

    def _connect(self) -> None:
        writing, edit, page, state = self._writing, self._edit, self._page, self._state
        self.layer.branch_wanted.connect(self.branch)
        page.colours_wanted.connect(self.show_colours)
        page.look_wanted.connect(self.look)
        page.weigh_wanted.connect(self.weigh)
        page.clear_wanted.connect(self.clear_weights)
        page.copies_wanted.connect(lambda: state.find_copies(edit.text()))
        page.passage_chosen.connect(self._show_passage)
        state.scored.connect(self._on_scored)
        state.weighed.connect(self._on_weighed)
        state.copied.connect(self._on_copied)
        state.noticed.connect(self._on_noticed)
        writing.kept.connect(lambda *_texts: self._check_copies())
        self._versions.wanted.connect(self._show_version)
        writing.ask.model_changed.connect(page.show_state)
        writing.begun.connect(self._begin_draft)
        writing.grew.connect(self._grow)
        writing.void.connect(lambda _index: self._begin_draft())
        writing.chosen_changed.connect(lambda _index: self.redraw_draft())
        writing.documents.opened.connect(lambda _document: self._on_open())
        edit.document().contentsChange.connect(self._touch)
        edit.edited.connect(self._on_edit)
        edit.loaded.connect(self.fill)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Out of sight nothing needs colours."""
        if event.type() == QEvent.Type.Hide:
            self._rest.stop()
        return False

    # ---- tokens of passages

    def show_colours(self, on: bool) -> None:
        """Show or hide the colours by probability."""
        self.fill()
        self.layer.set_on(on)

    def fill(self) -> None:
        """Give every passage whose tokens are not known to the layer its tokens again."""
        self._rest.stop()
        edit = self._edit
        if edit.is_loading() or edit.draft() is not None:
            return
        spans = edit.passages.spans()
        lacking = {number for start, end, number in spans if self._lacks(start, end)}
        self._touched = None
        by_passage: dict[int, list[Span]] = {number: [] for number in lacking}
        for span in spans:
            by_passage.get(span[2], []).append(span)
        text = edit.text() if lacking else ""
        found = [one for own in by_passage.values() for one in self._tokens_of(text, own)]
        fresh = [one for one in found if not self.layer.known(one[0], one[1])]
        if fresh:
            self.layer.set_tokens([*self.layer.tokens(), *fresh])

    def _lacks(self, start: int, end: int) -> bool:
        """Whether a piece has no tokens, or none where it was changed: undo brings words back."""
        first, last = self._touched or (0, 0)
        first, last = max(start, first), min(end, last)
        changed = last > first and self.layer.covered(first, last) < last - first
        return changed or not self.layer.known(start, end)

    def _tokens_of(self, text: str, spans: list[Span]) -> list[Placed]:
        """The tokens of a passage's pieces, where it is remembered with its probabilities."""
        passage = self._writing.documents.passages.get(spans[0][2])
        if passage is None or not any(token.top for token in passage.tokens):
            return []
        parts = [text[start:end] for start, end, _number in in_characters(text, spans)]
        found: list[Placed] = []
        for (first, _end, _n), part, known in zip(
            spans, parts, aligned(passage, parts), strict=True
        ):
            # Pieces that somebody put into another order are looked for one by one.
            tokens = known or aligned(passage, [part])[0]
            places = in_units(part, [(a, b, place) for place, (a, b, _t) in enumerate(tokens)])
            found += [
                (first + a, first + b, _chance(tokens[place][2])) for a, b, place in places if b > a
            ]
        return found

    def _touch(self, position: int, removed: int, added: int) -> None:
        """Remember the smallest stretch with all that was changed since the last look."""
        start, end = self._touched or (position, position)
        end = max(end, position + removed) + added - removed
        self._touched = min(start, position), end

    def _on_edit(self) -> None:
        self._state.forget()
        if (self.layer.on or self._unchecked) and self._panel.isVisible():
            self._rest.start()

    def _check_copies(self) -> None:
        """A model's words were kept: once the hands rest, see whether it knew them by heart."""
        self._unchecked = True
        if self._panel.isVisible():
            self._rest.start()

    def _rested(self) -> None:
        self.fill()
        if self._unchecked and self._edit.draft() is None:
            self._unchecked = False
            self._state.find_copies(self._edit.text(), quiet=True)

    def _on_open(self) -> None:
        self.layer.set_tokens([])
        self.clear_weights()
        self._on_copied([], 0)
        self._told.clear()
        self._state.forget()
        self.fill()

    def _show_version(self, text: str, spans: list[tuple[int, int, int]]) -> None:
        self._edit.replace_text(text, spans)
        self.layer.set_tokens([])
        self.fill()
        self._check_copies()

    # ---- tokens of the draft in sight

    def _begin_draft(self) -> None:
        self._drawn = 0

    def _grow(self, index: int, _text: str) -> None:
        if index == self._writing.chosen:
            self._draw_draft()

    def redraw_draft(self) -> None:
        """All tokens of the chosen draft: another one was chosen, or it came back."""
        self._drawn = 0
        self._draw_draft()

    def _draw_draft(self) -> None:
        """Those that are not yet in the layer."""
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
        """Go on from `words` instead of what stands at start … end; the old text is a version.

        In a model's passage its rest goes, what stands behind the passage stays.
        """
        edit, documents = self._edit, self._writing.documents
        edit.accept_draft()
        span = next((s for s in edit.passages.spans() if s[0] <= start < s[1]), None)
        self._versions.note()
        told = self.layer.token_at(start)
        top = told[2].top if told else ()
        p = next((p for text, p in top if text == words), 0.0)
        number, model = documents.next_number(), self._writing.ask.model
        passage = Passage(
            number=number,
            model=model.id if model else "unknown",
            title=model.title if model else "",
            task="branch",
            tokens=(Token(t=words, p=p, top=top),),
        )
        documents.keep_passage(passage)
        edit.insert_passage(start, span[1] if span else end, words, number)
        self.layer.add_tokens(start, [Chance(words, p, top)])
        self._versions.branch(words, number + 1)
        self._panel.write()

    # ---- looking

    def look(self) -> None:
        """How likely the model finds the selection, else the end of the whole text."""
        edit, text = self._edit, self._edit.text()
        start, end = edit.selection()
        whole = (0, edit.length()) if start == end else (start, end)
        ((first, last, _n),) = in_characters(text, [(*whole, 0)])
        if self._state.look(text, first, last):
            self._page.colours.setChecked(True)

    def _on_scored(self, found: list[Scored], perplexity: float) -> None:
        text = self._edit.text()
        spans = in_units(text, [(one.start, one.end, place) for place, one in enumerate(found)])
        fresh = [(a, b, _chance(found[place].token)) for a, b, place in spans]
        if fresh:
            first, last = fresh[0][0], fresh[-1][1]
            kept = [one for one in self.layer.tokens() if one[1] <= first or one[0] >= last]
            self.layer.set_tokens([*kept, *fresh])
        self._page.show_score(len(found), perplexity)

    def weigh(self) -> bool:
        """Ask what the word at the cursor hangs on; False where there is none."""
        text, start = self._edit.text(), self._edit.selection()[0]
        ((place, _end, _n),) = in_characters(text, [(start, start, 0)])
        inside = place < len(text) and not text[place].isspace()
        if not text.strip():
            how = "Write something and put the cursor into a word."
            self._state.problem.emit(
                UsageError("There is no word to ask about", next_step=how).problem
            )
            return False
        return self._state.weigh(text, place if inside else max(0, place - 1))

    def _on_weighed(self, found: Weighed) -> None:
        text = self._edit.text()
        places = [(a, b, place) for place, (a, b, _w) in enumerate(found.weights)]
        # In order of their places, as the conversion wants them: the word stands behind.
        *spans, chosen = in_units(text, [*places, (found.start, found.end, -1)])
        weights = [(a, b, found.weights[place][2]) for a, b, place in spans]
        self.layer.show_weights(chosen[:2], weights)
        self._page.show_weights(text, found)

    def clear_weights(self) -> None:
        """No word is asked about."""
        self.layer.show_weights(None)
        self._page.show_weights("", None)

    def _on_copied(self, found: list[Copied], surely: int) -> None:
        text = self._edit.text()
        self._copied = list(found)
        spans = in_units(text, [(one.start, one.end, place) for place, one in enumerate(found)])
        self._edit.marks.set(COPIED, [Mark(a, b, "copied", found[n]) for a, b, n in spans])
        self._page.show_copies(text, found, surely)

    def _on_noticed(self, found: list[Copied]) -> None:
        """A model wrote something that it learned by heart: that must not go unseen, once."""
        text = self._edit.text()
        fresh = [one for one in found if text[one.start : one.end] not in self._told]
        if not fresh:
            return
        self._told |= {text[one.start : one.end] for one in fresh}
        most = max(fresh, key=lambda one: one.words)
        said = f"{most.words} words stand word for word in “{work_of(most.source)}”"
        self._writing.said.emit(said, "Show", self._panel.inside.show_inside)

    def _show_passage(self, number: int) -> None:
        wanted = self._copied[number] if number < len(self._copied) else None
        for mark in self._edit.marks.of(COPIED):
            if mark.data == wanted:
                self._edit.select(mark.start, mark.end)
                self._edit.ensureCursorVisible()


def _chance(token: Token) -> Chance:
    return Chance(token.t, token.p, token.top)
