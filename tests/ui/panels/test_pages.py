"""The small parts of the panels: action bar, bars, loader, words."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import BadInput
from genstudio.core.request import Request
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.details import DetailsSheet, facts_list
from genstudio.ui.panels.gallery_picker import GalleryPicker
from genstudio.ui.panels.image_ask import form_controls
from genstudio.ui.panels.image_pages import (
    AnimationPage,
    Bars,
    FilePage,
    ReportPage,
    card,
    facts_of,
    facts_text,
    shares_of,
)
from genstudio.ui.panels.image_single import SingleResult
from genstudio.ui.panels.pictures import Loader, frames_of, of_any_file, of_place
from genstudio.ui.panels.round_bar import RoundBar
from genstudio.ui.panels.round_words import cell_of, round_title
from genstudio.ui.state.results import Place, Round
from genstudio.ui.theme import theme
from genstudio.ui.widgets.compare_view import CompareView
from genstudio.ui.widgets.panel_frame import AnsweringArea
from tests.helpers.fake_studio import MAKE, REDO, FakeLooker, png

ACTS = (
    Act("one", "Do one thing", "star"),
    Act("two", "Do another", "export"),
    Act("hidden", "Only in the menu", shown=False),
    Act("last", "Throw away", "trash", kind="danger"),
)


@pytest.fixture
def bar(qtbot):
    done: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    made = ActionBar(ACTS, done.append, parent)
    made.keeps = parent
    made.done = done
    made.resize(700, 34)
    parent.show()
    return made


def test_what_fits_is_shown_and_the_rest_is_in_more(bar):
    assert bar.button("last").isVisible()
    bar.resize(260, 34)
    assert bar.button("one").isVisible()
    assert not bar.button("last").isVisible()
    assert [act.name for act in bar._left_over()] == ["two", "hidden", "last"]


def test_actions_run_by_name_from_button_and_menu(bar):
    bar.button("one").click()
    menu = bar.menu()
    next(a for a in menu.actions() if a.text() == "Only in the menu").trigger()
    assert bar.done == ["one", "hidden"]
    menu.deleteLater()


def test_hidden_and_unable_actions(bar):
    bar.set_able(one=False)
    bar.set_hidden({"two"})
    assert not bar.able("one")
    assert not bar.able("two")
    assert not bar.button("one").isEnabled()
    assert not bar.button("two").isVisible()
    names = [a.text() for a in bar.menu().actions() if a.text()]
    assert names == ["Do one thing", "Only in the menu", "Throw away"]
    bar.set_text("one", "Do it")
    assert bar.button("one").accessibleName() == "Do it"


def test_facts_are_words_without_what_the_gallery_added():
    data = {
        "artifact": "a0",
        "width": 28,
        "score": 0.12345678,
        "class": "Bag",
        "on": True,
        "no": "",
    }
    assert facts_of(data) == {"score": 0.12345678, "class": "Bag", "on": True, "no": ""}
    assert facts_text(data) == "Score 0.1235  ·  Class Bag"


def test_shares_stand_largest_first():
    data = {"Bag": 0.2, "Boot": 0.8, "artifact": "a0", "count": 5, "flag": True}
    assert shares_of(data) == [("Boot", 0.8), ("Bag", 0.2)]
    assert len(shares_of({f"c{i}": 0.01 for i in range(50)})) == 20


def test_bars_say_in_words_what_they_draw(qtbot):
    bars = Bars()
    qtbot.addWidget(bars)
    bars.set_shares([("Boot", 0.8), ("Bag", 0.2)])
    bars.resize(400, 80)
    assert bars.accessibleDescription() == "Boot 80.0%, Bag 20.0%"
    assert not bars.grab().isNull()


def test_pictures_are_made_beside_the_window(qtbot):
    loader = Loader()
    threads = []

    def make() -> str:
        threads.append(threading.current_thread())
        return "picture"

    with qtbot.waitSignal(loader.ready, timeout=5000) as found:
        loader.ask("key", make)
    assert found.args == ["key", "picture"]
    assert threads[0] is not threading.main_thread()
    loader.close()


def test_what_cannot_be_read_arrives_as_none(qtbot, tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    loader = Loader()
    with qtbot.waitSignal(loader.ready, timeout=5000) as found:
        loader.ask(1, lambda: of_any_file(tmp_path / "a.png", FakeLooker()))
    assert found.args == [1, None]
    loader.close()
    with pytest.raises(BadInput):
        of_any_file(tmp_path / "a.png", FakeLooker())


def test_large_pictures_are_bounded(tmp_path):
    import numpy as np

    from genstudio.media import image

    (tmp_path / "a.png").write_bytes(image.png(np.zeros((3000, 100, 3), np.uint8)))
    assert of_any_file(tmp_path / "a.png", FakeLooker()).height() <= 2048


def test_a_place_shows_its_newest_picture(tmp_path, qapp):
    file = tmp_path / "a.png"
    file.write_bytes(png(16))
    assert of_place(Place(0)) is None
    assert of_place(Place(0, picture=png(8))).width() == 8
    assert of_place(Place(0, path=file)).width() == 16
    assert of_place(Place(0, path=tmp_path / "gone.png")) is None
    assert of_place(Place(0, path=file, output="animation")) is None


def _round(**more) -> Round:
    places = [Place(i, "done" if i < 2 else "waiting") for i in range(4)]
    request = Request(model="shapes", task="make", seed=9, first=10)
    return Round(request, "Shapes · New pictures", "image", places, **more)


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({}, "2 of 4 results"),
        ({"running": False}, "2 of 4 results, stopped"),
        ({"sketch": True}, "Live preview"),
    ],
)
def test_titles_of_rounds(more, title):
    assert round_title(_round(**more)) == title


def test_single_results_carry_the_tasks_title():
    one = _round(running=False)
    one.places = one.places[:1]
    assert round_title(one) == "Shapes · New pictures"


def test_cells_can_be_read_aloud(qapp):
    shown = _round()
    shown.places[1].data = {"class": "Bag"}
    cell = cell_of(shown, shown.places[1], QImage())
    assert cell.name == "Result 2 of 4, seed 9, Class Bag"
    assert cell.label == "9 · 11"
    lost = cell_of(shown, Place(3, "lost"), None)
    assert lost.badge == "not made"


def test_what_was_stopped_on_its_way_says_so(qapp):
    shown = _round(running=False)
    for place in shown.places:
        place.state = "done"
    shown.places[2].data = {UNFINISHED: "stopped at step 9 of 20"}
    assert round_title(shown) == "3 of 4 results, stopped"
    cell = cell_of(shown, shown.places[2], QImage())
    assert cell.badge == "step 9 of 20"
    assert cell_of(shown, shown.places[1], QImage()).badge == ""


def test_a_seed_is_asked_for_where_pictures_are_drawn():
    names = [c.name for c in form_controls(MAKE.controls)]
    assert names.index("seed") < names.index("variation")
    assert form_controls(REDO.controls) == REDO.controls
    assert form_controls(form_controls(MAKE.controls)) == form_controls(MAKE.controls)


# ---- the bar over results


@pytest.fixture
def round_bar(qtbot):
    answer = AnsweringArea()
    qtbot.addWidget(answer)
    made = RoundBar(answer, answer)
    answer.resize(900, 400)
    answer.show()
    made.keeps = answer
    return made


@pytest.mark.parametrize(
    ("position", "older", "newer"),
    [((1, 1), None, None), ((1, 3), False, True), ((2, 3), True, True), ((3, 3), True, False)],
)
def test_arrows_lead_to_the_rounds_there_are(round_bar, position, older, newer):
    round_bar.show_rounds(position, close_look=False, sketch=False)
    assert round_bar.older.isVisible() == (older is not None)
    if older is not None:
        assert (round_bar.older.isEnabled(), round_bar.newer.isEnabled()) == (older, newer)


def test_a_closer_look_has_a_way_back_and_no_arrows(round_bar):
    round_bar.show_rounds((2, 3), close_look=True, sketch=False)
    assert round_bar.back.isVisible()
    assert not round_bar.older.isVisible()


def test_a_sketch_holds_the_arrows(round_bar):
    round_bar.show_rounds((2, 3), close_look=False, sketch=True)
    assert not round_bar.older.isEnabled()
    assert not round_bar.newer.isEnabled()


def test_a_caption_is_there_only_when_it_says_something(round_bar):
    round_bar.show_title("Result 1 of 4", "Score 0.2")
    assert round_bar.caption.isVisible()
    round_bar.show_title("4 results", "")
    assert not round_bar.caption.isVisible()


# ---- what stands for results that are no pictures


def test_words_are_drawn_where_there_is_no_picture(qapp):
    drawn = card(["Boot  80%", "Bag  20%"])
    assert (drawn.width(), drawn.height()) == (264, 264)
    colours = {drawn.pixel(x, y) for x in range(0, 264, 2) for y in range(0, 264, 2)}
    assert len(colours) > 2
    assert card([], 64).width() == 64


def test_cards_follow_the_theme(qapp):
    dark = card(["a"]).pixel(0, 0)
    theme().choose("light")
    assert card(["a"]).pixel(0, 0) != dark


def test_a_report_page_tells_shares_and_the_rest(qtbot, picture):
    page = ReportPage()
    qtbot.addWidget(page)
    page.show_picture(picture(32))
    assert not page.picture.pixmap().isNull()
    page.show_report({"Boot": 0.6, "Bag": 0.4, "margin": 3.5})
    assert page.head.text() == "Boot, 60% sure"
    assert page.words.text() == "Margin 3.5"
    page.show_picture(None)
    assert page.picture.pixmap().isNull()


def test_a_file_page_offers_the_export_only_when_there_is_a_file(qtbot, heard):
    page = FilePage()
    qtbot.addWidget(page)
    page.show()
    asked = heard(page.export_wanted)
    page.show_file("", "", {})
    assert page.head.text() == "Working…"
    assert not page.export.isVisible()
    page.show_file("a.latent", "86 B", {"numbers": 11})
    assert page.head.text() == "a.latent · 86 B"
    page.export.click()
    assert len(asked) == 1


# ---- details


def test_details_use_the_forms_own_words(studio):
    model = studio.library.models[0]
    request = Request(
        model="shapes",
        task="make",
        seed=3,
        values={"count": 4, "kind": "boot", "amount": 0.5, "variation": 0.0, "gone": True},
    )
    artifact = studio.gallery.make(request, 2, score=0.25)
    facts = dict(facts_list(artifact, model))
    assert facts["Model"] == "Shapes"
    assert facts["Task"] == "New pictures"
    assert facts["Number"] == "2"
    assert facts["Pictures"] == "4"
    assert facts["Amount"] == "0.5"
    assert facts["Score"] == "0.25"
    assert facts["Gone"] == "on"
    assert "Variation" not in facts


def test_details_of_a_model_that_is_gone(studio):
    artifact = studio.gallery.make(Request(model="gone", task="make", values={"count": 2}), 0)
    facts = dict(facts_list(artifact))
    assert facts["Model"] == "gone"
    assert facts["Task"] == "make"
    assert facts["Count"] == "2"
    assert facts["File"].startswith("PNG, ")


def test_what_was_drawn_is_told_and_not_what_was_asked(studio):
    request = Request(model="shapes", task="make", values={"kind": "any"})
    artifact = studio.gallery.make(request, 0, kind="boot")
    facts = facts_list(artifact, studio.library.models[0])
    assert ("Kind", "boot") in facts
    assert ("Kind", "any") not in facts


def test_the_sheet_says_so_when_nothing_is_selected(qtbot, studio, heard):
    sheet = DetailsSheet()
    qtbot.addWidget(sheet)
    sheet.show()
    closed = heard(sheet.closed)
    assert sheet.empty.isVisible()
    sheet.show_artifact(studio.gallery.make(Request(model="shapes", task="make")))
    assert sheet.facts.isVisible()
    assert not sheet.empty.isVisible()
    sheet.close_button.click()
    assert len(closed) == 1


# ---- the gallery picker


def test_the_picker_shows_recent_pictures_and_gives_one(state, studio, qtbot, heard):
    for number in range(3):
        studio.gallery.make(Request(model="shapes", task="make"), number)
    studio.gallery.make(Request(model="critic", task="judge"), 0, "report")
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    picker = GalleryPicker(state.gallery, parent)
    picked = heard(picker.picked)
    picker.open_beside(parent)
    assert picker.grid.count() == 3
    qtbot.waitUntil(lambda: all(c.image is not None for c in picker.grid.cells()), timeout=5000)
    picker.grid.opened.emit(1)
    assert picked == [str(studio.gallery.path(studio.gallery.get("a1")))]
    assert not picker.isVisible()
    picker.close_loader()


def test_an_empty_picker_says_so(state, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    picker = GalleryPicker(state.gallery, parent)
    picker.open_beside(parent)
    assert picker.nothing.isVisible()
    picker.hide()
    picker.close_loader()


# ---- one result


def test_frames_are_read_beside_the_window(tmp_path):
    import numpy as np

    from genstudio.media import animation

    frames = np.random.default_rng(0).integers(0, 255, (4, 16, 16, 3), np.uint8)
    path = tmp_path / "a.webp"
    path.write_bytes(animation.encode(frames, ".webp", 10.0, None, "bare"))
    found, fps = frames_of(path)
    assert len(found) == 4
    assert fps == pytest.approx(10, rel=0.05)
    assert found[0].width() == 16


def test_a_late_input_does_not_replace_two_compared_results(qtbot, picture, tmp_path):
    compare, report = CompareView(), ReportPage()
    file, motion = FilePage(), AnimationPage()
    for widget in (compare, report, file, motion):
        qtbot.addWidget(widget)
    compare.show()
    single = SingleResult(compare, report, file, motion, FakeLooker(), compare)
    path = tmp_path / "a.png"
    path.write_bytes(png(64))
    single.show_before_after(path, Place(0, picture=png(16)))
    single.forget()
    compare.set_images(picture(8), picture(8), "One", "Two")
    qtbot.waitUntil(lambda: single.before is not None, timeout=5000)
    assert compare.names() == ("One", "Two")
    single.close()


def test_an_input_that_is_gone_leaves_the_result_alone(qtbot, tmp_path):
    compare, report = CompareView(), ReportPage()
    file, motion = FilePage(), AnimationPage()
    for widget in (compare, report, file, motion):
        qtbot.addWidget(widget)
    single = SingleResult(compare, report, file, motion, FakeLooker(), compare)
    single.show_before_after(tmp_path / "gone.png", Place(0, picture=png(16)))
    single.close()
    assert single.before is None
    assert compare.names() == ("Before", "After")
