"""The small parts of the panels: action bar, bars, loader, words."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from genstudio.core.errors import BadInput
from genstudio.core.request import Request
from genstudio.ui.panels.actions import Act, ActionBar
from genstudio.ui.panels.image_ask import form_controls
from genstudio.ui.panels.image_pages import Bars, facts_of, facts_text, shares_of
from genstudio.ui.panels.pictures import Loader, of_any_file, of_place
from genstudio.ui.panels.round_words import cell_of, round_title
from genstudio.ui.state.results import Place, Round
from tests.helpers.fake_studio import MAKE, REDO, png

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
    data = {"artifact": "a0", "width": 28, "score": 0.12345678, "class": "Bag", "on": True}
    assert facts_of(data) == {"score": 0.12345678, "class": "Bag", "on": True}
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
        loader.ask(1, lambda: of_any_file(tmp_path / "a.png"))
    assert found.args == [1, None]
    loader.close()
    with pytest.raises(BadInput):
        of_any_file(tmp_path / "a.png")


def test_large_pictures_are_bounded(tmp_path):
    import numpy as np

    from genstudio.media import image

    (tmp_path / "a.png").write_bytes(image.png(np.zeros((3000, 100, 3), np.uint8)))
    assert of_any_file(tmp_path / "a.png").height() <= 2048


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


def test_a_seed_is_asked_for_where_pictures_are_drawn():
    names = [c.name for c in form_controls(MAKE.controls)]
    assert names.index("seed") < names.index("variation")
    assert form_controls(REDO.controls) == REDO.controls
    assert form_controls(form_controls(MAKE.controls)) == form_controls(MAKE.controls)
