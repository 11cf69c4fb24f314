"""Cards of models: many of them fold away, the chosen one stays in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest

from genstudio.ui.theme import font
from genstudio.ui.widgets.model_cards import EDGES, USUAL, ModelCard, ModelCards, _wrap


@pytest.fixture
def cards(qtbot) -> ModelCards:
    made = ModelCards(fold=4)
    qtbot.addWidget(made)
    made.set_models([ModelCard(key, key.upper()) for key in "abcdefg"])
    made.resize(288, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def _seen(cards) -> str:
    return "".join(key for key in cards.ids() if cards._cards[key].isVisible())


def test_many_models_fold_and_the_chosen_one_stays(cards):
    assert (_seen(cards), cards.every.text()) == ("abcd", "All 7 models")
    cards.set_current("f")
    assert (_seen(cards), cards.current()) == ("abcf", "f")
    cards.set_current("b")
    assert _seen(cards) == "abcf"  # nothing jumps for a choice that is in sight


def test_all_are_shown_on_demand_until_one_is_clicked(cards, heard):
    told = heard(cards.chosen)
    QTest.mouseClick(cards.every, Qt.MouseButton.LeftButton)
    assert (_seen(cards), cards.every.text()) == ("abcdefg", "Fewer models")
    QTest.mouseClick(cards._cards["e"], Qt.MouseButton.LeftButton)
    assert (told, _seen(cards)) == (["e"], "abce")
    assert cards._cards["e"].hasFocus()


def test_arrows_walk_over_what_is_in_sight(cards, heard):
    cards.set_current("f")
    told = heard(cards.chosen)
    cards._cards["f"].setFocus()
    QTest.keyClick(cards._cards["f"], Qt.Key.Key_Up)
    assert told == ["b"]


def test_cards_of_words_are_as_high_as_the_longest_title_needs(qtbot):
    cards = ModelCards(thumbs=False)
    qtbot.addWidget(cards)
    short = ModelCard("a", "Stories", "Transformer")
    cards.set_models([short])
    low = cards._cards["a"].sizeHint().height()
    cards.set_models([short, ModelCard("b", "Shakespeare, letter by letter", "LSTM")])
    heights = {card.sizeHint().height() for card in cards._cards.values()}
    assert len(heights) == 1
    assert heights.pop() > low
    assert cards._cards["b"].lines(USUAL - EDGES) == 2
    assert cards._cards["b"].lines(1000) == 1
    cards.set_models([])
    assert cards.ids() == []


def test_a_line_without_room_for_the_second_fact_tells_the_first(qapp):
    face = font(12)
    room = QFontMetrics(face).horizontalAdvance("Diffusion ·… ")
    assert _wrap("Diffusion · 28\u00a0px", face, room, 1) == ["Diffusion"]
    assert _wrap("Diffusion · 28\u00a0px", face, room, 2) == ["Diffusion ·", "28\u00a0px"]
    assert _wrap("Pixels and more pixels", face, room, 1)[0].endswith("…")


@pytest.mark.parametrize("keys", ["", "abcd"])
def test_few_models_do_not_fold(cards, keys):
    cards.set_models([ModelCard(key, key) for key in keys])
    assert _seen(cards) == keys
    assert not cards.every.isVisible()
