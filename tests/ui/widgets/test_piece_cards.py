"""Drafts of music side by side."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.theme import color
from genstudio.ui.widgets.piece_cards import PieceCard, PieceCards
from tests.helpers.pieces import chorale


@pytest.fixture
def cards(qtbot) -> PieceCards:
    made = PieceCards()
    qtbot.addWidget(made)
    made.resize(700, 100)
    made.show()
    notes = chorale(bars=2).notes
    made.set_cards([PieceCard(f"Draft {n}", "9 notes", notes, (0, 3840)) for n in (1, 2, 3)], 1)
    return made


def voices(cards: PieceCards, index: int) -> set[str]:
    """Colours of voices that are seen on a card."""
    image = cards._cards[index].grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(30, 90)}
    return seen & {color(f"voice_{n}").name() for n in range(1, 5)}


def test_cards_show_the_notes_in_the_colours_of_their_tracks(cards):
    assert len(voices(cards, 0)) == 4
    cards.set_card(0, PieceCard("Draft 1", "waits"))
    assert voices(cards, 0) == set()
    assert cards.cards()[0].facts == "waits"
    assert cards._cards[0].accessibleName() == "Draft 1, waits"


def test_only_the_span_is_drawn(cards):
    high = chorale(bars=2, voices=1).notes
    cards.set_card(0, PieceCard("Draft 1", "", high, (90_000, 99_000)))
    assert voices(cards, 0) == set()


def test_a_press_and_arrow_keys_choose(cards, heard):
    chosen = heard(cards.chosen)
    cards._cards[2].click()
    assert cards.current() == 2
    QTest.keyClick(cards, Qt.Key.Key_Right)
    QTest.keyClick(cards, Qt.Key.Key_Left)
    assert chosen == [2, 1]


def test_cards_come_and_go(cards):
    cards.set_cards(cards.cards()[:1], 0)
    assert (len(cards.cards()), cards.current()) == (1, 0)
    cards.set_card(5, PieceCard("nowhere"))
    cards.set_cards([], -1)
    assert cards.current() == -1
