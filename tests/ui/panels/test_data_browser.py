"""Looking at a dataset, filtering, editing, undoing; crop and augmentation; by mouse and keys."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from genstudio.ui.panels.data_item import facts_text
from genstudio.ui.panels.data_items import cell_words, line_of
from genstudio.ui.panels.data_page import DataPage
from genstudio.ui.state import browse_state
from genstudio.ui.state.augment_state import VARIANTS
from genstudio.ui.state.browse_state import Row
from tests.helpers import a11y
from tests.helpers.fake_data import keep, row

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def fill(studio, name: str = "fruits", count: int = 30, **changes) -> None:
    facts = {"classes": ("apple", "pear")} | changes.pop("facts", {})
    keep(studio.home, name, count, facts=facts, licence="MIT", sha256="ab" * 32, **changes)
    studio.data_looker.rows[name] = [
        row(n, caption=f"fruit {n}", **{"class": "apple" if n % 2 else "pear"})
        for n in range(count)
    ]


@pytest.fixture
def open_page(everything, qtbot):
    """`open_page(name)`: the page with a dataset, its first pictures there."""

    def show(name: str = "fruits") -> SimpleNamespace:
        state = everything.state.data
        state.refresh()
        page = everything.shown(DataPage(everything.state), 1000, 700)
        page.activateWindow()
        state.choose(name)

        def idle() -> None:
            busy = state.browsing._timer
            qtbot.waitUntil(lambda: not state.looks.busy and not busy.isActive(), timeout=10_000)

        idle()
        view = page.browser
        return SimpleNamespace(
            page=page, view=view, grid=view.items.grid, list=view.items.list, idle=idle, state=state
        )

    return show


@pytest.fixture
def fruits(everything, open_page):
    fill(everything.studio)
    return open_page()


@pytest.fixture
def asker(studio):
    return studio.data_looker


def press(widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifier)


def written(asker, number: int) -> dict:
    return asker.rows["fruits"][number]


# ---- the grid


def test_pictures_with_their_classes_and_captions(fruits):
    cells = fruits.grid.cells()
    assert len(cells) == 30
    assert all(cell.image is not None for cell in cells)
    assert (cells[1].badge, cells[1].label) == ("apple", "fruit 1")
    assert cells[0].name == "000.png, pear, fruit 0, held out"
    assert fruits.view.head.text() == "Fruits"
    assert fruits.view.count.text() == "30 pictures"


def test_scrolling_loads_the_next_page(everything, open_page, monkeypatch):
    monkeypatch.setattr(browse_state, "PAGE", 24)
    fill(everything.studio, count=60)
    fruits = open_page()
    assert fruits.grid.count() == 24
    fruits.grid.verticalScrollBar().setValue(fruits.grid.verticalScrollBar().maximum())
    fruits.idle()
    assert fruits.grid.count() == 48
    fruits.grid.reached_end.emit()
    fruits.idle()
    assert fruits.grid.count() == 60
    assert [cell.key for cell in fruits.grid.cells()][-1] == "59"


def test_places_are_there_before_their_pictures(everything, open_page, asker, qtbot):
    fill(everything.studio)
    everything.state.data.refresh()
    asker.gate.clear()
    page = everything.shown(DataPage(everything.state))
    assert page.browser.items.grid.count() == 30
    assert page.browser.items.grid.cell(0).image is None
    asker.gate.set()
    qtbot.waitUntil(lambda: page.browser.items.grid.cell(29).image is not None, timeout=5000)


def test_without_a_selection_it_tells_of_the_dataset(fruits):
    side = fruits.view.about_side
    assert fruits.view.sides.currentWidget() is side
    facts = dict(side.facts.facts())
    assert facts["Split"] == "28 to learn from, 2 held out (seed 0)"
    assert (facts["Licence"], facts["Hash"]) == ("MIT", "ab" * 8)
    assert side.classes.text() == "apple, pear"


def test_a_selection_is_shown_beside_the_grid(fruits):
    fruits.grid.select([1])
    side = fruits.view.item_side
    assert fruits.view.sides.currentWidget() is side
    assert (side.name.text(), side.label.currentText()) == ("001.png", "apple")
    assert side.facts.text() == "16 × 16 px · held out"
    assert side.caption.toPlainText() == "fruit 1"
    assert side.used.isChecked()
    assert not side.picture.pixmap().isNull()
    fruits.grid.select([1, 2])
    assert side.name.text() == "2 pictures"
    assert side.label.currentText() == side.caption.toPlainText() == ""
    assert side.label.lineEdit().placeholderText() == "Different ones"
    assert fruits.view.count.text() == "2 selected"


# ---- filters


def test_filters_by_class_split_and_words(fruits):
    view = fruits.view
    view.label.set_value("apple")
    view.label.chosen.emit("apple")
    fruits.idle()
    assert fruits.grid.count() == 15
    view.which.pill("valid").click()
    fruits.idle()
    assert [cell.key for cell in fruits.grid.cells()] == ["0"]
    view.which.pill("all").click()
    QTest.keyClicks(view.search, "fruit 2")
    fruits.idle()
    assert fruits.grid.count() == 5
    view.search.setText("nothing like this")
    fruits.idle()
    assert view.items.currentWidget() is view.items.empty
    view.items.empty.clicked.emit()
    fruits.idle()
    assert fruits.grid.count() == 30
    assert (view.search.text(), view.label.value(), view.which.value()) == ("", "", "all")


def test_tests_are_offered_where_there_are_some(fruits, everything, open_page):
    assert not fruits.view.which.pill("test").isVisible()
    fill(everything.studio, "more", test_count=5)
    more = open_page("more")
    assert more.view.which.pill("test").isVisible()


def test_ctrl_f_goes_to_the_search_and_escape_leaves_it(fruits):
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_F, CTRL)
    assert fruits.view.search.hasFocus()
    QTest.keyClicks(fruits.view.search, "x")
    assert fruits.page.cancel()
    assert fruits.view.search.text() == ""


# ---- editing by keys


def test_delete_excludes_and_ctrl_z_takes_it_back(fruits, asker):
    fruits.grid.select([3, 4])
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_Delete)
    assert fruits.grid.cell(3).faded
    assert fruits.grid.cell(3).badge == "excluded"
    assert fruits.view.bar.button("exclude").text() == "Include"
    fruits.idle()
    assert written(asker, 3)["excluded"]
    press(fruits.grid, Qt.Key.Key_Z, CTRL)
    fruits.idle()
    assert not written(asker, 3)["excluded"]
    assert not fruits.grid.cell(3).faded
    press(fruits.grid, Qt.Key.Key_Z, CTRL | SHIFT)
    fruits.idle()
    assert written(asker, 4)["excluded"]


def test_the_same_key_includes_again(fruits, asker):
    fruits.grid.select([3])
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_X)
    fruits.idle()
    press(fruits.grid, Qt.Key.Key_X)
    fruits.idle()
    assert not written(asker, 3)["excluded"]


def test_a_class_is_typed_for_all_that_is_selected(fruits, asker):
    fruits.grid.select([0, 1])
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_L)
    line = fruits.view.item_side.label.lineEdit()
    assert fruits.view.item_side.label.hasFocus()
    QTest.keyClicks(line, "quince")
    press(line, Qt.Key.Key_Return)
    fruits.idle()
    assert [written(asker, n)["class"] for n in (0, 1, 2)] == ["quince", "quince", "pear"]
    assert fruits.grid.cell(0).badge == "quince"
    assert fruits.view.label.findData("quince") >= 0, "it can be filtered by at once"


def test_a_class_is_chosen_from_the_list(fruits, asker):
    fruits.grid.select([0])
    box = fruits.view.item_side.label
    box.setCurrentIndex(box.findData("apple"))
    box.activated.emit(box.currentIndex())
    fruits.idle()
    assert written(asker, 0)["class"] == "apple"
    box.setEditText("")
    box.lineEdit().editingFinished.emit()
    fruits.idle()
    assert written(asker, 0)["class"] == ""


def test_looking_at_a_class_does_not_change_it(fruits, asker):
    for place in (0, 1, 2):
        fruits.grid.select([place])
        fruits.view.item_side.label.lineEdit().editingFinished.emit()
        fruits.view.item_side.caption.finish()
    fruits.grid.select([0, 1])
    fruits.view.item_side.label.lineEdit().editingFinished.emit()
    fruits.view.item_side.caption.finish()
    fruits.idle()
    assert asker.works("edit_dataset") == []


def test_a_caption_is_typed(fruits, asker):
    fruits.grid.select([5])
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_T)
    caption = fruits.view.item_side.caption
    assert caption.hasFocus()
    QTest.keyClicks(caption, "a ripe fruit")
    press(caption, Qt.Key.Key_Return)
    fruits.idle()
    assert written(asker, 5)["caption"] == "a ripe fruit"
    assert fruits.grid.cell(5).label == "a ripe fruit"


def test_what_was_typed_belongs_to_what_was_selected(fruits, asker):
    fruits.grid.select([5])
    caption = fruits.view.item_side.caption
    caption.setFocus()
    caption.selectAll()
    QTest.keyClicks(caption, "typed for five")
    place = fruits.grid.visualRect(fruits.grid.model().index(7, 0)).center()
    QTest.mouseClick(fruits.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    fruits.idle()
    assert fruits.grid.selected() == [7]
    assert written(asker, 5)["caption"] == "typed for five"
    assert written(asker, 7)["caption"] == "fruit 7"


def test_the_switch_excludes(fruits, asker):
    fruits.grid.select([6])
    fruits.view.item_side.used.click()
    fruits.idle()
    assert written(asker, 6)["excluded"]
    assert fruits.view.item_side.facts.text().endswith("excluded")


def test_ctrl_a_selects_all_and_escape_none(fruits):
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_A, CTRL)
    assert fruits.view.count.text() == "30 selected"
    assert fruits.page.cancel()
    assert fruits.grid.selected() == []
    assert not fruits.page.cancel()


def test_actions_follow_what_can_be_done(fruits):
    actions = fruits.view.bar
    assert not actions.able("exclude")
    assert not actions.able("undo")
    fruits.grid.select([0])
    assert actions.able("exclude")
    fruits.view.run("exclude")
    fruits.idle()
    assert actions.able("undo")
    fruits.view.run("undo")
    fruits.idle()
    assert actions.able("redo")
    fruits.view.run("redo")
    fruits.idle()
    assert fruits.grid.cell(0).faded


def test_the_menu_of_the_right_button(fruits, monkeypatch):
    opened = []
    monkeypatch.setattr(fruits.view.bar, "open_menu", opened.append)
    fruits.view.items.menu_wanted.disconnect()
    fruits.view.items.menu_wanted.connect(fruits.view.bar.open_menu)
    fruits.grid.menu_wanted.emit(0, QPoint(3, 4))
    assert opened == [QPoint(3, 4)]


# ---- the dataset's own words


def test_name_and_licence_are_edited_in_place(fruits, asker):
    side = fruits.view.about_side
    side.edit.set_open(True)
    side.title.setText("My fruits")
    side.title.editingFinished.emit()
    side.licence.choice.set_value("CC0 1.0")
    side.licence.choice.chosen.emit("CC0 1.0")
    side.attribution.setText("me")
    side.attribution.editingFinished.emit()
    side.consent.set_value("nobody")
    side.consent.chosen.emit("nobody")
    fruits.idle()
    told = [{**b} for b in asker.works("edit_dataset")]
    assert [b["edits"] for b in told] == [[]] * 4
    values = {key: b[key] for b in told for key in b if key not in ("name", "edits")}
    assert values == {
        "title": "My fruits",
        "licence": "CC0 1.0",
        "attribution": "me",
        "consent": "nobody",
    }


def test_a_name_cannot_be_emptied_and_the_same_is_not_written(fruits, asker):
    side = fruits.view.about_side
    side.title.setText("  ")
    side.title.editingFinished.emit()
    assert side.title.text() == "Fruits"
    side.title.editingFinished.emit()
    side.licence.changed.emit()
    assert asker.works("edit_dataset") == []


def test_consent_in_other_words_is_kept(everything, open_page):
    fill(everything.studio, consent="asked them all")
    fruits = open_page()
    assert fruits.view.about_side.consent.value() == "asked them all"


def test_classes_that_few_have_are_explained(everything, open_page):
    fill(everything.studio, facts={"classes": ()})
    fruits = open_page()
    assert "once most of the data have one" in fruits.view.about_side.classes.text()
    assert fruits.view.label.isVisible()


def test_removing_and_ctrl_z(fruits, everything):
    toasts = everything.heard(everything.state.said)
    fruits.view.run("remove")
    assert fruits.page.page == "new"
    assert toasts[-1][:2] == ("Fruits was removed", "Undo")
    toasts[-1][2]()
    assert fruits.page.page == "browse"


def test_ctrl_z_without_an_edit_is_left_to_the_window(fruits, monkeypatch):
    acted = []
    window = fruits.view.window()
    window.toasts = SimpleNamespace(act_last=lambda: acted.append(1))
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_Z, CTRL)
    assert acted == [1]
    del window.toasts


def test_other_data(fruits):
    fruits.view.run("new")
    assert fruits.page.page == "new"


# ---- a closer look


def test_return_opens_large_and_arrows_step(fruits):
    fruits.grid.select([1])
    fruits.grid.setFocus()
    press(fruits.grid, Qt.Key.Key_Return)
    items = fruits.view.items
    assert items.currentWidget() is items.large
    press(items.large, Qt.Key.Key_Right)
    assert items.chosen() == [2]
    assert fruits.view.item_side.name.text() == "002.png"
    fruits.view.run("exclude")
    assert fruits.grid.cell(2).faded
    press(items.large, Qt.Key.Key_Escape)
    assert items.currentWidget() is fruits.grid
    assert fruits.grid.selected() == [2]
    items.open_place(0)
    assert fruits.page.cancel()
    assert items.currentWidget() is fruits.grid


def test_a_large_picture_is_fetched_sharp(everything, open_page, asker):
    fill(everything.studio)
    for entry in asker.rows["fruits"]:
        entry["width"] = 2000
    fruits = open_page()
    fruits.view.items.open_place(4)
    fruits.idle()
    body = asker.works("browse")[-1]
    assert (body["first"], body["count"], body["side"]) == (4, 1, 1024)
    fruits.view.items.open_place(99)
    assert fruits.view.items.chosen() == [4]


# ---- crop


def test_the_crop_is_shown_before_and_after(fruits, asker):
    view = fruits.view
    view.views.pill("fit").click()
    fruits.idle()
    assert view.sides.currentWidget() is view.fit_side
    assert view.fit.filled() == 16
    assert not view.tools.isVisible()
    view.fit_side.fit.pill("contain").click()
    fruits.idle()
    assert asker.works("edit_dataset")[-1]["fit"] == "contain"
    cropped = [b for b in asker.works("browse") if "fit" in b]
    assert cropped[-1]["fit"] == "contain"
    assert "Nothing is cut off" in view.fit_side.words.text()
    view.fit_side.sizes.pill("28").click()
    fruits.idle()
    assert [b for b in asker.works("browse") if "fit" in b][-1]["size"] == 28


def test_the_crop_begins_at_what_is_selected(fruits, asker):
    fruits.grid.select([9])
    fruits.view.show_view("fit")
    fruits.idle()
    assert [b for b in asker.works("browse") if "fit" in b][-1]["first"] == 9
    assert fruits.page.cancel()
    assert fruits.view.view == "items"


# ---- augmentation


def test_sliders_redraw_what_training_sees(fruits, asker):
    view = fruits.view
    view.show_view("augment")
    fruits.idle()
    assert view.augment.filled() == 5 * (VARIANTS + 1)
    side, form = view.augment_side, view.augment_side.form
    assert side.use.text() == "Used in training"
    assert not side.use.isEnabled()
    form.field("flip").click()
    form.changed.emit("shift", 0.2, True)
    fruits.idle()
    asked = asker.works("augment_preview")[-1]
    assert (asked["settings"]["flip"], asked["settings"]["shift"]) == (True, 0.2)
    side.again.click()
    fruits.idle()
    assert asker.works("augment_preview")[-1]["seed"] != asked["seed"]


def test_training_takes_what_was_looked_at(fruits, everything):
    view, training = fruits.view, everything.state.training
    view.show_view("augment")
    side = view.augment_side
    side.form.field("flip").click()
    side.form.changed.emit("shift", 0.25, False)
    assert side.use.text() == "Use in training"
    side.use.click()
    settings = training.settings()
    assert (settings.flip, settings.shift) == (True, 0.25)
    assert side.use.text() == "Used in training"
    side.none.click()
    assert not side.none.isEnabled()
    side.use.click()
    assert (training.settings().flip, training.settings().shift) == (False, 0.0)
    fruits.idle()


def test_the_policies_are_those_of_the_family(fruits, everything, asker):
    view, training = fruits.view, everything.state.training
    with_policy = [f for f in training.families if any(o.name == "augment" for o in f.options)]
    without = [f for f in training.families if f not in with_policy]
    training.choose_family(with_policy[0].name)
    view.show_view("augment")
    fruits.idle()
    form = view.augment_side.form
    assert [c.name for c in form.controls()][-1] == "policy"
    assert asker.works("augment_preview")[-1]["policy"], "few pictures: it is on by itself"
    form.changed.emit("policy", "off", False)
    fruits.idle()
    assert asker.works("augment_preview")[-1]["policy"] == ""
    view.augment_side.use.click()
    assert training.options()["augment"] == "off"
    training.choose_family(without[0].name)
    assert "policy" not in [c.name for c in form.controls()]
    fruits.idle()


def test_samples_are_the_selected_and_then_others(fruits, asker):
    fruits.grid.select([0])
    fruits.view.run("exclude")
    fruits.idle()
    fruits.grid.select([8])
    fruits.view.show_view("augment")
    fruits.idle()
    assert asker.works("augment_preview")[0]["rows"] == [8, 1, 2, 3, 4]


def test_another_dataset_begins_with_its_pictures(fruits, everything):
    fruits.view.show_view("augment")
    fill(everything.studio, "more", count=4)
    everything.state.data.refresh()
    everything.state.data.choose("more")
    fruits.idle()
    assert fruits.view.view == "items"
    assert fruits.grid.count() == 4


# ---- texts, music, sounds


@pytest.fixture
def tales(everything, open_page):
    keep(everything.studio.home, "tales", 12, kind="text", facts={"size": 0, "channels": 0})
    everything.studio.data_looker.rows["tales"] = [
        row(n, name=f"tale {n}.txt", excerpt="Once upon a time", length=1200) for n in range(12)
    ]
    return open_page("tales")


def test_texts_are_a_list_with_excerpts(tales):
    view = tales.view
    assert view.items.currentWidget() is tales.list
    line = tales.list.line(3)
    assert (line.name, line.facts) == ("tale 3.txt", "1,200 letters")
    assert line.text == "Once upon a time"
    assert not view.views.isVisible(), "there is nothing to crop"
    tales.list.select([3])
    assert view.item_side.excerpt.text() == "Once upon a time"
    assert not view.item_side.picture.isVisible()


def test_texts_are_excluded_and_classed_as_pictures_are(tales, asker):
    tales.list.select([3])
    tales.list.setFocus()
    press(tales.list, Qt.Key.Key_Delete)
    tales.idle()
    assert tales.list.line(3).faded
    assert asker.rows["tales"][3]["excluded"]
    press(tales.list, Qt.Key.Key_Z, CTRL)
    tales.idle()
    assert not tales.list.line(3).faded
    press(tales.list, Qt.Key.Key_Return)
    assert tales.view.items.currentWidget() is tales.list


def test_long_lists_come_page_by_page(everything, open_page, monkeypatch):
    monkeypatch.setattr(browse_state, "LINES_PAGE", 10)
    keep(everything.studio.home, "tales", 25, kind="sound", facts={"size": 0, "channels": 0})
    everything.studio.data_looker.rows["tales"] = [row(n, length=0.5) for n in range(25)]
    tales = open_page("tales")
    assert tales.list.count() == 10
    for _ in range(3):
        tales.list.reached_end.emit()
        tales.idle()
    assert tales.list.count() == 25
    assert tales.list.line(24).facts == "0.5 s"


@pytest.mark.parametrize(
    ("found", "badge", "label"),
    [
        (Row(1, "a.png"), "", "a.png"),
        (Row(1, "a.png", "x", "cat"), "cat", "x"),
        (Row(1, "a.png", "x", "cat", excluded=True), "excluded", "x"),
    ],
)
def test_words_of_a_place(found, badge, label):
    words = cell_words(found)
    assert (words["badge"], words["label"]) == (badge, label)
    assert words["faded"] is found.excluded


def test_words_of_a_line():
    line = line_of(Row(1, "a.mid", "", "bach", "test", True, length=40), "music")
    assert line.facts == "bach · 40 notes · test · excluded"
    assert facts_text(Row(1, length=3, split="test"), "sound") == "3.0 s · for tests"


# ---- hands and eyes


def _facts(fruits) -> None:
    fruits.view.about_side.edit.set_open(True)


def _item(fruits) -> None:
    fruits.grid.select([1])


def _crop(fruits) -> None:
    fruits.view.show_view("fit")


def _augment(fruits) -> None:
    fruits.view.show_view("augment")


@pytest.mark.parametrize(
    "scene", [_facts, _item, _crop, _augment], ids=lambda s: s.__name__.strip("_")
)
def test_every_control_has_a_name_and_is_reached(fruits, scene, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1000, 900)
    window.setCentralWidget(fruits.page)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    scene(fruits)
    fruits.idle()
    try:
        assert a11y.nameless(window) == []
        assert a11y.unreachable(window) == []
        assert a11y.silent_focus(window) == []
    finally:
        window.takeCentralWidget()
