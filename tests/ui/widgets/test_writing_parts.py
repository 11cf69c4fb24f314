"""What the writing panel is made of: spans, places, cards of drafts, the bar, the counter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from genstudio.ui.widgets import draft_list
from genstudio.ui.widgets.draft_list import DraftCard, DraftList
from genstudio.ui.widgets.passages import joined, without
from genstudio.ui.widgets.selection_bar import SelectionBar
from genstudio.ui.widgets.text_loading import runs
from genstudio.ui.widgets.text_places import common, in_characters, in_units, parted, units, whole
from genstudio.ui.widgets.word_counter import SLICE, WordCounter

KEY = Qt.Key


# ---- spans


@pytest.mark.parametrize(
    ("place", "removed", "added", "left"),
    [
        (0, 0, 3, [(8, 13, 1), (15, 18, 2)]),
        (7, 0, 2, [(5, 7, 1), (9, 12, 1), (14, 17, 2)]),
        (10, 0, 4, [(5, 10, 1), (16, 19, 2)]),
        (7, 2, 0, [(5, 7, 1), (7, 8, 1), (10, 13, 2)]),
        (0, 20, 1, []),
        (9, 4, 0, [(5, 9, 1), (9, 11, 2)]),
        (15, 5, 5, [(5, 10, 1), (12, 15, 2)]),
    ],
)
def test_spans_move_with_an_edit_and_what_it_touches_is_nobodys(place, removed, added, left):
    assert without([(5, 10, 1), (12, 15, 2)], place, removed, added) == left


def test_neighbours_of_one_passage_are_one_span():
    assert joined([(0, 3, 1), (3, 5, 1), (5, 6, 2), (8, 9, 2), (9, 9, 3)]) == [
        (0, 5, 1),
        (5, 6, 2),
        (8, 9, 2),
    ]


# ---- places


def test_spans_in_units_and_back():
    text = "a😀b😀c"
    spans = [(0, 1, 1), (1, 2, 2), (2, 4, 3), (4, 5, 4)]
    assert in_units(text, spans) == [(0, 1, 1), (1, 3, 2), (3, 6, 3), (6, 7, 4)]
    assert in_characters(text, in_units(text, spans)) == spans
    assert in_units("äöü", [(1, 2, 9)]) == [(1, 2, 9)]
    assert (units(text), units("abc"), units("ä")) == (7, 3, 1)


def test_a_text_parted_at_units():
    assert parted("a😀b", 3, 3) == ("a😀", "b")
    assert parted("abc", 1, 2) == ("a", "c")


def test_halves_of_characters_are_mended():
    assert whole("a\ud83db") == "a\ufffdb"
    assert whole("a😀b") == "a😀b"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("abcdef", "abXYef", (2, 2)),
        ("abc", "abc", (3, 0)),
        ("", "abc", (0, 0)),
        ("aaa", "aaaa", (3, 0)),
        ("abc", "xyz", (0, 0)),
        ("xab", "ab", (0, 2)),
    ],
)
def test_what_two_texts_share_at_both_ends(one, other, shared):
    assert common(one, other) == shared


def test_a_text_is_cut_where_another_writes():
    assert list(runs("one two", [(4, 7, 2)])) == [("one ", 0), ("two", 2)]
    assert list(runs("a😀b", [(1, 3, 2)])) == [("a", 0), ("😀", 2), ("b", 0)]
    assert list(runs("ab", [(0, 9, 1)])) == [("ab", 1)]
    assert list(runs("", [])) == []


# ---- counting


def test_words_are_counted_once_the_hand_rests(qtbot, heard):
    text = ["one two  three\nfour"]
    counter = WordCounter(lambda: text[0])
    counts = heard(counter.counted)
    counter.look()
    text[0] += " five"
    counter.look()
    qtbot.waitUntil(lambda: counts == [5])
    assert counter.words == 5


def test_a_long_text_is_counted_in_slices_without_cutting_words(qtbot, heard):
    counter = WordCounter(lambda: "words " * SLICE)
    counts = heard(counter.counted)
    counter.look()
    qtbot.waitUntil(lambda: counts == [SLICE], timeout=20_000)


# ---- cards of drafts


@pytest.fixture
def drafts(qtbot):
    made = DraftList()
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.set_cards([DraftCard(f"Draft {n}", f"text {n}", "9 tokens") for n in (1, 2, 3)], 0)
    made.show()
    return made


def test_a_press_chooses_a_draft(drafts, heard):
    chosen = heard(drafts.chosen)
    drafts._cards[2].click()
    assert (chosen, drafts.current()) == ([2], 2)
    drafts.set_current(1)
    assert (chosen, drafts.current()) == ([2], 1)


def test_arrows_walk_through_the_drafts(drafts, heard):
    chosen = heard(drafts.chosen)
    drafts._cards[0].setFocus()
    QTest.keyClick(drafts, KEY.Key_Down)
    QTest.keyClick(drafts, KEY.Key_Home)
    assert chosen == [1]


def test_cards_tell_their_facts_and_grow_in_place(drafts):
    assert drafts._cards[0].accessibleName() == "Draft 1, 9 tokens"
    before = drafts._cards[1]
    drafts.set_card(1, DraftCard("Draft 2", "longer text", "12 tokens"))
    drafts.set_card(7, DraftCard("none"))
    assert drafts.cards()[1].text == "longer text"
    drafts.set_cards(drafts.cards()[:2], 1)
    assert drafts._cards[1] is before
    assert len(drafts.cards()) == 2


def test_facts_in_passing_are_not_drawn_each_time_but_words_are(drafts, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(draft_list.time, "monotonic", lambda: now[0])
    long = "word " * draft_list.LETTERS
    drafts.set_card(1, DraftCard("Draft 2", long, "12 tokens"), in_passing=True)
    drafts.set_card(1, DraftCard("Draft 2", long + "more", "13 tokens"), in_passing=True)
    assert drafts.cards()[1].facts == "12 tokens"
    drafts.set_card(1, DraftCard("Draft 2", "new words", "14 tokens"), in_passing=True)
    assert drafts.cards()[1] == DraftCard("Draft 2", "new words", "14 tokens")
    now[0] += draft_list.FACTS_SECONDS
    drafts.set_card(1, DraftCard("Draft 2", "new words", "15 tokens"), in_passing=True)
    drafts.set_card(1, DraftCard("Draft 2", "new words", "done"))
    assert drafts.cards()[1].facts == "done"


def test_cards_come_back_in_their_order(drafts, heard):
    chosen, first = heard(drafts.chosen), list(drafts._cards)
    drafts.set_cards([], 0)
    assert drafts.cards() == []
    assert not any(card.isVisible() for card in first)
    drafts.set_cards([DraftCard(f"Draft {n}") for n in (1, 2, 3, 4)], 1)
    assert drafts._cards[:3] == first
    assert all(card.isVisible() for card in drafts._cards)
    for card in drafts._cards:
        card.click()
    assert chosen == [0, 1, 2, 3]


def test_a_card_draws_its_text(drafts, qtbot):
    empty = drafts._cards[0].grab().toImage()
    drafts.set_card(0, DraftCard("Draft 1", "مرحبا 😀 many words " * 40, "9 tokens"))
    assert drafts._cards[0].grab().toImage() != empty


# ---- the bar above a selection


@pytest.fixture
def edit(qtbot):
    made = QPlainTextEdit("One fine day in spring.\n" * 30)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def select(edit, start: int, end: int) -> None:
    cursor = edit.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)


def test_the_bar_comes_when_a_selection_rests_and_lies_inside(edit, qtbot):
    bar = SelectionBar(edit)
    bar.set_able({"rewrite", "onward"})
    select(edit, 4, 8)
    assert not bar.isVisible()
    qtbot.waitUntil(bar.isVisible)
    assert edit.viewport().rect().contains(QRect(bar.pos(), bar.size()))
    assert bar.buttons["fill"].isHidden()
    assert bar.buttons["rewrite"].isVisible()
    select(edit, 4, 4)
    assert not bar.isVisible()


def test_a_press_says_what_is_wanted_and_the_bar_leaves(edit, qtbot, heard):
    bar = SelectionBar(edit)
    bar.set_able({"rewrite", "fill", "onward"})
    wanted = heard(bar.wanted)
    select(edit, 4, 8)
    qtbot.waitUntil(bar.isVisible)
    bar.buttons["fill"].click()
    assert wanted == ["fill"]
    assert not bar.isVisible()
    assert not bar.dismiss()


def test_without_a_model_or_words_there_is_no_bar(edit):
    bar = SelectionBar(edit)
    select(edit, 8, 9)
    bar.place()
    assert not bar.isVisible(), "a space is nothing to write anew"
    select(edit, 4, 8)
    bar.set_able(set())
    bar.place()
    assert not bar.isVisible()


def test_it_does_not_stay_when_the_selection_is_scrolled_away(edit):
    bar = SelectionBar(edit)
    select(edit, 4, 8)
    bar.place()
    assert bar.isVisible()
    edit.verticalScrollBar().setValue(20)
    bar.place()
    assert not bar.isVisible()
