"""The card of a dataset and the box of a plan."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from genstudio.ui.theme import theme
from genstudio.ui.widgets.data_card import GRID, DataCard, mosaic
from genstudio.ui.widgets.model_cards import HEIGHT, LOW, ModelCard, ModelCards
from genstudio.ui.widgets.plan_box import PlanBox


@pytest.fixture
def card(qtbot):
    made = DataCard()
    qtbot.addWidget(made)
    made.resize(286, made.sizeHint().height())
    made.set_data("Holiday avatars", ("4,000 pictures · captions", "", "3 skipped"), "image")
    made.show()
    return made


@pytest.fixture
def box(qtbot):
    made = PlanBox()
    qtbot.addWidget(made)
    made.resize(286, 120)
    made.show()
    return made


def plain(colour: str, side: int = 20) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


# ---- the card


def test_a_card_reads_itself_aloud(card):
    assert card.accessibleName() == "Data: Holiday avatars"
    assert card.accessibleDescription().startswith("4,000 pictures · captions. 3 skipped.")
    assert card.lines() == ("4,000 pictures · captions", "3 skipped")


def test_a_card_shows_pictures_instead_of_its_icon(card):
    before = card.grab().toImage()
    assert not card.has_pictures()
    card.set_pictures([plain("#ff0000")] * 9)
    assert card.has_pictures()
    assert card.grab().toImage() != before
    card.set_pictures([])
    assert not card.has_pictures()


def test_a_card_is_pressed_by_key_and_mouse(card, heard):
    presses = heard(card.clicked)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Space)
    assert len(presses) == 2


def test_long_words_are_cut_short(card):
    def edge() -> list[int]:
        picture = card.grab().toImage()
        return [picture.pixel(picture.width() - 6, y) for y in range(picture.height())]

    card.set_data("Short", ())
    empty = edge()
    card.set_data("A very long name of a dataset that nobody would ever choose", ())
    assert edge() == empty
    card.set_data("Short", ("a very long line about a dataset that has very much to say",))
    assert edge() == empty


@pytest.mark.parametrize(("count", "across"), [(1, 1), (3, 1), (4, 2), (8, 2), (9, 3), (12, 3)])
def test_a_mosaic_fills_as_many_places_as_it_has(count, across):
    colours = [QColor.fromHsv(n * 29 % 360, 200, 200) for n in range(count)]
    sheet = mosaic([plain(colour.name()) for colour in colours])
    side = sheet.width() // across
    assert sheet.size() == QSize(side * across, side * across)
    for number, colour in enumerate(colours[: across * across]):
        x, y = number % across * side + side // 2, number // across * side + side // 2
        assert sheet.pixelColor(x, y).name() == colour.name()


def test_a_mosaic_of_nothing_is_nothing():
    assert mosaic([]).isNull()
    assert mosaic([QImage()]).isNull()
    assert not mosaic([QImage(), plain("#00ff00")]).isNull()
    assert GRID == 3


# ---- the box


def test_a_box_begins_with_nothing(box):
    assert box.text() == ""
    for widget in (box.bar, box.advice, box.knob, box.again):
        assert not widget.isVisible()


def test_the_verdict_stands_out(box):
    box.show_words("About 58 min.", "Fits.", "good")
    assert box.text() == "Fits. About 58 min."
    assert f"#{theme().tokens.good}" in box.words.text()
    assert box.accessibleDescription() == "Fits. About 58 min."
    theme().choose("light")
    assert f"#{theme().tokens.good}" in box.words.text(), "it follows the theme"


def test_words_are_no_markup(box):
    box.show_words("a < b & <b>c</b>", "<i>No</i>", "red")
    assert box.text() == "<i>No</i> a < b & <b>c</b>"
    assert "&lt;b&gt;" in box.words.text()
    assert "<i>" not in box.words.text()


def test_a_knob_and_another_try_are_asked_for(box, heard):
    knobs, tries = heard(box.knob_wanted), heard(box.again_wanted)
    box.show_knob("Half the batch", "So that it fits")
    box.show_again(True)
    box.show_advice("Few pictures.")
    box.show_busy(True)
    box.knob.click()
    box.again.click()
    assert (len(knobs), len(tries)) == (1, 1)
    assert box.knob.accessibleName() == "Half the batch"
    assert box.advice.isVisible()
    assert box.bar.isVisible()
    assert box.text().endswith("Few pictures.")


# ---- cards without pictures


def test_cards_of_words_are_low(qtbot):
    made = ModelCards(thumbs=False)
    qtbot.addWidget(made)
    made.set_models([ModelCard("a", "Diffusion", "best pictures"), ModelCard("b", "Flow", "exact")])
    made.resize(286, 60)
    made.show()
    assert made.sizeHint().height() == LOW < HEIGHT
    assert not made.grab().toImage().isNull()
    assert made.current() == "a"
