"""The Text panel: writing with a model by key and mouse, drafts, documents, coming back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.core.errors import Problem
from genstudio.core.events import Failed
from genstudio.ui.panels.text import TextPanel
from genstudio.ui.panels.text_side import DOCUMENTS, DRAFTS
from genstudio.ui.state.studio_state import StudioState
from tests.helpers import a11y
from tests.helpers.fake_studio import FakeBridge
from tests.helpers.writing import add_writers, done, finished, words

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def state(studio):
    add_writers(studio)
    made = StudioState(studio, FakeBridge())
    yield made
    made.close()


@pytest.fixture
def panel(state, shown) -> TextPanel:
    state.writing.ask.set_model("stories")
    made = shown(TextPanel(state))
    made.activated()
    return made


@pytest.fixture
def edit(panel):
    return panel.page.edit


def type_and_ask(panel, text: str, **values) -> str:
    """Write `text`, press Ctrl+Enter; the job."""
    panel._state.ask.set_values(values)
    QTest.keyClicks(panel.page.edit, text)
    QTest.keyClick(panel.page.edit, KEY.Key_Return, CONTROL)
    return panel._state.job


def say(panel, text: str, index: int = 0, **data) -> None:
    panel._state.on_event(words(panel._state.job, text, index, **data))


# ---- going on


def test_ctrl_enter_goes_on_at_the_cursor_and_tab_keeps_it(panel, edit, studio):
    job = type_and_ask(panel, "Once")
    assert studio.queue.last.request.values["prompt"] == "Once"
    say(panel, " upon")
    say(panel, " a time")
    assert (edit.text(), edit.draft()) == ("Once upon a time", (4, 16))
    assert "Esc stops" in panel.page.hint.text()
    panel._state.on_event(finished(job))
    panel._state.on_event(done(job))
    assert "Tab keeps it" in panel.page.hint.text()
    assert "Stories" in panel.page.facts.text()
    assert "50 tokens/s" in panel.page.facts.text()
    QTest.keyClick(edit, KEY.Key_Tab)
    assert edit.content() == ("Once upon a time", [(4, 16, 1)])
    assert panel.page.hint.text() == "" == panel.page.facts.text()
    edit.undo()
    assert edit.text() == "Once"


def test_the_middle_of_a_text_is_gone_on_from(panel, edit, studio):
    edit.set_content("Once. The end.")
    edit.select(5)
    panel.write()
    assert studio.queue.last.request.values["prompt"] == "Once."
    say(panel, " More.")
    assert edit.text() == "Once. More. The end."


def test_escape_stops_then_drops(panel, edit):
    type_and_ask(panel, "Once")
    say(panel, " upon")
    assert panel.cancel()
    assert not panel._state.running
    assert edit.text() == "Once upon"
    assert edit.draft() is not None
    assert panel.cancel()
    assert edit.text() == "Once"
    assert panel._state.drafts == []
    assert not panel.cancel()


def test_the_button_asks_and_stops(panel, edit, studio):
    edit.set_content("Once")
    panel.asking.generate.click()
    assert panel._state.running
    assert not panel.asking.generate.isEnabled()
    assert not panel.write(), "it writes already"
    panel.asking.stop.click()
    assert studio.queue.cancelled == ["j0"]
    assert panel.asking.stop.isHidden()


def test_asking_again_keeps_the_draft_and_goes_on_behind_it(panel, edit, studio):
    job = type_and_ask(panel, "Once")
    say(panel, " upon")
    panel._state.on_event(done(job))
    QTest.keyClick(edit, KEY.Key_Return, CONTROL)
    assert studio.queue.last.request.values["prompt"] == "Once upon"
    say(panel, " a time")
    edit.accept_draft()
    assert edit.content() == ("Once upon a time", [(4, 9, 1), (9, 16, 2)])


def test_what_was_said_can_become_void(panel, edit):
    type_and_ask(panel, "Once")
    say(panel, " wrong")
    say(panel, "", again=True)
    say(panel, " right")
    assert edit.text() == "Once right"


def test_a_model_that_ends_at_once_is_told(panel, edit, heard):
    said = heard(panel._all.said)
    job = type_and_ask(panel, "The end.")
    panel._state.on_event(done(job))
    assert edit.draft() is None
    assert "ends here" in said[0][0]


def test_a_failure_leaves_no_empty_draft(panel, edit, heard):
    said, problems = heard(panel._all.said), heard(panel._all.problem)
    job = type_and_ask(panel, "Once")
    panel._state.on_event(Failed(job=job, problem=Problem(what="No memory")))
    assert (edit.draft(), edit.text(), said) == (None, "Once", [])
    assert problems[0].what == "No memory"


# ---- selections


def test_the_button_says_what_it_would_do(panel, edit):
    edit.set_content("One fine day")
    assert panel.asking.generate.text() == "Continue"
    edit.select(4, 8)
    assert panel.asking.generate.text() == "Rewrite selection"
    panel._state.ask.set_task("fill")
    assert panel.asking.generate.text() == "Fill selection"
    edit.select(4)
    assert panel.asking.generate.text() == "Fill"


def test_a_selection_is_written_anew_and_comes_back_when_dropped(panel, edit, studio):
    edit.set_content("One fine day")
    edit.select(4, 8)
    panel.page.selection.wanted.emit("rewrite")
    assert studio.queue.last.request.values["prompt"] == "One "
    say(panel, "rainy")
    assert edit.text() == "One rainy day"
    panel.cancel()
    panel.cancel()
    assert (edit.text(), edit.selection()) == ("One fine day", (4, 8))


def test_a_selection_is_filled_to_fit_both_sides(panel, edit, studio):
    edit.set_content("One fine day")
    edit.select(4, 8)
    panel.page.selection.wanted.emit("fill")
    values = studio.queue.last.request.values
    assert (values["before"], values["after"]) == ("One ", " day")


@pytest.mark.parametrize("name", ["fill", "rewrite", "key"])
def test_the_blank_behind_a_selection_is_no_part_of_it(panel, edit, studio, name):
    edit.set_content("One fine day")
    edit.select(4, 9)
    if name == "key":
        QTest.keyClick(edit, KEY.Key_Return, CONTROL)
    else:
        panel.page.selection.wanted.emit(name)
    say(panel, "rainy")
    assert edit.text() == "One rainy day"


def test_going_on_behind_a_selection(panel, edit, studio):
    edit.set_content("One fine day")
    edit.select(4, 8)
    panel.page.selection.wanted.emit("onward")
    assert studio.queue.last.request.values["prompt"] == "One fine"
    say(panel, " spring")
    assert edit.text() == "One fine spring day"


def test_only_what_the_model_can_do_is_offered(panel, edit):
    edit.set_content("One fine day")
    edit.select(4, 8)
    assert not panel.page.selection.buttons["fill"].isHidden()
    panel._state.ask.set_model("letters")
    edit.select(4, 7)
    assert panel.page.selection.buttons["fill"].isHidden()


# ---- several drafts


def test_drafts_side_by_side_are_chosen_by_arrow_keys_and_presses(panel, edit):
    type_and_ask(panel, "Once", count=3)
    assert panel.side.page() == DRAFTS
    for index, text in enumerate((" upon", " more", " again")):
        say(panel, text, index)
    assert edit.text() == "Once upon"
    QTest.keyClick(edit, KEY.Key_Down)
    assert edit.text() == "Once more"
    assert panel.drafts.list.current() == 1
    panel.drafts.list._cards[2].click()
    assert edit.text() == "Once again"
    say(panel, " and", 2)
    say(panel, " hidden", 0)
    assert edit.text() == "Once again and"
    cards = panel.drafts.list.cards()
    assert [card.text for card in cards] == [" upon hidden", " more", " again and"]
    QTest.keyClick(edit, KEY.Key_Tab)
    assert edit.content()[0] == "Once again and"
    assert panel.side.page() == ""
    assert panel._state.documents.passages[1].index == 2


def test_one_undo_after_all_that_choosing(panel, edit):
    job = type_and_ask(panel, "Once", count=2)
    say(panel, " upon", 0)
    say(panel, " more", 1)
    panel._state.on_event(done(job))
    for _ in range(3):
        QTest.keyClick(edit, KEY.Key_Down)
    QTest.keyClick(edit, KEY.Key_Tab)
    assert edit.text() == "Once more"
    edit.undo()
    assert edit.text() == "Once"


# ---- models and manners


def test_the_form_has_settings_and_no_texts(panel):
    names = [control.name for control in panel.asking.form.controls()]
    assert "prompt" not in names
    assert {"temperature", "length", "seed", "count"} <= set(names)
    panel.asking.tasks.pill("fill").click()
    names = [control.name for control in panel.asking.form.controls()]
    assert "before" not in names
    assert panel._state.fills


def test_a_manner_sets_the_form_and_the_form_the_manner(panel):
    panel.asking.manners.pill("wild").click()
    assert panel.asking.form.values()["temperature"] == pytest.approx(1.2)
    panel.asking.form.field("temperature").box.setValue(0.61)
    assert panel.asking.manners.value() == "own"
    assert panel._state.manner == "own"


def test_a_locked_seed_is_asked_for(panel, studio):
    panel.asking.form.changed.emit("seed", 7, False)
    type_and_ask(panel, "Once")
    assert studio.queue.last.request.seed == 7


def test_without_a_model_the_panel_says_what_to_do(panel, studio):
    studio.library.models = []
    panel._state.ask.reload_models()
    assert not panel.asking.generate.isEnabled()
    assert "train one" in panel.asking.hint.text()
    assert panel.page.begin.texts() == ()
    assert panel.asking.tasks.isHidden()


def test_one_task_needs_no_heading(panel):
    assert not panel.asking.heading.isHidden()
    panel._state.ask.set_model("letters")
    assert panel.asking.heading.isHidden()
    assert panel.asking.tasks.isHidden()


def test_the_line_at_the_foot_tells_what_there_is_room_for(panel, edit):
    page = panel.page
    type_and_ask(panel, "Once", count=2)
    whole = page.facts.text()
    assert whole.startswith("Stories · seed ")
    assert whole.endswith(" · reading")
    narrow = page.width()
    for told in ("Stories · reading", "reading", ""):
        while page.facts.text() not in (told, "") and narrow > 100:
            narrow -= 10
            page.resize(narrow, page.height())
        assert page.facts.text() == told
    assert page.facts.toolTip() == whole


# ---- an empty page


def test_an_empty_page_offers_beginnings(panel, edit, studio):
    begin = panel.page.begin
    assert begin.isVisible()
    assert len(begin.texts()) == 3
    begin.chosen.emit("Once upon a time")
    assert studio.queue.last.request.values["prompt"] == "Once upon a time"
    assert not begin.isVisible()
    panel.cancel()
    panel.cancel()
    edit.undo()
    assert edit.text() == ""
    assert begin.isVisible()


# ---- documents


def test_the_title_follows_the_first_line(panel, edit, state):
    QTest.keyClicks(edit, "A fox")
    state.writing.documents.save()
    assert panel.answer.title.text() == "A fox"


def test_documents_are_listed_opened_renamed_and_removed(panel, edit, state, heard):
    documents = state.writing.documents
    QTest.keyClicks(edit, "A fox")
    panel.open_documents.click()
    assert panel.side.page() == DOCUMENTS
    panel.documents.new.click()
    QTest.keyClicks(edit, "An owl")
    documents.save()
    assert [panel.documents.list.line(n).name for n in (0, 1)] == ["An owl", "A fox"]
    panel.documents.list.select([1])
    assert edit.text() == "A fox"
    panel.documents.name.setText("Mine")
    panel.documents.name.editingFinished.emit()
    assert panel.answer.title.text() == "Mine"
    panel.documents.remove.click()
    assert edit.text() == "An owl"
    assert panel.documents.list.count() == 1
    panel.side.leave.click()
    assert not panel.open_documents.isChecked()


def test_leaving_a_document_keeps_a_draft_in_it(panel, edit, state):
    documents = state.writing.documents
    type_and_ask(panel, "Once")
    say(panel, " upon")
    first = documents.current.id
    documents.new()
    assert edit.text() == ""
    assert not state.writing.running
    documents.open(first)
    assert edit.content() == ("Once upon", [(4, 9, 1)])
    assert documents.passages[1].text == " upon"


def test_words_are_counted(panel, edit, qtbot):
    QTest.keyClicks(edit, "one two three")
    qtbot.waitUntil(lambda: panel.page.count.text() == "3 words")


def test_what_models_wrote_can_be_tinted(panel, edit):
    edit.set_content("One fine day", [(4, 8, 1)])
    panel.authors.setChecked(True)
    edit.marks.lay()
    spans = [(s.cursor.selectionStart(), s.cursor.selectionEnd()) for s in edit.extraSelections()]
    assert (4, 8) in spans
    panel.authors.setChecked(False)
    edit.marks.lay()
    assert len(edit.extraSelections()) < len(spans) or not spans


# ---- coming back


def test_everything_is_there_again_after_a_restart(panel, state, studio, shown):
    job = type_and_ask(panel, "Once", count=2)
    say(panel, " upon", 0)
    say(panel, " more", 1)
    panel._state.on_event(done(job))
    panel._state.step(1)
    panel.save_session()
    state.session.touch()
    state.session.save()
    studio.queue.remove(job)
    again = StudioState(studio, FakeBridge())
    other = shown(TextPanel(again))
    assert other.page.edit.text() == "Once more"
    assert other.page.edit.draft() == (4, 9)
    assert other.side.page() == DRAFTS
    other.page.edit.drop_draft()
    assert other.page.edit.text() == "Once"
    again.close()


def test_the_cursor_is_where_it_was(panel, state, studio, shown, qtbot):
    QTest.keyClicks(panel.page.edit, "One two three")
    panel.page.edit.select(4)
    panel.save_session()
    state.session.touch()
    state.session.save()
    again = StudioState(studio, FakeBridge())
    other = shown(TextPanel(again))
    qtbot.waitUntil(lambda: other.page.edit.textCursor().position() == 4)
    again.close()


# ---- for everybody


def test_every_control_has_a_name(panel, edit):
    panel.open_documents.click()
    assert a11y.nameless(panel) == []


def test_using_a_model_of_text_leads_here(state, heard):
    areas = heard(state.area_wanted)
    state.use_model("letters")
    state.use_model("shapes")
    state.use_model("nothing")
    assert areas == ["text", "image"]
    assert state.writing.ask.model_id == "letters"
    assert state.generation.ask.model_id == "shapes"


def test_words_of_a_draft_count_once_it_is_kept(panel, edit, qtbot):
    type_and_ask(panel, "Once")
    say(panel, " upon a time")
    panel.page.counter.look()
    qtbot.waitUntil(lambda: panel.page.count.text() == "1 word")
    assert edit.accept_draft()
    qtbot.waitUntil(lambda: panel.page.count.text() == "4 words")


def test_beginnings_stand_right_below_their_heading(panel):
    begin = panel.page.begin
    begin.resize(begin.width(), 200)
    QTest.qWait(1)
    heading = begin.layout().itemAt(0).widget()
    pill = begin._flow.itemAt(0).widget()
    assert pill.y() == heading.sizeHint().height() + begin.layout().spacing()
