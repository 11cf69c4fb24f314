"""Inside a text: colours, branches, versions, templates and tables in the Text panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.core.errors import Problem
from genstudio.core.events import Done, Failed, Result, Words
from genstudio.core.paths import Home
from genstudio.ui.panels.text import TextPanel
from genstudio.ui.panels.text_inside import INSIDE, TEMPLATES, VERSIONS
from tests.helpers import a11y
from tests.helpers.text_desk import TextDesk


@pytest.fixture
def desk(qtbot, tmp_path):
    made = TextDesk(qtbot, Home(tmp_path / "home"))
    yield made
    made.window.close()
    made.close()


def test_a_draft_brings_its_tokens(desk):
    desk.type("Once")
    desk.write(keep=False)
    assert desk.tokens() == [(4, 9, 0.9), (9, 11, 0.5), (11, 16, 0.004)]
    desk.edit.accept_draft()
    assert len(desk.tokens()) == 3


def test_colours_by_key_and_switch(desk):
    desk.type("Once")
    desk.write()
    desk.edit.marks.lay()
    plain = len(desk.edit.extraSelections())
    mods = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.edit, Qt.Key.Key_L, mods)
    assert desk.inside.inside.colours.isChecked()
    desk.edit.marks.lay()
    assert len(desk.edit.extraSelections()) == plain + 3


def test_tokens_come_back_with_the_document(desk):
    desk.type("😀 Once")
    desk.write()
    first = desk.state.writing.documents.current.id
    desk.state.writing.documents.new("Another")
    assert desk.tokens() == []
    desk.state.writing.documents.open(first)
    assert desk.tokens() == [(7, 12, 0.9), (12, 14, 0.5), (14, 19, 0.004)]


def test_a_branch_goes_on_from_another_word(desk):
    desk.type("Once")
    desk.write()
    desk.inside.layer.branch_wanted.emit(11, 16, " hill")
    assert desk.edit.text() == "Once upon a hill"
    assert desk.asked.values["prompt"] == "Once upon a hill"
    versions = desk.state.versions
    assert versions.title_of(versions.tree.current) == "“hill”"
    before = len(versions.tree.items)
    more = [{"t": " far", "p": 0.3, "top": [[" far", 0.3]]}]
    job = desk.state.writing.job
    desk.emit(Words(job=job, index=0, text=" far", data={"tokens": more}))
    desk.emit(Done(job=job))
    desk.edit.accept_draft()
    tree = desk.state.versions.tree
    assert len(tree.items) == before  # the branch grew
    texts = [tree.text_of(n) for n in range(len(tree.items))]
    assert texts[0] == "Once"
    assert "Once upon a time" in texts
    assert tree.text == "Once upon a hill far"
    assert tree.items[tree.current].how == "branched"
    assert desk.state.versions.title_of(tree.current) == "“hill” far"
    assert [token[2] for token in desk.tokens()] == [0.9, 0.5, 0.4, 0.3]


def test_text_behind_the_passage_stays_when_one_branches(desk):
    desk.type("Once")
    desk.write()
    desk.type(" The end.")
    desk.inside.layer.branch_wanted.emit(9, 11, " the")
    assert desk.edit.text() == "Once upon the The end."
    assert desk.asked.values["prompt"] == "Once upon the"
    desk.state.writing.stop()


def test_versions_are_restored_with_their_writers(desk):
    desk.type("Once")
    desk.write()
    desk.panel.side.show_page(VERSIONS)
    desk.type("!")
    versions = desk.state.versions
    written = versions.tree.current
    page = desk.inside.versions
    versions.note()
    assert len(versions.tree.items) == 3
    assert page.tree.used() == 2
    page.tree.opened.emit(0)
    assert desk.edit.text() == "Once"
    assert page.tree.used() == 0
    page.tree.setCurrentIndex(page.tree.model().index(written, 0))
    assert "From the text" in page.words.text()
    assert "upon a time" in page.compare.toPlainText()
    page.use.click()
    assert desk.edit.text() == "Once upon a time"
    assert desk.edit.content()[1] == [(4, 16, 1)]
    assert len(desk.tokens()) == 3
    desk.edit.undo()
    assert desk.edit.text() == "Once"


def test_versions_survive_a_restart(desk, qtbot):
    desk.type("Once")
    desk.write()
    desk.edit.replace_text("Something else")
    desk.state.versions.note()
    name = desk.state.writing.documents.current.id
    desk.state.writing.documents.save()
    desk.studio.documents.close()
    desk.studio.versions.close()
    again = TextDesk(qtbot, desk.studio.home)
    again.state.writing.documents.open(name)
    tree = again.state.versions.tree
    assert [tree.text_of(n) for n in range(3)] == ["Once", "Once upon a time", "Something else"]
    again.state.versions.restore(1)
    assert again.edit.text() == "Once upon a time"
    assert len(again.tokens()) == 3  # the passage came back from the tree
    again.window.close()
    again.close()


def test_one_looks_at_a_text_of_ones_own(desk):
    desk.type("ab 😀cd")
    desk.edit.select(3, 7)
    desk.inside.inside.look.click()
    assert desk.asked.task == "score"
    assert desk.asked.live
    assert desk.asked.values["text"] == "😀cd"
    assert desk.inside.inside.look.text() == "Looking…"
    tokens = [
        {"t": "😀", "p": 0.1, "top": [["x", 0.3]], "start": 0},
        {"t": "cd", "p": 0.02, "top": [], "start": 1},
    ]
    desk.answer(tokens=tokens, loss=2.0, perplexity=7.4)
    assert desk.tokens() == [(3, 5, 0.1), (5, 7, 0.02)]
    assert desk.inside.inside.colours.isChecked()
    assert "Perplexity 7.4 over 2 tokens" in desk.inside.inside.told.text()
    assert desk.inside.inside.look.isEnabled()


def test_an_answer_about_an_older_text_is_void(desk):
    desk.type("abcd")
    desk.inside.colours.look()
    job = desk.state.inside._asked[0]
    desk.type("e")
    data = {"tokens": [{"t": "ab", "p": 0.1, "top": [], "start": 0}]}
    desk.emit(Result(job=job, path="", output="report", data=data))
    assert desk.tokens() == []


def test_what_a_word_hangs_on(desk):
    desk.type("a fox ran")
    desk.edit.select(9)
    desk.inside.inside.weigh.click()
    assert (desk.asked.task, desk.asked.values["position"]) == ("saliency", 8)
    weights = [{"t": "a", "start": 0, "weight": 0.1}, {"t": " fox", "start": 1, "weight": 2.5}]
    desk.answer(token={"t": " ran", "start": 5, "p": 0.31}, weights=weights)
    page = desk.inside.inside
    assert desk.panel.side.page() == INSIDE
    assert "“␣ran” had 31 %" in page.weights.text()
    assert "␣fox  −2.50" in page.weights.text()
    assert [m.look for m in desk.edit.marks.of("heat")] == ["heat_4", "chosen"]
    page.clear.click()
    assert desk.edit.marks.of("heat") == []
    assert page.weights.text() == ""


def test_copied_passages_are_marked_with_their_source(desk):
    desk.type("it was the best of times 😀")
    page = desk.inside.inside
    desk.panel.side.show_page(INSIDE)
    page.find_copies.click()
    assert desk.asked.task == "copies"
    found = [{"start": 0, "end": 24, "words": 6, "source": "novels/A Tale.txt"}]
    desk.answer(passages=found, surely=8, known=True)
    assert [(m.start, m.end) for m in desk.edit.marks.of("copied")] == [(0, 24)]
    assert (page.copies.line(0).text, page.copies.line(0).facts) == ("A Tale", "6 words")
    assert "8 words or more" in page.copies_told.text()
    page.copies.select([0])
    assert desk.edit.selection() == (0, 24)


def test_what_a_model_learned_by_heart_is_noticed(desk, heard, qtbot):
    said, problems = heard(desk.state.said), heard(desk.state.problem)
    desk.type("Once")
    desk.write()
    qtbot.waitUntil(lambda: desk.state.inside.busy == "copies")
    assert (desk.asked.task, desk.asked.values["text"]) == ("copies", "Once upon a time")
    found = [{"start": 0, "end": 16, "words": 4, "source": "Tales"}]
    desk.answer(passages=found, surely=8, known=True)
    assert said[-1][:2] == ("4 words stand word for word in “Tales”", "Show")
    said[-1][2]()
    assert desk.panel.side.page() == INSIDE
    assert len(desk.edit.marks.of("copied")) == 1
    desk.write()
    qtbot.waitUntil(lambda: desk.state.inside.busy == "copies")
    job = desk.state.inside._asked[0]
    desk.emit(Failed(job=job, problem=Problem(kind="bad-input", what="no")))
    assert problems == []


def test_a_problem_is_told(desk, heard):
    problems = heard(desk.state.problem)
    desk.type("abc")
    desk.inside.colours.look()
    job = desk.state.inside._asked[0]
    desk.emit(Failed(job=job, problem=Problem(kind="bad-input", what="no")))
    assert problems[-1].what == "no"
    assert desk.state.inside.busy == ""


def test_finding_by_key(desk):
    desk.type("a fox and a fox")
    QTest.keyClick(desk.edit, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert desk.inside.find.isVisible()
    assert not desk.inside.find.other.isVisible()
    QTest.keyClick(desk.inside.find.words, Qt.Key.Key_Escape)
    QTest.keyClick(desk.edit, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert desk.inside.find.other.isVisible()


def test_what_is_replaced_is_the_users(desk):
    desk.type("Once")
    desk.write()
    desk.inside.find.words.setText("a")
    desk.inside.find.other.setText("no")
    assert desk.inside.find.replace_all() == 1
    assert desk.edit.content() == ("Once upon no time", [(4, 10, 1), (12, 17, 1)])


def test_the_template_is_written_on_the_empty_page(desk):
    desk.panel.side.show_page(TEMPLATES)
    page = desk.inside.templates
    desk.state.tables.choose("product-description")
    page.form.changed.emit("product", "Yoga Mat", False)
    assert page.learned.isVisible()
    before = dict(desk.state.writing.ask.values)
    page.write.click()
    asked = desk.asked
    assert asked.values["prompt"].startswith("Product: Yoga Mat\nCategory: kitchen\n")
    assert asked.values["prompt"].endswith("Description:")
    assert (asked.values["stop"], asked.values["length"]) == ("\\n", 120)
    assert desk.state.writing.ask.values == before
    assert desk.edit.text() == asked.values["prompt"]
    desk.state.writing.stop()


def test_a_template_in_a_text_that_has_begun(desk):
    desk.type("Dear diary,")
    desk.state.tables.choose("recipe")
    desk.inside.insert_template()
    assert desk.edit.text().startswith("Dear diary,\n\n# \nTags:") is False
    assert desk.edit.text().startswith("Dear diary,\n\n")
    first = desk.state.writing.documents.current.id
    desk.inside.write_template()
    assert desk.state.writing.documents.current.id != first
    desk.state.writing.stop()


def test_ones_own_template(desk):
    desk.panel.side.show_page(TEMPLATES)
    page = desk.inside.templates
    page.own.set_open(True)
    page.name.setText("Letter")
    page.text.setPlainText("Dear {who},\n")
    page.keep.click()
    assert desk.state.tables.template.id == "letter"
    assert page.form.field("who") is not None
    assert page.remove.isEnabled()
    page.text.setPlainText("")
    page.keep.click()  # refused: nothing changes
    page.remove.click()
    assert desk.state.tables.template.id != "letter"


def test_a_table_becomes_texts(desk, tmp_path, heard):
    said = heard(desk.state.said)
    state = desk.state.tables
    desk.panel.side.show_page(TEMPLATES)
    state.choose("product-description")
    source = tmp_path / "shop.csv"
    source.write_text("x", encoding="utf-8")
    state._read(
        source,
        {"columns": ["Name", "Price"], "rows": [["Mat", "1"], ["Lamp", "2"]], "separator": ","},
    )
    page = desk.inside.templates
    assert page.told.text().startswith("2 rows, with Name. From the form: category")
    assert page.all.text() == "Write 2 texts"
    page.all.click()
    job = desk.studio.queue.last
    assert job.body["series"].startswith("list-")
    assert (desk.studio.home.series / f"{job.body['series']}.csv").is_file()
    desk.emit(Done(job=job.job))
    export = desk.studio.queue.last
    assert (export.work, export.body["target"]) == (
        "export_table",
        str(tmp_path / "shop-written.csv"),
    )
    data = {"path": str(tmp_path / "shop-written.csv"), "texts": 2, "rows": 2}
    desk.emit(Done(job=export.job, data=data))
    assert said[-1][0].startswith("2 of 2 texts written to")


def test_a_table_without_a_fitting_column(desk, tmp_path):
    state = desk.state.tables
    state.choose("recipe")
    state._read(tmp_path / "a.csv", {"columns": ["x"], "rows": [["1"]], "separator": ","})
    assert "No column" in state.told()
    assert state.rows() == 0
    assert not desk.inside.templates.all.isEnabled()


@pytest.mark.parametrize("key", [VERSIONS, INSIDE, TEMPLATES])
def test_pages_have_names_and_pills(desk, key):
    desk.type("Once")
    desk.write()
    desk.inside.pills[key].click()
    assert desk.panel.side.page() == key
    assert a11y.nameless(desk.window) == []
    desk.inside.pills[key].click()
    assert desk.panel.side.page() == ""


def test_export_of_a_text(desk, heard, tmp_path):
    said = heard(desk.state.said)
    desk.type("Once")
    desk.write()
    desk.inside.export.click()
    sheet, state = desk.inside.sheet, desk.state.text_export
    assert sheet.isVisible()
    assert "75% of it written by models" in sheet.about.text()
    assert a11y.nameless(desk.window) == []
    sheet.shown.set_open(True)
    assert "writer" in sheet.written.toPlainText()
    sheet.level.pill("bare").click()
    assert sheet.written.toPlainText() == "Nothing besides the words."
    sheet.format.pill(".docx").click()
    state.set_folder(tmp_path)
    sheet.go.click()
    job = desk.studio.queue.last
    document = desk.state.writing.documents.current
    assert desk.studio.documents.path(document.id).is_file()
    assert (job.work, job.body["ext"], job.body["span"]) == ("export_text", ".docx", None)
    assert not sheet.isVisible()
    desk.emit(Done(job=job.job, data={"paths": [str(tmp_path / "Once.docx")]}))
    assert "Once.docx" in said[-1][0]
    assert state.snapshot() == {"ext": ".docx", "level": "bare", "folder": str(tmp_path)}


def test_export_of_a_selection(desk):
    desk.type("😀 Once upon")
    desk.edit.select(3, 7)
    QTest.keyClick(desk.edit, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    sheet = desk.inside.sheet
    assert sheet.part.isChecked()
    assert sheet.part_shown().text == "Once"
    sheet.go.click()
    assert desk.studio.queue.last.body["span"] == [2, 6]
    desk.edit.select(0)
    sheet.open_for()
    assert not sheet.part.isVisible()


def test_esc_leaves_what_is_open_over_the_text(desk):
    desk.type("Once")
    desk.write()
    assert not desk.panel.cancel()
    desk.inside.sheet.open_for()
    desk.inside.find.open_bar()
    desk.edit.select(13)
    desk.inside.layer.open_at_cursor()
    for widget in (desk.inside.layer.popup(), desk.inside.sheet, desk.inside.find):
        assert widget.isVisible()
        assert desk.panel.cancel()
        assert not widget.isVisible()
    assert not desk.panel.cancel()


def test_colours_give_way_to_what_a_word_hangs_on(desk):
    desk.type("Once")
    desk.write()
    desk.inside.inside.colours.click()
    desk.inside.layer.show_weights((11, 16), [(4, 9, 1.0)])
    desk.edit.marks.lay()
    assert len(desk.edit.extraSelections()) == 2


def test_what_is_open_comes_back(desk):
    desk.type("Once")
    desk.write()
    desk.inside.pills[INSIDE].click()
    desk.inside.inside.colours.click()
    desk.state.session.save()
    again = TextPanel(desk.state)
    assert again.side.page() == INSIDE
    assert again.inside.layer.on
    again.page.counter.stop()


def test_an_empty_text_cannot_be_exported(desk):
    desk.inside.sheet.open_for()
    assert not desk.inside.sheet.go.isEnabled()


@pytest.mark.parametrize("opened", ["find", "export", "page"])
def test_the_bar_of_the_selection_gives_way_to_what_is_opened(desk, opened):
    desk.type("One fine day")
    desk.edit.select(4, 8)
    bar = desk.panel.page.selection
    bar.place()
    assert bar.isVisible()
    if opened == "find":
        QTest.keyClick(desk.edit, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert desk.inside.find.isVisible()
    elif opened == "export":
        desk.inside.export.click()
        assert desk.inside.sheet.isVisible()
    else:
        desk.inside.pills[TEMPLATES].click()
        assert desk.panel.side.page() == TEMPLATES
    assert not bar.isVisible()
    assert desk.edit.selection() == (4, 8)


def test_the_sheet_is_no_higher_for_a_folder_with_a_short_name(desk):
    desk.type("Once upon a time")
    desk.state.text_export.set_folder(Path("/a folder with a name/that takes much room"))
    desk.inside.export.click()
    before = desk.inside.sheet.height()
    desk.state.text_export.set_folder(Path("/x"))
    desk.inside.export.click()
    desk.inside.export.click()
    assert desk.inside.sheet.height() == before
