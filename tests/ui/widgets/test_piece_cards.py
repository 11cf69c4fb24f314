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


def test_arrows_walk_from_the_card_that_has_the_focus(cards, heard):
    chosen = heard(cards.chosen)
    cards.chosen.connect(cards.set_current)
    cards.activateWindow()
    cards._cards[1].setFocus()
    QTest.keyClick(cards._cards[1], Qt.Key.Key_Right)
    assert (chosen, cards.current()) == ([2], 2)
    assert cards._cards[2].hasFocus()
    QTest.keyClick(cards._cards[2], Qt.Key.Key_Right)
    assert (chosen, cards.current()) == ([2], 2), "there is none behind"
    QTest.keyClick(cards._cards[2], Qt.Key.Key_Left)
    QTest.keyClick(cards._cards[1], Qt.Key.Key_Up)
    assert (chosen, cards.current()) == ([2, 1, 0], 0)
    QTest.keyClick(cards._cards[0], Qt.Key.Key_Left)
    assert cards.current() == 0


def test_space_chooses_the_card_that_has_the_focus(cards, heard):
    chosen = heard(cards.chosen)
    QTest.keyClick(cards._cards[2], Qt.Key.Key_Space)
    assert chosen == [2]
    assert cards.current() == 2


def test_choosing_by_program_tells_nobody(cards, heard):
    chosen = heard(cards.chosen)
    cards.set_current(2)
    assert cards.current() == 2
    for nowhere in (-1, 3):
        cards.set_current(nowhere)
        assert cards.current() == 2
    assert chosen == []


def test_a_card_that_stays_is_the_same_widget(cards):
    before = list(cards._cards)
    cards.set_cards([PieceCard("One"), PieceCard("Two", "8 notes")], 0)
    assert cards._cards == before[:2]
    assert [card.title for card in cards.cards()] == ["One", "Two"]
    assert cards._cards[0].accessibleName() == "One"
    assert cards._cards[1].accessibleName() == "Two, 8 notes"


def test_the_chosen_card_looks_chosen(cards):
    plain = cards._cards[0].grab().toImage()
    cards.set_current(0)
    assert cards._cards[0].grab().toImage() != plain
    assert [card.isChecked() for card in cards._cards] == [True, False, False]


def test_high_notes_stand_above_low_ones(cards):
    from genstudio.media.notes import notes_of

    rows = ((0, 960, 72, 80, 0), (960, 960, 48, 80, 1))
    cards.set_card(0, PieceCard("Draft", "", notes_of(rows), (0, 1920)))
    image = cards._cards[0].grab().toImage()
    places: dict[str, list[tuple[int, int]]] = {}
    for x in range(image.width()):
        for y in range(28, image.height()):
            places.setdefault(image.pixelColor(x, y).name(), []).append((x, y))
    high, low = (places[color(name).name()] for name in ("voice_1", "voice_2"))
    assert max(y for _x, y in high) < min(y for _x, y in low)
    assert max(x for x, _y in high) <= min(x for x, _y in low)


@pytest.mark.parametrize("span", [(0, 0), (1920, 0)])
def test_an_empty_span_draws_no_notes(cards, span):
    cards.set_card(0, PieceCard("Draft", "", chorale(bars=1).notes, span))
    assert voices(cards, 0) == set()
