"""The data page: what it shows when; starters; the import sheet by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from genstudio.core.dataset import Finding
from genstudio.core.errors import Problem
from genstudio.core.events import Done, Failed, Progress
from genstudio.ui.panels.data_page import DataPage
from genstudio.ui.panels.data_report import FILES_SHOWN, FileList, headline, report_facts
from genstudio.ui.state.data_words import report_of
from genstudio.ui.theme import theme
from genstudio.ui.widgets.count_bars import CountBars
from genstudio.ui.widgets.folded import Folded
from tests.helpers import a11y
from tests.helpers.fake_data import keep, row
from tests.helpers.fake_studio import preview

CTRL = Qt.KeyboardModifier.ControlModifier


def finding(level: str = "info", why: str = "", file: str = "", what: str = "x") -> dict:
    return Finding(level=level, why=why, file=file, what=what).model_dump()


REPORT = {
    "kind": "image",
    "count": 100,
    "valid_count": 5,
    "test_count": 10,
    "size": 64,
    "channels": 3,
    "classes": ["apple", "pear"],
    "class_counts": {"apple": 70, "pear": 40},
    "captions": 12,
    "skipped": 3,
    "skipped_by": {"broken": 2, "duplicate": 1},
    "near": 4,
    "findings": [
        finding("skipped", "broken", "a.png", "ends too early"),
        finding("skipped", "duplicate", "b.png", "is c.png"),
        finding("personal", "mail address", "captions.jsonl", "m… (12 characters)"),
        finding("warning", what="classes differ a lot in size"),
        finding("info", what="captions come from captions.jsonl"),
    ],
    "personal": {"mail address": 1},
    "licence": "MIT",
    "attribution": "somebody",
    "examples": [{"name": "a.png", "caption": "", "class": "apple"}],
    "bytes": 5_000_000,
    "suggested_name": "fruits",
    "suggested_title": "Fruits",
}


@pytest.fixture
def page(everything):
    return everything.shown(DataPage(everything.state), 884, 700)


@pytest.fixture
def sheet(page, state, studio, qapp):
    """The sheet with a look under way; `report(**facts)` ends it."""
    state.data.look(["/x/fruits"])

    def report(**facts) -> None:
        job = studio.queue.last.job
        state.data.on_event(preview(job, 0))
        state.data.on_event(Done(job=job, data=REPORT | facts))
        qapp.processEvents()  # what was put into a layout is shown in the next turn

    return SimpleNamespace(view=page.sheet, report=report, about=page.sheet.about)


def words_of(widget) -> str:
    """Everything that can be read on it now."""
    from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit

    shown = [w for w in widget.findChildren(QLabel) if w.isVisible()]
    shown += [w for w in widget.findChildren(QAbstractButton) if w.isVisible()]
    texts = [w.text() for w in shown]
    texts += [w.toPlainText() for w in widget.findChildren(QPlainTextEdit) if w.isVisible()]
    return "\n".join(texts)


# ---- which page


def test_without_data_it_offers_ways_to_begin(page, state):
    assert page.page == "new"
    assert set(page.new.cards) == {s.name for s in state.data.starters()}
    assert page.new.cards, "the program ships with starters"
    assert not page.new.back.isVisible()
    assert page.cancel() is False


def test_it_follows_the_mode(page, state, studio):
    state.data.look(["/x/fruits"])
    assert page.page == "import"
    assert page.cancel() is False, "the window stops the look"
    keep(studio.home, "fruits", 3)
    studio.data_looker.rows["fruits"] = [row(n) for n in range(3)]
    state.data.refresh()
    state.data.choose("fruits")
    assert page.page == "browse"
    state.data.open_new()
    assert page.page == "new"
    assert page.cancel()
    assert page.page == "browse"


def test_a_dataset_is_read_only_while_it_is_in_sight(page, state, studio, qtbot):
    keep(studio.home, "fruits", 3)
    studio.data_looker.rows["fruits"] = [row(n) for n in range(3)]
    page.hide()
    state.data.refresh()
    assert studio.data_looker.asked == []
    page.show()
    qtbot.waitUntil(lambda: len(state.data.browsing.rows) == 3, timeout=5000)


def test_escape_leaves_a_report_and_stops_nothing_else(sheet, page, state, studio):
    sheet.report()
    assert page.cancel()
    assert page.page == "new"
    assert studio.queue.cancelled == []


# ---- starters


def test_a_starter_is_one_click(page, state, studio):
    name, card = next(iter(page.new.cards.items()))
    assert card.starter.licence in words_of(card)
    assert "pictures" in words_of(card)
    QTest.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert studio.queue.last.body == {"name": name}
    assert card.button.text() == "Adding…"
    assert not card.button.isEnabled()
    assert card.bar.isVisible()
    state.data.on_event(Progress(job=studio.queue.last.job, done=1, total=2))
    assert card.bar.value() == 500
    keep(studio.home, name, 3)
    studio.data_looker.rows[name] = [row(n) for n in range(3)]
    state.data.on_event(Done(job=studio.queue.last.job, data={"dataset": name}))
    assert page.page == "browse"
    state.data.open_new()
    assert card.button.text() == "Open"
    assert page.new.back.text() == f"Back to {name.capitalize()}"
    card.button.click()
    assert page.page == "browse"


def test_starters_follow_the_theme(page):
    card = next(iter(page.new.cards.values()))
    assert not card.picture.pixmap().isNull()
    theme().choose("light")
    assert not card.picture.pixmap().isNull()


def test_datasets_that_cannot_be_used_are_named(page, state, studio):
    keep(studio.home, "fruits", 3)
    (studio.home.datasets / "fruits" / "dataset.json").write_text("{")
    state.data.refresh()
    assert "Cannot be used: dataset.json" in page.new.broken.text()


def test_an_import_under_way_can_be_gone_back_to(page, state):
    state.data.look(["/x/fruits"])
    state.data.open_new()
    assert page.new.under_way.text() == "Show fruits"
    page.new.under_way.click()
    assert page.page == "import"


def test_what_is_dropped_on_the_page_is_looked_at(page, studio):
    page.new.area.dropped.emit(["/x/fruits"])
    assert studio.queue.last.body == {"path": "/x/fruits"}
    assert page.page == "import"


# ---- the sheet


def test_while_it_looks_it_says_how_far_it_is(sheet, state, studio):
    view, job = sheet.view, studio.queue.last.job
    assert view.head.text() == "Add fruits as data"
    assert not view.add.isEnabled()
    state.data.on_event(Progress(job=job, done=1, total=0, text="reading names"))
    assert view.report.under.text() == "Reading names: 1"
    state.data.on_event(Progress(job=job, done=3200, total=8000, text="reading pictures"))
    assert view.report.under.text() == "Reading pictures: 3,200 of 8,000"
    assert view.report.bar.value() == 400
    state.data.on_event(preview(job, 0))
    assert len(view.report.strip.shown()) == 1


def test_the_report_says_everything_before_anything_is_added(sheet, studio):
    sheet.report()
    text = words_of(sheet.view.report)
    for said in (
        "110 pictures in 2 classes",
        "64 px at least, colour",
        "95 to learn from, 5 held out to judge by, 10 for tests",
        "5.0 MB",
        "Skipped: 3",
        "2 cannot be read",
        "1 the same as others",
        "4 pictures nearly the same as others",
        "This may be about people",
        "Mail addresses: 1",
        "Classes differ a lot in size",
        "Captions come from captions.jsonl",
    ):
        assert said in text
    bars = [b for b in sheet.view.report.findChildren(CountBars) if b.isVisible()]
    assert [b.text() for b in bars] == ["apple 70, pear 40"]
    assert sheet.view.report.strip.shown()[0].words == "apple"
    assert len(studio.queue.submitted) == 1, "nothing was added"


def test_groups_of_files_unfold(sheet):
    sheet.report()
    fold = next(
        f
        for f in sheet.view.report.findChildren(Folded)
        if "cannot be read" in f._button.text() and f.isVisible()
    )
    assert "ends too early" not in words_of(fold)
    fold.set_open(True)
    assert "a.png   ends too early" in words_of(fold)
    assert "… and 1 more" in words_of(fold), "two were counted, one was listed"


def test_lists_of_files_are_bounded(qtbot):
    many = [Finding(level="skipped", file=f"{n}.png", what="broken") for n in range(600)]
    made = FileList("Broken", many, 100)
    qtbot.addWidget(made)
    lines = made.toPlainText().splitlines()
    assert len(lines) == FILES_SHOWN + 1
    assert lines[-1] == "… and 200 more"


def test_many_classes_are_folded(sheet):
    names = [f"class {n}" for n in range(30)]
    sheet.report(classes=names, class_counts=dict.fromkeys(names, 3))
    folds = [f for f in sheet.view.report.findChildren(Folded) if f.isVisible()]
    assert any(f._button.text() == "12 more" for f in folds)


def test_what_there_is_nothing_of_is_not_shown(sheet):
    sheet.report(
        skipped=0, skipped_by={}, near=0, findings=[], personal={}, classes=[], class_counts={}
    )
    text = words_of(sheet.view.report)
    for silent in ("Skipped", "people", "class", "nearly"):
        assert silent not in text
    assert not sheet.about.near.isVisible()
    assert not sheet.about.column.isVisible()


def test_what_the_data_say_of_themselves_is_filled_in(sheet):
    sheet.report(known="Fashion-MNIST")
    about = sheet.about
    assert about.name.text() == "Fruits"
    assert (about.licence.text(), about.attribution.text()) == ("MIT", "somebody")
    assert "This is Fashion-MNIST, as published." in words_of(sheet.view.report)


def test_what_the_user_typed_meanwhile_stays(sheet):
    sheet.about.name.setText("Mine")
    sheet.about.licence.set_text("own work")
    sheet.report()
    assert sheet.about.name.text() == "Mine"
    assert sheet.about.licence.text() == "own work"


def test_adding_hands_over_the_fields(sheet, studio, state):
    sheet.report()
    about = sheet.about
    about.name.setText("My fruits")
    about.consent.set_value("nobody")
    about.place.pill("copy").click()
    assert "5.0 MB" in about.place_note.text()
    about.near.pill("skip").click()
    assert sheet.view.add.text() == "Add 106 pictures"
    sheet.view.window().activateWindow()
    sheet.view.add.setFocus()
    QTest.mouseClick(sheet.view.add, Qt.MouseButton.LeftButton)
    body = studio.queue.last.body
    assert (body["title"], body["copy"], body["near"]) == ("My fruits", True, "skip")
    assert (body["licence"], body["consent"]) == ("MIT", "nobody")
    assert sheet.view.add.text() == "Adding…"
    assert sheet.view.leave.hasFocus()
    assert not about.isEnabled()
    state.data.on_event(Progress(job=studio.queue.last.job, done=40, total=106))
    assert sheet.view.said.text() == "40 of 106"
    assert sheet.view.bar.isVisible()
    sheet.view.leave.click()
    assert studio.queue.cancelled == [studio.queue.last.job]


def test_ctrl_enter_adds_from_within_the_sheet(sheet, studio, page):
    page.activateWindow()
    sheet.about.name.setFocus()
    QTest.keyClick(sheet.about.name, Qt.Key.Key_Return, CTRL)
    assert len(studio.queue.submitted) == 1, "there is no report yet"
    sheet.report()
    QTest.keyClick(sheet.about.name, Qt.Key.Key_Return, CTRL)
    assert studio.queue.last.work == "add_dataset"
    assert sheet.view.leave.hasFocus(), "it stays in the sheet while the form is off"


def test_a_licence_of_ones_own(sheet):
    licence = sheet.about.licence
    assert not licence.words.isVisible()
    licence.choice.set_value("…")
    licence.choice.chosen.emit("…")
    assert licence.words.isVisible()
    licence.words.setText(" CC BY-NC 4.0 ")
    assert licence.text() == "CC BY-NC 4.0"
    licence.set_text("MIT")
    assert not licence.words.isVisible()
    licence.set_text("something rare")
    assert (licence.text(), licence.words.isVisible()) == ("something rare", True)


def test_a_table_asks_for_its_column(sheet, studio):
    sheet.report(kind="text", columns=["title", "story"], classes=[], count=1)
    column = sheet.about.column
    assert column.isVisible()
    assert column.value() == ""
    column.set_value("story")
    column.chosen.emit("story")
    assert studio.queue.last.body["column"] == "story"
    sheet.report(kind="text", columns=["title", "story"], count=500)
    assert column.value() == "story"
    assert sheet.view.add.text() == "Add 510 texts"


def test_texts_are_told_by_their_first_words(sheet):
    examples = [{"name": "a.txt", "caption": "", "class": "", "excerpt": "Once upon " * 30}]
    sheet.report(kind="text", examples=examples, classes=[])
    assert "a.txt   Once upon a" not in words_of(sheet.view)
    assert "a.txt   Once upon Once" in words_of(sheet.view)
    assert "…" in words_of(sheet.view.report)


def test_other_files_begin_with_an_empty_form(sheet, state):
    sheet.report()
    sheet.about.consent.set_value("nobody")
    state.data.look(["/x/other"])
    about = sheet.about
    assert (about.name.text(), about.licence.text(), about.consent.value()) == ("", "", "")


def test_a_failed_look_says_why_and_tries_again(sheet, state, studio):
    problem = Problem(what="no usable pictures were found", next_step="Add pictures.")
    state.data.on_event(Failed(job=studio.queue.last.job, problem=problem))
    text = words_of(sheet.view)
    assert "This cannot become a dataset" in text
    assert "No usable pictures were found. Add pictures." in text
    assert not sheet.view.add.isVisible()
    assert not sheet.about.isVisible()
    sheet.view.report.again.click()
    assert len(studio.queue.submitted) == 2
    assert sheet.about.isVisible()
    sheet.view.leave.click()
    assert not state.data.importing.active


def test_facts_in_words():
    report = report_of({"count": 10, "captions": 10})
    assert dict(report_facts(report))["Captions"] == "all have one"
    assert dict(report_facts(report))["Split"] == "10 to learn from"
    silent, pictures = report_of({"count": 1, "kind": "text"}), report_of({"count": 1})
    assert dict(report_facts(silent))["Captions"] == "", "texts need none"
    assert dict(report_facts(pictures))["Captions"] == "none found"
    assert headline(report_of({"count": 1, "kind": "music"})) == "1 piece"


# ---- hands and eyes


def _new(page, sheet_of) -> None:
    page.show_mode("new")


def _checking(page, sheet_of) -> None:
    sheet_of()


def _report(page, sheet_of) -> None:
    sheet_of(REPORT | {"columns": ["a", "b"]})


@pytest.mark.parametrize("scene", [_new, _checking, _report], ids=lambda s: s.__name__.strip("_"))
def test_every_control_has_a_name_and_is_reached(everything, scene, qtbot):
    state, studio = everything.state, everything.studio

    def sheet_of(report: dict | None = None) -> None:
        state.data.look([Path("/x/fruits")])
        if report:
            state.data.on_event(Done(job=studio.queue.last.job, data=report))

    window = QMainWindow()
    qtbot.addWidget(window)
    page = DataPage(state)
    window.setCentralWidget(page)
    scene(page, sheet_of)
    window.resize(884, 1100)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    try:
        assert a11y.nameless(window) == []
        assert a11y.unreachable(window) == []
        assert a11y.silent_focus(window) == []
    finally:
        window.takeCentralWidget()
