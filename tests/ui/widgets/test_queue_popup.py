"""Which buttons a job has in the queue, what is read aloud, and how progress is drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from genstudio.ui.widgets.queue_popup import MOST_HEIGHT, QueuePopup, QueueRow


@pytest.fixture
def popup(qtbot):
    made = QueuePopup()
    qtbot.addWidget(made)
    return made


def names(popup) -> list[str]:
    """What the buttons of the rows are called."""
    rows = popup._page.findChildren(QPushButton)
    return [button.accessibleName() for button in rows if not button.parentWidget().isHidden()]


def press(popup, name: str) -> None:
    next(b for b in popup._page.findChildren(QPushButton) if b.accessibleName() == name).click()


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("running", ["Cancel A"]),
        ("waiting", ["Cancel A"]),
        ("paused", ["Cancel A"]),
        ("failed", ["Why it failed: A", "Try again: A"]),
        ("cancelled", ["Try again: A"]),
        ("done", []),
    ],
)
def test_a_job_offers_what_makes_sense(popup, state, buttons):
    popup.set_rows([QueueRow("a", "A", state)], paused=False)
    assert names(popup) == buttons


def test_first_and_last_move_one_way_only(popup):
    popup.set_rows([QueueRow(n, n.upper(), "waiting") for n in "abc"], paused=False)
    moves = [name for name in names(popup) if name.startswith("Move")]
    assert moves == ["Move down: A", "Move up: B", "Move down: B", "Move up: C"]


def test_places_are_counted_among_those_that_wait(popup, heard):
    moved = heard(popup.move_wanted)
    states = {"r": "running", "a": "waiting", "f": "failed", "b": "paused", "c": "waiting"}
    popup.set_rows([QueueRow(n, n.upper(), s) for n, s in states.items()], paused=False)
    press(popup, "Move up: C")
    press(popup, "Move down: A")
    assert moved == [("c", 1), ("a", 1)]


@pytest.mark.parametrize(
    ("states", "able"),
    [([], False), (["running", "failed"], False), (["paused"], True), (["done", "waiting"], True)],
)
def test_only_what_waits_can_be_cleared(popup, states, able):
    popup.set_rows([QueueRow(str(n), "A", s) for n, s in enumerate(states)], paused=False)
    assert popup._clear.isEnabled() is able


def test_without_words_the_state_is_told(popup):
    popup.set_rows([QueueRow("a", "A", "waiting"), QueueRow("b", "B", "failed", "No")], False)
    assert [popup._bars[key][1].text() for key in "ab"] == ["waiting", "No"]
    assert popup._bars["b"][1].property("role") == "red"


def test_unknown_progress_becomes_known_in_place(popup):
    popup.set_rows([QueueRow("a", "A", "running")], paused=False)
    bar, text = popup._bars["a"]
    assert (bar.maximum(), bar.accessibleName()) == (0, "Progress of A")
    popup.set_rows([QueueRow("a", "A", "running", "step 1 of 4", 0.25)], paused=False)
    assert popup._bars["a"] == (bar, text)
    assert (bar.maximum(), bar.value(), text.text()) == (1000, 250, "step 1 of 4")


def test_a_job_that_ends_loses_its_bar_and_gains_its_buttons(popup):
    popup.set_rows([QueueRow("a", "A", "running", share=0.5)], paused=False)
    assert not popup._bars["a"][0].isHidden()
    popup.set_rows([QueueRow("a", "A", "failed", "No")], paused=False)
    assert popup._bars["a"][0].isHidden()
    assert names(popup) == ["Why it failed: A", "Try again: A"]


def test_the_same_order_swapped_is_drawn_anew(popup):
    rows = [QueueRow("a", "A", "waiting"), QueueRow("b", "B", "waiting")]
    popup.set_rows(rows, paused=False)
    popup.set_rows(rows[::-1], paused=False)
    assert [n for n in names(popup) if "Move" in n] == ["Move down: B", "Move up: A"]


def test_a_title_is_shown_as_it_is_written(popup):
    popup.set_rows([QueueRow("a", "<b>Boots</b>", "failed", "No <i>disk</i>")], paused=False)
    labels = popup._page.findChildren(QLabel)
    assert [label.text() for label in labels] == ["<b>Boots</b>", "No <i>disk</i>"]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "Try again: <b>Boots</b>" in names(popup)


def test_the_window_has_an_end(popup, qtbot):
    anchor = QPushButton("Queue")
    qtbot.addWidget(anchor)
    anchor.show()
    heights = []
    for count in (0, 3, 50):
        popup.set_rows([QueueRow(str(n), "A", "waiting") for n in range(count)], paused=False)
        popup.open_above(anchor)
        heights.append(popup.height())
    assert heights[0] < heights[1] < heights[2] == MOST_HEIGHT
