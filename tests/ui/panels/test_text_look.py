"""A text of the gallery: small as a page, large for reading."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtTest import QTest

from genstudio.core.artifact import Artifact, Provenance
from genstudio.core.request import Request
from genstudio.ui.panels import text_look
from genstudio.ui.theme import color, theme

GIVEN, WRITTEN = "Es war 😀 einmal ", "ein Wolf, שלום.\nEr heulte."


def artifact(start: int = len(GIVEN), written: int | None = len(WRITTEN)) -> Artifact:
    facts = {"start": start} if written is None else {"start": start, "written": written}
    made = Provenance(request=Request(model="tales", task="sample"), output="text", facts=facts)
    return Artifact(id="a", file="a.txt", output="text", created="2026", provenance=made)


@pytest.fixture
def look(qtbot):
    made = text_look.TextLook()
    qtbot.addWidget(made)
    return made


def inks(look) -> dict[str, str]:
    """Which characters have which colour."""
    found: dict[str, str] = {}
    cursor = QTextCursor(look.edit.document())
    while cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor):
        name = cursor.charFormat().foreground().color().name()
        found[name] = found.get(name, "") + cursor.selectedText()
        cursor.clearSelection()
    return found


def test_what_was_given_is_paler(look):
    look.show_text(GIVEN + WRITTEN, artifact())
    found = inks(look)
    assert found[color("dim").name()] == GIVEN
    assert found[color("text").name()].replace("\u2029", "\n") == WRITTEN
    assert look.about.text() == "5 words written by the model"
    assert look.edit.isReadOnly()


def test_what_stands_behind_a_gap_is_given_too(look):
    look.show_text(f"{GIVEN}one{WRITTEN}", artifact(written=3))
    assert inks(look)[color("text").name()] == "one"
    assert look.about.text() == "1 word written by the model"


def test_the_ink_follows_the_theme(look):
    look.show_text(GIVEN + WRITTEN, artifact())
    before = set(inks(look))
    other = "light" if color("text").lightness() > 128 else "dark"
    theme().choose(other)
    assert set(inks(look)) == {color("dim").name(), color("text").name()}
    assert not before & set(inks(look))


def test_escape_goes_back(look, qtbot):
    look.show_text(WRITTEN, artifact(0))
    with qtbot.waitSignal(look.closed):
        QTest.keyClick(look, Qt.Key.Key_Escape)


def test_the_excerpt_begins_shortly_before_what_was_written():
    words, (first, last) = text_look.excerpt("x" * 1000 + "new words", (1000, 1009))
    assert words[first:last] == "new words"
    assert words.startswith("…x")
    assert len(words) < text_look.GIVEN + 20
    assert text_look.excerpt("given new", (6, 9)) == ("given new", (6, 10))


def pixels(image: QImage) -> np.ndarray:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), -1).copy()


def test_a_page_shows_its_words(qtbot):
    empty = pixels(text_look.page("", (0, 0)))
    assert empty.min() == empty.max()
    drawn = pixels(text_look.page(GIVEN + WRITTEN * 40, text_look.span_of(artifact())))
    assert drawn.min() != drawn.max()
    edge = drawn[:, :10]
    assert edge.min() == edge.max()  # nothing is drawn into the margin


def test_a_text_longer_than_the_page_does_not_run_over_its_first_line(qtbot):
    words = " ".join(f"word{number}" for number in range(90))
    first = text_look.page(words[:20], (0, 20)).copy(0, 0, text_look.SIDE, 40)
    long = text_look.page(words, (0, len(words))).copy(0, 0, text_look.SIDE, 40)
    short = text_look.page(words[:120], (0, 120)).copy(0, 0, text_look.SIDE, 40)
    assert long == short
    assert long != first, "the line is longer than the few words"
