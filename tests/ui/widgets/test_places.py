"""Cards, drop zones, the overlay, empty places, facts, the frame of a panel."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from genstudio.ui.theme import theme
from genstudio.ui.widgets.drop_overlay import DropOverlay
from genstudio.ui.widgets.drop_zone import DropZone, local_files
from genstudio.ui.widgets.empty_state import EmptyState
from genstudio.ui.widgets.facts import FactsView
from genstudio.ui.widgets.model_cards import ModelCard, ModelCards
from genstudio.ui.widgets.panel_frame import Panel, box, line, note, title

COPY, LEFT, NONE = (
    Qt.DropAction.CopyAction,
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
)


def shown(qtbot, widget, width=300, height=200):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


def mime_of(*paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


def enter(widget, mime):
    event = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NONE)
    event.ignore()
    widget.dragEnterEvent(event)
    return event.isAccepted()


def move(widget, mime, at):
    event = QDragMoveEvent(at, COPY, mime, LEFT, NONE)
    widget.dragMoveEvent(event)
    return event.isAccepted()


def drop(widget, mime, at=None):
    widget.dropEvent(QDropEvent(at or QPointF(5, 5), COPY, mime, LEFT, NONE))


# ---- cards


@pytest.fixture
def cards(qtbot, picture):
    made = shown(qtbot, ModelCards())
    made.set_models(
        [
            ModelCard("a", "Avatars", "diffusion · text", picture(32), "makes faces"),
            ModelCard("b", "A model with a very long name", "GAN"),
            ModelCard("c", "Third", preview="/nowhere.png"),
        ]
    )
    return made


def test_cards_choose(cards, heard):
    said = heard(cards.chosen)
    assert (cards.current(), cards.ids()) == ("a", ["a", "b", "c"])
    cards._cards["b"].click()
    assert (cards.current(), said) == ("b", ["b"])
    cards.set_current("c")
    cards.set_current("nothing")
    assert (cards.current(), said) == ("c", ["b"])


def test_cards_keep_the_choice(cards):
    cards.set_current("b")
    cards.set_models([ModelCard("x", "X"), ModelCard("b", "B")])
    assert cards.current() == "b"
    cards.set_models([])
    assert cards.current() == ""


def test_cards_by_keyboard(cards, qtbot, heard):
    said = heard(cards.chosen)
    cards.activateWindow()
    qtbot.waitUntil(cards.isActiveWindow)
    cards._cards["a"].setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Down)
    QTest.keyClick(cards, Qt.Key.Key_Down)
    assert (cards.current(), said) == ("c", ["c"])


def test_cards_are_named_and_drawn(cards):
    assert cards._cards["a"].accessibleName() == "Avatars, diffusion · text"
    assert cards._cards["a"].accessibleDescription() == "makes faces"
    before = cards.grab().toImage()
    cards.set_current("b")
    assert cards.grab().toImage() != before


# ---- drop zone


@pytest.fixture
def zone(qtbot):
    return shown(qtbot, DropZone("Picture", "Drop one", (".png", ".jpg")))


def test_zone_takes_what_fits(zone, heard):
    said = heard(zone.dropped)
    assert enter(zone, mime_of("/tmp/a.PNG"))
    drop(zone, mime_of("/tmp/a.PNG"))
    assert said == [["/tmp/a.PNG"]]
    assert not enter(zone, mime_of("/tmp/a.txt"))
    assert not enter(zone, mime_of("/tmp/a.png", "/tmp/b.png"))
    assert not enter(zone, mime_of())


def test_zone_may_take_many_or_all(qtbot):
    zone = shown(qtbot, DropZone("Files", many=True))
    assert zone.accepts(["/a", "/b.xyz"])
    assert zone.sizeHint().height() < 100


def test_zone_shows_and_clears(zone, heard, picture):
    said = heard(zone.cleared)
    empty = zone.grab().toImage()
    zone.set_file("/tmp/名前.png", picture(40))
    assert (zone.path(), "名前.png" in zone.accessibleDescription()) == ("/tmp/名前.png", True)
    assert zone.grab().toImage() != empty
    button = zone.findChild(QPushButton)
    assert button.isVisible()
    button.click()
    assert (zone.path(), len(said), button.isVisible()) == ("", 1, False)


def test_zone_lights_up(zone):
    calm = zone.grab().toImage()
    enter(zone, mime_of("/tmp/a.png"))
    assert zone.grab().toImage() != calm
    zone.dragLeaveEvent(QDragLeaveEvent())
    assert zone.grab().toImage() == calm


def test_zone_opens_the_dialog(zone, heard, monkeypatch, qtbot):
    said = heard(zone.dropped)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/tmp/x.png", ""))
    QTest.keyClick(zone, Qt.Key.Key_Space)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    zone.click()
    many = shown(qtbot, DropZone("Files", many=True))
    found = heard(many.dropped)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/a", "/b"], ""))
    many.click()
    assert (said, found) == ([["/tmp/x.png"]], [["/a", "/b"]])


def test_only_local_files_count():
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png"), QUrl.fromLocalFile("/b.png")])
    assert local_files(mime) == ["/b.png"]


# ---- overlay


@dataclass
class Choice:
    key: str
    title: str
    text: str
    icon: str = "image"


CHOICES = (Choice("settings", "Use its settings", "seed 42"), Choice("input", "Use as picture", ""))


@pytest.fixture
def overlay(qtbot):
    host = shown(qtbot, QWidget(), 900, 600)
    made = DropOverlay(host)
    made.host = host
    return made


def test_overlay_says_what_will_happen_before_release(overlay, heard):
    chosen = heard(overlay.chosen)
    overlay.begin("a.png")
    assert overlay.isVisible()
    assert overlay.is_asking()
    waiting = overlay.grab().toImage()
    overlay.set_choices(CHOICES, "Made here: a.png")
    assert overlay.grab().toImage() != waiting
    assert "seed 42" in overlay.accessibleDescription()
    second = QPointF(overlay.tiles()[1].center())
    drop(overlay, mime_of("/a.png"), second)
    assert chosen == ["input"]
    assert not overlay.isVisible()


def test_letting_go_beside_the_tiles_takes_the_first(overlay, heard):
    chosen = heard(overlay.chosen)
    overlay.begin("a.png")
    overlay.set_choices(CHOICES, "a.png")
    drop(overlay, mime_of("/a.png"), QPointF(2, 2))
    assert chosen == ["settings"]


def test_letting_go_before_the_answer_waits_for_it(overlay, heard):
    chosen = heard(overlay.chosen)
    overlay.begin("a.png")
    drop(overlay, mime_of("/a.png"))
    assert chosen == []
    assert overlay.is_asking()
    overlay.set_choices(CHOICES, "a.png")
    assert chosen == ["settings"]


def test_what_nobody_can_use_is_refused(overlay, heard):
    chosen, left = heard(overlay.chosen), heard(overlay.left)
    overlay.begin("a.xyz")
    overlay.set_choices((), "a.xyz is no picture")
    assert not move(overlay, mime_of("/a.xyz"), QPoint(5, 5))
    assert overlay.words() == "a.xyz is no picture"
    drop(overlay, mime_of("/a.xyz"))
    assert (chosen, len(left)) == ([], 1)


def test_long_words_are_told_in_several_lines(overlay):
    def rows_drawn(words: str) -> int:
        overlay.begin("")
        overlay.set_choices((), "")
        bare = overlay.grab().toImage()
        overlay.set_choices((), words)
        seen, width = overlay.grab().toImage(), overlay.width()
        differs = lambda x, y: seen.pixel(x, y) != bare.pixel(x, y)  # noqa: E731
        lit = [y for y in range(seen.height()) if any(differs(x, y) for x in range(0, width, 2))]
        edge = (*range(40), *range(width - 40, width))
        assert not any(differs(x, y) for y in lit for x in edge), "cut off"
        return max(lit) - min(lit)

    assert rows_drawn("It cannot be used. " * 12) > rows_drawn("It cannot be used.") + 20


def test_what_was_refused_is_said_when_it_goes(overlay, heard):
    refused = heard(overlay.refused)
    overlay.begin("gone.mid")
    drop(overlay, mime_of("/gone.mid"))
    assert refused == [], "nothing is known of it yet"
    overlay.set_choices((), "gone.mid is not there")
    assert refused == ["gone.mid is not there"]
    overlay.begin("a.xyz")
    overlay.set_choices((), "a.xyz is no picture")
    overlay.dragLeaveEvent(QDragLeaveEvent())
    assert refused[1:] == ["a.xyz is no picture"]
    overlay.begin("a.xyz")
    overlay.set_choices((), "a.xyz is no picture")
    drop(overlay, mime_of("/a.xyz"))
    assert len(refused) == 3
    overlay.begin("a.png")
    overlay.set_choices(CHOICES, "a.png")
    overlay.dragLeaveEvent(QDragLeaveEvent())
    overlay.begin("b.xyz")
    overlay.set_choices((), "b.xyz")
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert len(refused) == 3, "who leaves it by key has read it"


def test_moving_lights_a_tile_and_leaving_hides(overlay, heard):
    left = heard(overlay.left)
    overlay.begin("a.png")
    overlay.set_choices(CHOICES, "a.png")
    first = overlay.grab().toImage()
    assert move(overlay, mime_of("/a.png"), overlay.tiles()[1].center())
    assert overlay.grab().toImage() != first
    overlay.dragLeaveEvent(QDragLeaveEvent())
    assert (overlay.isVisible(), len(left)) == (False, 1)


def test_overlay_without_a_drag(overlay, heard):
    chosen, left = heard(overlay.chosen), heard(overlay.left)
    for _ in range(4):
        overlay.begin("a.png")
        overlay.set_choices(CHOICES, "a.png")
        if not chosen:
            QTest.keyClick(overlay, Qt.Key.Key_Right)
            QTest.keyClick(overlay, Qt.Key.Key_Return)
        elif len(chosen) == 1:
            at = overlay.tiles()[0].center()
            QTest.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=at)
        elif not left:
            QTest.keyClick(overlay, Qt.Key.Key_Escape)
        else:
            QTest.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert (chosen, len(left)) == (["input", "settings"], 2)


# ---- empty places, facts, frame


def test_empty_state(qtbot, heard, picture):
    empty = shown(qtbot, EmptyState("image", "Nothing yet", "Words " * 30, "Generate"), 600, 500)
    clicked, dropped = heard(empty.clicked), heard(empty.dropped)
    empty.findChild(QPushButton).click()
    assert len(clicked) == 1
    text = next(label for label in empty.findChildren(QLabel) if "Words" in label.text())
    assert text.height() >= text.heightForWidth(text.width())
    icon = empty.grab().toImage()
    empty.set_image(picture(32))
    assert empty.grab().toImage() != icon
    theme().choose("light")
    empty.set_text("Other", "words", "")
    assert not empty.findChild(QPushButton).isVisible()
    empty.setAcceptDrops(True)
    assert enter(empty, mime_of("/a.zip"))
    drop(empty, mime_of("/a.zip"))
    assert dropped == [["/a.zip"]]


def test_facts(qtbot):
    facts = shown(qtbot, FactsView())
    facts.set_facts([("Seed", "42"), ("Prompt", ""), ("Model", "fashion <b>gan</b>")])
    assert facts.facts() == [("Seed", "42"), ("Model", "fashion <b>gan</b>")]
    facts.copy()
    assert QApplication.clipboard().text() == "Seed: 42\nModel: fashion <b>gan</b>"
    facts.set_facts([("Seed", "43")])
    assert facts.text() == "Seed: 43"
    formats = {label.textFormat() for label in facts.findChildren(QLabel) if label.text() == "43"}
    assert formats == {Qt.TextFormat.PlainText}


def test_panel_frame(qtbot):
    panel = shown(qtbot, Panel("Image", "Results"), 1000, 600)
    first, second = QLabel("first"), QLabel("second")
    assert panel.ask.add(first, "Model") is first
    panel.ask.add_stretch()
    panel.ask.set_foot(QPushButton("Generate"))
    panel.answer.add("one", second)
    panel.answer.set_content(QLabel("third"))
    assert panel.ask.width() == 320
    assert panel.answer.page() == "one"
    panel.answer.show_page("content")
    assert panel.answer.page() == "content"
    with pytest.raises(KeyError):
        panel.answer.show_page("nothing")


def test_labels_show_text_as_it_is(qtbot):
    frame, column = box(raised=True)
    qtbot.addWidget(frame)
    for widget in (title("<b>x</b>"), note("<i>y</i>"), line()):
        column.addWidget(widget)
    labels = [w for w in frame.findChildren(QLabel)]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
