"""The chosen note and what else could have stood there."""

from __future__ import annotations

import pytest

from genstudio.ui.widgets.note_strip import SHOWN, NoteStrip


@pytest.fixture
def strip(qtbot) -> NoteStrip:
    made = NoteStrip()
    qtbot.addWidget(made)
    made.show()
    return made


def words(strip: NoteStrip) -> list[str]:
    return [pill.text() for pill in strip.pills()]


def test_the_note_stands_first_and_is_not_offered_again(strip, heard):
    taken = heard(strip.taken)
    others = [(69, "A4", 0.38), (71, "B4", 0.27), (67, "G4", 0.19)]
    strip.show_note("A4", 69, 0.38, others, "press one")
    assert words(strip) == ["A4 38 %", "B4 27 %", "G4 19 %"]
    assert strip.words.text() == "press one"
    strip.pills()[1].click()
    strip.pills()[0].click()
    assert taken == [71]
    assert strip.pills()[0].isChecked()


def test_a_few_are_enough_and_none_is_no_hint(strip):
    strip.show_note("C4", 60, 0.9, [(n, str(n), 0.01) for n in range(70, 90)], "press one")
    assert len(words(strip)) == SHOWN
    strip.show_note("C4", 60, 1.0, [], "press one")
    assert (words(strip), strip.words.text()) == (["C4 over 99 %"], "")


def test_a_note_that_nobody_asked_about_says_so(strip):
    strip.show_note("C4", 60, 1.0, [(61, "D", 0.1)], "x")
    strip.show_words("Not asked")
    assert (words(strip), strip.others(), strip.words.text()) == ([], [], "Not asked")
    strip.clear()
    assert strip.words.text() == ""
